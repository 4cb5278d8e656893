"""Remembers where the spool of a configuration folder is, at the usual place, when it is another one.

What an earlier run accepted lies in the spool, and a maild.yaml that is broken through and through does not tell any
more where that is. Shell code: one small file of JSON beside the usual spool, by configuration folder. It is a help and
nothing more: whatever is wrong with it, the daemon works as if it were not there.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 1024 * 1024


class Signpost:
    """The one of a configuration folder, beside the spool folder that is the usual one."""

    def __init__(self, usual: Path, folder: Path) -> None:
        self._usual: Final = usual
        self._path: Final = usual.parent / "spools.json"
        self._folder: Final = str(folder.absolute())

    def read(self) -> Path | None:
        """Where the spool was last; None: at the usual place, or it is not known. Blocking."""
        spool = self._all().get(self._folder)
        return None if spool is None else Path(spool)

    def point_to(self, spool: Path) -> None:
        """Remember where it is now. Blocking."""
        known = self._all()
        others = {folder: other for folder, other in known.items() if folder != self._folder}
        is_usual = os.path.realpath(spool) == os.path.realpath(self._usual)
        wanted = others if is_usual else {**others, self._folder: str(spool.absolute())}
        if wanted != known:
            with suppress(OSError):
                self._write(json.dumps(wanted, indent=1))

    def _all(self) -> Mapping[str, str]:
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(MAX_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) and all(isinstance(one, str) for one in found.values()) else {}

    def _write(self, text: str) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        fresh.replace(self._path)
