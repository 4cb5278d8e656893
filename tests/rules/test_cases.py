"""Each folder below cases/<code>/ holds a file, or all of a site's, and what is said; a new case needs no code.

`REWRITE_CASES=1 pytest tests/rules/test_cases.py` writes what is said now; then read the difference.
"""

import os
from pathlib import Path

from maild.diagnostics.render import Style
from maild.diagnostics.render.text import render_text
from tests.rows import each_row
from tests.rules.examine import examine_all

RULES = sorted((Path(__file__).parent / "cases").iterdir())


@each_row("rule", RULES)
def test_what_is_said_of_a_file(rule: Path) -> None:
    for expected in sorted(rule.glob("*/expected.txt")):
        files = {path.name: path.read_bytes() for path in sorted(expected.parent.glob("*.y*ml"))}

        said = render_text(examine_all(files), Style())

        if os.environ.get("REWRITE_CASES"):
            expected.write_text(said, encoding="utf-8")
        assert said == expected.read_text(encoding="utf-8"), expected.parent.name
        assert rule.name in said or expected.parent.name.startswith("fine")
