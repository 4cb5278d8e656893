import json
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.probe.login_memory import MOST_NAMES, Credential, LoginMemory, Remembered
from maild.probe.login_policy import (
    AcceptedAt,
    BackingOff,
    LoginAccepted,
    LoginDeferred,
    LoginNotReached,
    LoginRejected,
    Suspended,
    Untried,
)
from maild.probe.login_store import LoginStore
from maild.secret import Secret
from maild.secret.private_database import DamagedError
from tests.fakes.clock import START as NOW

BILLING = Credential(host="mail.test", user="billing", secret=Secret("hunter2"))
REJECTED = LoginRejected(detail="535 no")
AT = NOW.isoformat()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "logins.sqlite3"


def test_nothing_is_known_at_first(path: Path) -> None:
    assert LoginMemory(path).recall(BILLING, now=NOW) == Remembered(state=Untried(), host_failures=())


def test_a_refusal_outlives_the_process(path: Path) -> None:
    before = LoginMemory(path).begin(BILLING, now=NOW).state
    LoginMemory(path).finish(BILLING, REJECTED, before=before, now=NOW)

    assert LoginMemory(path).recall(BILLING, now=NOW) == Remembered(
        state=Suspended(since=NOW, detail="535 no"), host_failures=(NOW,)
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(BILLING, secret=Secret("hunter3")),
        replace(BILLING, secret=None),
        replace(BILLING, user="office"),
        replace(BILLING, host="other.test"),
    ],
)
def test_another_secret_user_or_host_is_another_credential(path: Path, other: Credential) -> None:
    memory = LoginMemory(path)
    memory.note(BILLING, REJECTED, now=NOW)

    assert memory.recall(other, now=NOW).state == Untried()


def test_the_parts_of_a_credential_cannot_be_shifted_into_each_other(path: Path) -> None:
    memory = LoginMemory(path)
    memory.note(Credential(host="a", user="b", secret=Secret("c")), REJECTED, now=NOW)

    assert memory.recall(Credential(host="a", user="", secret=Secret("bc")), now=NOW).state == Untried()


def test_failures_count_for_the_whole_host_and_for_an_hour(path: Path) -> None:
    memory = LoginMemory(path)
    memory.note(BILLING, REJECTED, now=NOW)
    other = replace(BILLING, user="office")
    hour = timedelta(hours=1)

    assert memory.recall(other, now=NOW).host_failures == (NOW,)
    assert memory.recall(replace(other, host="other.test"), now=NOW).host_failures == ()
    assert memory.recall(other, now=NOW + hour).host_failures == ()


def test_a_login_that_never_ended_is_remembered_as_begun(path: Path) -> None:
    LoginMemory(path).begin(BILLING, now=NOW)

    state = LoginMemory(path).recall(BILLING, now=NOW).state
    assert isinstance(state, BackingOff)
    assert state.until == NOW + timedelta(minutes=30)


def test_a_login_that_was_not_reached_leaves_everything_as_it_was(path: Path) -> None:
    memory = LoginMemory(path)
    memory.note(BILLING, LoginAccepted(), now=NOW)
    before = memory.begin(BILLING, now=NOW).state
    after = memory.finish(BILLING, LoginNotReached(), before=before, now=NOW)

    assert after == Remembered(state=AcceptedAt(at=NOW), host_failures=())
    assert memory.recall(BILLING, now=NOW).state == AcceptedAt(at=NOW)


def test_the_pause_doubles_over_the_begun_login(path: Path) -> None:
    memory = LoginMemory(path)
    later = NOW + timedelta(hours=1)
    for now in (NOW, later):
        before = memory.begin(BILLING, now=now).state
        memory.finish(BILLING, LoginDeferred(detail="454"), before=before, now=now)

    state = memory.recall(BILLING, now=later).state
    assert state == BackingOff(until=later + timedelta(hours=1), delay=timedelta(hours=1), detail="454")


def test_the_file_is_for_its_owner_alone_and_holds_no_secret(path: Path) -> None:
    LoginMemory(path).note(BILLING, REJECTED, now=NOW)

    content = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"hunter2" not in content
    assert b"billing" not in content
    assert [file.name for file in path.parent.iterdir()] == ["logins.sqlite3"]


def test_an_unchanged_memory_is_not_written_again(path: Path) -> None:
    memory = LoginMemory(path)
    memory.recall(BILLING, now=NOW)
    before = path.read_bytes()
    memory.recall(BILLING, now=NOW + timedelta(minutes=1))

    assert path.read_bytes() == before


