import sqlite3
import stat
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

import pytest

from maild.secret.private_database import DamagedError, Form, NewerError, PrivateDatabase


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    connection.execute(
        "CREATE TABLE notes (text TEXT PRIMARY KEY)" if not version else "ALTER TABLE notes ADD COLUMN at REAL"
    )


def add(connection: sqlite3.Connection, text: str) -> str:
    connection.execute("INSERT INTO notes (text) VALUES (?)", (text,))
    return text


def notes(connection: sqlite3.Connection) -> list[str]:
    return [text for (text,) in connection.execute("SELECT text FROM notes ORDER BY text")]


@pytest.fixture
def file(tmp_path: Path) -> PrivateDatabase:
    return PrivateDatabase(tmp_path / "state" / "notes.sqlite3", Form(version=1, upgrade=upgrade, is_durable=False))


def test_what_was_changed_is_there_for_the_owner_alone(file: PrivateDatabase) -> None:
    assert file.read(notes) is None
    assert file.change(lambda connection: add(connection, "one")) == "one"

    assert file.read(notes) == ["one"]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_changes_at_one_time_are_one_transaction_and_only_the_wrong_one_fails(file: PrivateDatabase) -> None:
    together = Barrier(8)

    def change(number: int) -> str:
        def step(connection: sqlite3.Connection) -> str:
            return add(connection, "same" if number < 2 else str(number))

        together.wait()
        try:
            return file.change(step)
        except sqlite3.IntegrityError as error:
            return type(error).__name__

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(change, range(8)))

    assert sorted(told) == ["2", "3", "4", "5", "6", "7", "IntegrityError", "same"]
    assert file.read(notes) == ["2", "3", "4", "5", "6", "7", "same"]


def test_those_who_wait_while_the_file_is_in_use_are_done_in_one_go(file: PrivateDatabase) -> None:
    seen: list[sqlite3.Connection] = []

    def first(connection: sqlite3.Connection) -> list[Future[None]]:
        seen.append(connection)
        running = [threads.submit(file.change, seen.append) for _ in range(3)]
        while len(file._waiting) < 3:
            Event().wait(0.001)
        return running

    with ThreadPoolExecutor(3) as threads:
        for other in file.change(first):
            other.result()

    assert seen[0] is not seen[1]
    assert seen[1] is seen[2] is seen[3]


def test_a_file_of_an_older_version_is_upgraded_by_a_change_and_read_as_it_is(file: PrivateDatabase) -> None:
    file.change(lambda connection: add(connection, "old"))
    newer = PrivateDatabase(file.path, Form(version=2, upgrade=upgrade))
    assert newer.read(notes) == ["old"]
    newer.change(lambda connection: connection.execute("UPDATE notes SET at = 1"))

    for use in (file.change, file.read):
        with pytest.raises(NewerError, match="of a newer maild"):
            use(notes)


def test_a_damaged_file_is_set_aside_unless_another_program_has_done_so(file: PrivateDatabase) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(b"no database at all, but longer than a header" * 20)
    file.path.with_name("notes.sqlite3-journal").write_text("of the damaged file")
    inode = file.path.stat().st_ino
    for use in (file.change, file.read):
        with pytest.raises(DamagedError, match="not readable") as caught:
            use(notes)
        assert caught.value.inode == inode

    assert file.set_aside(inode=inode + 1).exists() is False
    aside = file.set_aside(inode)

    assert aside.read_bytes().startswith(b"no database")
    assert not file.path.with_name("notes.sqlite3-journal").exists()
    assert file.change(notes) == []


def test_a_step_says_that_rows_cannot_be_read_and_a_lock_is_no_damage(file: PrivateDatabase) -> None:
    def step(connection: sqlite3.Connection) -> None:
        add(connection, "half")
        raise DamagedError("a row without sense")

    with pytest.raises(DamagedError, match="a row without sense") as caught:
        file.change(step)
    assert caught.value.inode == file.path.stat().st_ino
    assert file.change(notes) == []
    with closing(sqlite3.connect(file.path)) as connection:
        connection.execute("DROP TABLE notes")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        file.change(notes)
