import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.spool.abandoned import AGE, clear_abandoned
from maild.spool.drop.name import own_name
from maild.spool.layout import Layout, make_folders

STEM = own_name(bytes(12)).removesuffix(".eml")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    (layout.drop / "billing").mkdir()
    return layout


def later(by: timedelta = AGE + timedelta(seconds=5)) -> datetime:
    """Nobody can set a file's ctime, so it is the clock that moves."""
    return datetime.now(UTC) + by


def write(layout: Layout, *names: str) -> None:
    for name in names:
        (layout.drop / name).write_text("{}")


def there(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_an_envelope_whose_message_never_came_is_set_aside_with_the_reason(layout: Layout) -> None:
    write(layout, "a.env.json", "billing/b.env.json", "c.env.json", "c.eml")
    (layout.rejected / "a.eml.json").write_text("of an earlier one")

    assert clear_abandoned(layout, later()) == 2

    assert there(layout.drop) == ["c.eml", "c.env.json"]
    assert there(layout.rejected) == ["2-a.eml.json", "2-a.env.json", "a.eml.json", "b.eml.json", "b.env.json"]
    reason = json.loads((layout.rejected / "b.eml.json").read_text())
    assert (reason["drop"], reason["reason"], reason["state"]) == ("billing/b.eml", "no_message", "rejected")


def test_what_our_own_writers_did_not_finish_is_removed_and_nothing_of_others(layout: Layout) -> None:
    others = [".a.eml.Xy12Z9", ".maild-taken.1.2.3.x", ".maild-0.tmp", "notes.txt", ".b.env.json"]
    write(layout, f".{STEM}.tmp", f"billing/.{STEM}.env.tmp", *others)
    (layout.drop / "link.env.json").symlink_to("notes.txt")

    assert clear_abandoned(layout, later()) == 2

    assert there(layout.drop) == sorted([*others, "link.env.json"])
    assert there(layout.rejected) == []


def test_within_a_day_nothing_is_abandoned(layout: Layout) -> None:
    write(layout, "a.env.json", f".{STEM}.tmp")

    assert clear_abandoned(layout, later(AGE - timedelta(minutes=1))) == 0

    assert there(layout.drop) == [f".{STEM}.tmp", "a.env.json"]