def test_a_login_that_may_not_be_is_not_begun(path: Path) -> None:
    memory = LoginMemory(path)
    known = memory.begin(BILLING, now=NOW, may=lambda known: known.state != Untried())

    assert known.state == memory.recall(BILLING, now=NOW).state == Untried()


def test_of_many_who_begin_at_once_one_may(path: Path) -> None:
    memories = [LoginMemory(path), LoginMemory(path)]

    def begin(number: int) -> bool:
        known = memories[number % 2].begin(BILLING, now=NOW, may=lambda known: known.state == Untried())
        return known.state == Untried()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(begin, range(8))).count(True) == 1


def test_what_an_earlier_maild_kept_is_taken_over_once(path: Path) -> None:
    memory = LoginMemory(path)
    memory.note(BILLING, REJECTED, now=NOW)
    (name,) = memory._names.values()
    assert memory._salt is not None
    salt = memory._salt.hex()
    path.unlink()
    old = path.with_name("logins.json")
    old.write_text(
        json.dumps(
            {
                "version": 1,
                "salt": salt,
                "credentials": {name: {"seen": "2026-02-01", "state": "suspended", "since": AT, "detail": "535"}},
                "failures": {"mail.test": [AT]},
            }
        )
    )

    known = LoginMemory(path).recall(BILLING, now=NOW)

    assert known == Remembered(state=Suspended(since=NOW, detail="535"), host_failures=(NOW,))
    assert not old.exists()
    assert LoginMemory(path).recall(BILLING, now=NOW) == known


def test_what_an_earlier_maild_kept_and_nobody_can_read_is_dropped(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("logins.json").write_text("{")

    assert LoginMemory(path).recall(BILLING, now=NOW) == Remembered(state=Untried(), host_failures=())


def test_credentials_nobody_asked_about_for_ninety_days_are_forgotten(path: Path) -> None:
    memory = LoginMemory(path)
    memory.note(BILLING, REJECTED, now=NOW)
    memory.recall(replace(BILLING, user="office"), now=NOW + timedelta(days=91))

    assert memory.recall(BILLING, now=NOW + timedelta(days=91)).state == Untried()


def test_a_damaged_file_is_set_aside_and_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{}" * 1000)

    known = LoginMemory(path).recall(BILLING, now=NOW)

    assert known.state == Untried()
    assert known.trouble == (
        f"The memory of logins {path} was damaged (not readable); it was set aside as logins.sqlite3.damaged."
    )
    assert path.with_name("logins.sqlite3.damaged").read_text() == "{}" * 1000
    assert LoginMemory(path).recall(BILLING, now=NOW).trouble == ""


def damage(path: Path, statement: str) -> None:
    LoginMemory(path).note(BILLING, REJECTED, now=NOW)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [("PRAGMA user_version = 2", "of a newer maild"), ("UPDATE credentials SET state = '{}'", "with an unknown state")],
)
def test_a_file_that_says_what_nobody_knows_is_set_aside_and_told(path: Path, statement: str, problem: str) -> None:
    damage(path, statement)
    memory = LoginMemory(path)

    known = memory.recall(BILLING, now=NOW)

    assert (known.state, known.is_kept) == (Untried(), True)
    assert f"was damaged ({problem})" in known.trouble
    assert memory.recall(BILLING, now=NOW).trouble == ""


def test_a_file_that_another_program_has_set_aside_meanwhile_is_left_alone(path: Path) -> None:
    LoginMemory(path).note(BILLING, REJECTED, now=NOW)

    LoginStore(path).set_aside(DamagedError("not readable", inode=1))

    assert isinstance(LoginMemory(path).recall(BILLING, now=NOW).state, Suspended)


def test_names_are_worked_out_once_and_do_not_pile_up(path: Path) -> None:
    memory = LoginMemory(path)
    memory.recall(BILLING, now=NOW)
    memory._names |= {number.to_bytes(16): "x" for number in range(MOST_NAMES - 1)}
    memory.recall(BILLING, now=NOW)
    assert len(memory._names) == MOST_NAMES

    memory.recall(replace(BILLING, user="office"), now=NOW)

    assert len(memory._names) == 1
    assert memory.recall(BILLING, now=NOW).state == Untried()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    known = LoginMemory(tmp_path / "state" / "logins.sqlite3").recall(BILLING, now=NOW)

    assert (known.state, known.is_kept) == (Untried(), False)
    assert known.trouble.startswith(f"The memory of logins {tmp_path}/state/logins.sqlite3 cannot be used: ")


def test_the_credential_never_shows_its_secret() -> None:
    assert "hunter2" not in repr(BILLING)
