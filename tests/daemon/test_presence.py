from pathlib import Path

import pytest

from maild.daemon.presence import read_note, remove_note, write_note
from maild.spool.layout import Layout


def test_the_note_says_where_the_daemon_listens(tmp_path: Path) -> None:
    layout = Layout(tmp_path)

    write_note(layout, pid=7, places=("127.0.0.1:9725", "unix:/run/maild/web.sock"))

    assert read_note(layout) == ("127.0.0.1:9725", "unix:/run/maild/web.sock")
    assert (tmp_path / "daemon.json").stat().st_mode & 0o777 == 0o640


def test_without_a_note_nothing_is_known(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    write_note(layout, pid=7, places=("127.0.0.1:9725",))

    remove_note(layout)
    remove_note(layout)

    assert read_note(layout) == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "[", "[]", '{"listen": 3}', '{"listen": [3]}', '{"other": 1}', "\xff"])
def test_a_note_that_makes_no_sense_is_no_note(tmp_path: Path, text: str) -> None:
    (tmp_path / "daemon.json").write_text(text, encoding="latin-1")

    assert read_note(Layout(tmp_path)) == ()


def test_a_spool_that_cannot_be_written_is_not_the_notes_trouble(tmp_path: Path) -> None:
    write_note(Layout(tmp_path / "nowhere"), pid=7, places=())
