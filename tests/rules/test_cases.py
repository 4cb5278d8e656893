"""Each folder below cases/<code>/ holds a file and what is said of it; a new case needs no code.

`REWRITE_CASES=1 pytest tests/rules/test_cases.py` writes what is said now; then read the difference.
"""

import os
from pathlib import Path

import pytest

from maild.diagnostics.render import Style
from maild.diagnostics.render.text import render_text
from tests.rules.examine import examine

CASES = sorted(path.parent for path in (Path(__file__).parent / "cases").glob("*/*/*.yaml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_what_is_said_of_a_file(folder: Path) -> None:
    (path,) = folder.glob("*.yaml")
    expected = folder / "expected.txt"

    said = render_text(examine(path.read_bytes(), file=path.name), Style())

    if os.environ.get("REWRITE_CASES"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    assert folder.parent.name in said or folder.name.startswith("fine")
