import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.probe.login_memory import Credential, LoginMemory, Remembered
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
from maild.secret import Secret
from tests.fakes.clock import START as NOW

BILLING = Credential(host="mail.test", user="billing", secret=Secret("hunter2"))
REJECTED = LoginRejected(detail="535 no")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "logins.json"


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

    content = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "hunter2" not in content
    assert "billing" not in content
    assert sorted(file.name for file in path.parent.iterdir()) == [".logins.json.lock", "logins.json"]


def test_an_unchanged_memory_is_not_written_again(path: Path) -> None:
    memory = LoginMemory(path)
    memory.recall(BILLING, now=NOW)
    before = path.stat().st_ino
    memory.recall(BILLING, now=NOW + timedelta(minutes=1))

    assert path.stat().st_ino == before


def test_credentials_nobody_asked_about_for_ninety_days_are_forgotten(path: Path) -> None:
    memory = LoginMemory(path)
    memory.note(BILLING, REJECTED, now=NOW)
    memory.recall(replace(BILLING, user="office"), now=NOW + timedelta(days=91))

    assert memory.recall(BILLING, now=NOW + timedelta(days=91)).state == Untried()


def test_a_damaged_file_is_set_aside_and_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{}")

    known = LoginMemory(path).recall(BILLING, now=NOW)

    assert known.state == Untried()
    assert known.trouble == (
        f"The memory of logins {path} was damaged (not readable); it was set aside as logins.json.damaged."
    )
    assert path.with_name("logins.json.damaged").read_text() == "{}"
    assert LoginMemory(path).recall(BILLING, now=NOW).trouble == ""


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    known = LoginMemory(tmp_path / "state" / "logins.json").recall(BILLING, now=NOW)

    assert (known.state, known.is_kept) == (Untried(), False)
    assert known.trouble.startswith(f"The memory of logins {tmp_path}/state/logins.json cannot be used: ")


def test_the_credential_never_shows_its_secret() -> None:
    assert "hunter2" not in repr(BILLING)
