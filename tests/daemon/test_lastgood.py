import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.daemon.earlier import Kept
from maild.daemon.lastgood import LastGoodDamagedError, LastGoodError, LastGoodStore, last_good_file

AT = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
ONE = Kept(data=b"protocol: smtp\n", digest="d1", accepted_at=AT)
TWO = Kept(data=b"\xff", digest="d2", accepted_at=AT, commit="c" * 40)


def store(root: Path, folder: str = "configs") -> LastGoodStore:
    return LastGoodStore(last_good_file(root / "spool"), root / folder)


def test_what_was_kept_is_there_for_the_next_run_until_it_is_dropped(tmp_path: Path) -> None:
    store(tmp_path).write({"accounts/a.yaml": ONE, "maild.yaml": TWO}, ())
    assert store(tmp_path).read() == {"accounts/a.yaml": ONE, "maild.yaml": TWO}

    store(tmp_path).write({"accounts/a.yaml": TWO}, {"maild.yaml", "nothing.yaml"})

    assert store(tmp_path).read() == {"accounts/a.yaml": TWO}


def test_without_a_file_nothing_was_kept(tmp_path: Path) -> None:
    assert store(tmp_path).read() == {}


def test_another_configuration_folder_on_the_same_spool_has_its_own(tmp_path: Path) -> None:
    store(tmp_path).write({"accounts/a.yaml": ONE}, ())

    assert store(tmp_path, "other").read() == {}


def test_what_a_maild_without_commits_kept_is_read_and_kept_on(tmp_path: Path) -> None:
    path = last_good_file(tmp_path / "spool")
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE last_good (folder TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, accepted_at REAL "
            "NOT NULL, content BLOB NOT NULL, PRIMARY KEY (folder, file)) WITHOUT ROWID, STRICT"
        )
        row = (str(tmp_path / "configs"), "accounts/a.yaml", ONE.digest, AT.timestamp(), ONE.data)
        connection.execute("INSERT INTO last_good VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert store(tmp_path).read() == {"accounts/a.yaml": ONE}

    store(tmp_path).write({"maild.yaml": TWO}, ())
    store(tmp_path).write({"b": TWO}, ())

    assert store(tmp_path).read() == {"accounts/a.yaml": ONE, "b": TWO, "maild.yaml": TWO}


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    store(tmp_path).write({"accounts/a.yaml": ONE}, ())

    path = last_good_file(tmp_path / "spool")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_damaged_file_or_one_of_a_newer_maild_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    path = last_good_file(tmp_path / "spool")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database, and long enough to be looked at as one" * 20)
    with pytest.raises(LastGoodDamagedError, match="is damaged"):
        store(tmp_path).read()
    assert store(tmp_path).set_aside() == path.with_name("last-good.sqlite3.damaged")
    assert store(tmp_path).read() == {}
    with pytest.raises(LastGoodError, match="cannot be renamed"):
        store(tmp_path).set_aside()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(LastGoodError, match="newer maild"):
        store(tmp_path).write({"a": ONE}, ())


def test_a_place_that_cannot_be_written_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where a folder should be")

    with pytest.raises(LastGoodError, match="cannot be made"):
        store(tmp_path).write({"a": ONE}, ())
