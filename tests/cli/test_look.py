"""On a terminal text is coloured and wrapped, elsewhere it is plain."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from maild.cli.look import output_style
from maild.diagnostics.render import Style
from tests.rows import each_row

PROGRAM = "from maild.cli.look import output_style; style = output_style(); print(style.has_color, style.width)"


def on_terminal(**environ: str) -> str:
    leader, follower = pty.openpty()
    with os.fdopen(leader, "rb", buffering=0) as screen:
        environment = {"PATH": os.defpath, "PYTHONPATH": str(Path.cwd()), "COLUMNS": "90", "TERM": "xterm", **environ}
        subprocess.run([sys.executable, "-c", PROGRAM], stdout=follower, env=environment, check=True)
        os.close(follower)
        return screen.read(100).decode().strip()


def test_a_pipe_or_file_gets_plain_text() -> None:
    assert output_style({}) == Style(has_color=False, width=None)


@each_row(
    ("environ", "expected"),
    [
        ({}, "True 90"),
        ({"NO_COLOR": "1"}, "False 90"),
        ({"TERM": "dumb"}, "False 90"),
        ({"COLUMNS": "300"}, "True 110"),
    ],
)
def test_a_terminal_gets_what_it_can_show(environ: dict[str, str], expected: str) -> None:
    assert on_terminal(**environ) == expected
