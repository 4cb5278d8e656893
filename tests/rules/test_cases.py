"""Each folder below cases/<code>/ holds a file, or all of a site's, and what is said; a new case needs no code.

`REWRITE_CASES=1 pytest tests/rules/test_cases.py` writes what is said now; then read the difference.
"""

import os
from pathlib import Path

import pytest

from maild.diagnostics.render import Style
from maild.diagnostics.render.text import render_text
from tests.rules.examine import examine_all

CASES = sorted(path.parent for path in (Path(__file__).parent / "cases").glob("*/*/expected.txt"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_what_is_said_of_a_file(folder: Path) -> None:
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.y*ml"))}
    expected = folder / "expected.txt"

    said = render_text(examine_all(files), Style())

    if os.environ.get("REWRITE_CASES"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    assert folder.parent.name in said or folder.name.startswith("fine")
