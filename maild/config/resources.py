"""Finds the schemas: inside the package where maild is installed, beside it in a checkout. Shell code."""

from functools import cache
from pathlib import Path
from typing import Final

from maild.errors import InternalError, UsageError

SCHEMA_NAMES: Final = ("account", "maild", "diagnostics", "receipt", "status", "envelope", "changes", "probe")

_PACKAGE: Final = Path(__file__).parent.parent


@cache
def schema_text(name: str) -> str:
    """The JSON Schema of a file format, as it is published.

    Raises:
        UsageError: there is no schema of this name.
        InternalError: it is not where it belongs: the installation is broken.
    """
    if name not in SCHEMA_NAMES:
        raise UsageError(f"There is no schema {name}. There are: {', '.join(SCHEMA_NAMES)}.")
    for folder in (_PACKAGE / "schemas", _PACKAGE.parent / "schemas"):
        path = folder / f"{name}.schema.json"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise InternalError(f"The schema {name} is missing from this installation.")
