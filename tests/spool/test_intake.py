import asyncio
import hashlib
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from maild.config.resources import schema_text
from maild.mail.priority import Priority
from maild.mail.report_wish import Notify, ReportWish
from maild.spool import transition
from maild.spool.drop import write_drop
from maild.spool.drop.outcome import identity_of
from maild.spool.drop.quota import UserLimits
from maild.spool.events import DropRejected, DropRepeated, DropTaken, IntakePaused, IntakeResumed, UserCrowded
from maild.spool.intake import PAUSE, IntakeLimits
from maild.spool.queue import (
    AccountSender,
    Arrival,
    MessageState,
    NullSender,
    QueuedMessage,
    QueueError,
    QueueFilter,
    QueueId,
    QueueInDoubtError,
    SourceIdentity,
    Waiting,
)
from maild.spool.sidecar import Sidecar
from maild.spool.space import SpaceLimits
from maild.spool.stream import priority_of_stream
from tests.fakes.memory_queue import MemoryQueue
from tests.spool.messages import ANNA, BERT, LIFETIME, NOW, make_arrival
from tests.spool.spool_site import MAIL, SpoolSite

RECEIPTS = Draft202012Validator(json.loads(schema_text("receipt")))


@pytest.fixture
def site(tmp_path: Path) -> SpoolSite:
    return SpoolSite(tmp_path)


# ---------------------------------------------------------------------- taking in


def test_a_drop_becomes_a_message_and_leaves_a_receipt(site: SpoolSite) -> None:
    site.drop("hello.eml")

    result = site.scan()

    (message,) = site.messages()
    now = site.clock.now()
    assert result.taken == (Waiting(id=message.id, next_at=now, stream=message.stream),)
    assert priority_of_stream(message.stream) is Priority.NORMAL
    assert result.look_again_at is None
    assert (message.sender, [one.mailbox for one in message.recipients]) == (AccountSender(), [ANNA])
    assert (message.drop, message.account, message.expires_at) == ("hello.eml", None, now + LIFETIME)
    assert site.dropped() == []
    assert site.receipt("hello.eml")["state"] == "queued"
    assert site.events == [
        DropTaken(drop="hello.eml", id=message.id, size_bytes=message.size_bytes, recipient_count=1, taken_at=now)
    ]


def test_what_is_queued_is_in_wire_form_with_date_and_message_id(site: SpoolSite) -> None:
    site.drop("hello.eml", b"To: anna@example.org\nBcc: bert@example.org\nSubject: a\n\nHello\rthere")

    site.scan()

    (message,) = site.messages()
    date = site.clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    assert message.message_id == f"<{message.id.lower()}@localhost>"
    assert (
        site.content(message)
        == (
            f"To: anna@example.org\r\nSubject: a\r\nDate: {date}\r\nMessage-ID: {message.message_id}\r\n"
            "\r\nHello\r\nthere\r\n"
        ).encode()
    )
    assert [one.mailbox for one in message.recipients] == [ANNA, BERT]


def test_a_message_id_is_of_the_senders_domain(site: SpoolSite) -> None:
    site.drop("hello.eml")

    site.scan()

    (message,) = site.messages()
    assert message.message_id == f"<{message.id.lower()}@example.com>"


def test_a_sub_folder_names_the_account(site: SpoolSite) -> None:
    site.drop("billing/hello.eml")

    site.scan()

    (message,) = site.messages()
    assert (message.account, message.drop) == ("billing", "billing/hello.eml")
    assert site.receipt("billing/hello.eml")["account"] == "billing"
    assert list((site.layout.drop / "billing").iterdir()) == []


def test_an_envelope_file_decides_and_goes_away_with_the_drop(site: SpoolSite) -> None:
    site.drop("hello.env.json", b'{"version": 1, "sender": "", "recipients": ["bert@example.org"], "account": "shop"}')
    site.drop("hello.eml", b"Bcc: anna@example.org\nSubject: a\n\nHello.\n")

    site.scan()

    (message,) = site.messages()
    assert (message.sender, message.account) == (NullSender(), "shop")
    assert [one.mailbox for one in message.recipients] == [BERT]
    assert b"anna" not in site.content(message)
    assert site.dropped() == []


def test_the_blessed_way_is_taken_at_once_with_its_envelope(site: SpoolSite) -> None:
    site.clock_is_right()
    name = write_drop(site.layout, MAIL, account="billing", envelope=Sidecar(sender=ANNA, recipients=(BERT,)))

    site.scan()

    (message,) = site.messages()
    assert (message.drop, message.account, message.sender) == (name, "billing", ANNA)
    assert list((site.layout.drop / "billing").iterdir()) == []


def test_a_large_body_is_a_file_in_wire_form(site: SpoolSite) -> None:
    line = b"x" * 99 + b"\n"
    site.drop("large.eml", b"To: anna@example.org\n\n" + line * 20_000)

    site.scan()

    (message,) = site.messages()
    (body,) = site.layout.bodies.iterdir()
    assert body.name == f"{message.id}.body"
    assert stat.S_IMODE(body.stat().st_mode) == 0o600
    assert body.read_bytes() == (b"x" * 99 + b"\r\n") * 20_000
    assert site.content(message).endswith(b"\r\n\r\n" + body.read_bytes())


def test_the_oldest_come_first_in_batches_that_grow(site: SpoolSite) -> None:
    for number in range(100):
        path = site.drop(f"{number}.eml", MAIL.replace(b"hello", b"%d" % number))
        os.utime(path, (1_700_000_000 - number, 1_700_000_000 - number))

    results = []
    for _ in range(4):
        results.append(site.scan())
        site.clock.advance(0.001)

    assert [len(result.taken) for result in results] == [8, 16, 32, 44]
    assert not any(result.look_again_at is None for result in results)
    assert site.scan().taken == ()
    order = [message.drop for message in site.messages()]
    assert order == [f"{number}.eml" for number in range(99, -1, -1)]


def test_what_is_in_the_queue_is_handed_on_before_its_drop_is_removed(site: SpoolSite) -> None:
    path = site.drop("hello.eml")
    seen: list[tuple[int, bool]] = []
    site.intake.wake = lambda waiting: seen.append((len(waiting), path.exists()))

    site.scan()

    assert seen == [(1, True)]
    assert not path.exists()


def test_a_receipt_that_was_asked_for_first_is_written_first(site: SpoolSite) -> None:
    site.drop("hello.eml")

    async def scenario() -> None:
        later: list[asyncio.Task[None]] = []

        def deliver(waiting: Sequence[Waiting]) -> None:
            del waiting
            (message,) = messages
            later.append(asyncio.get_running_loop().create_task(site.receipts.write([message])))

        messages = [replace(made, drop="hello.eml", state=MessageState.SENT, changed_at=NOW)]
        site.intake.wake = deliver
        await site.intake.scan()
        await later[0]

    made = transition.received(make_arrival())
    asyncio.run(scenario())

    assert site.receipt("hello.eml")["state"] == "sent"


def test_the_same_name_again_is_another_message(site: SpoolSite) -> None:
    for _ in range(2):
        site.drop("hello.eml")
        site.scan()
        site.clock.advance(1)

    first, second = site.messages()
    assert first.id != second.id
    assert site.receipt("hello.eml")["id"] == second.id


# ---------------------------------------------------------------------- what is not read


@pytest.mark.parametrize(
    "name",
    [
        ".hello.eml",
        "hello.eml.tmp",
        "hello.eml.part",
        "hello.eml.partial",
        "hello.eml.filepart",
        "hello.eml.crdownload",
        ".hello.eml.swp",
        "hello.eml~",
        "#hello.eml#",
        "~hello.eml",
        "__tmp__hello.eml",
        "README",
        "hello.env.json",
        "eml",
    ],
)
def test_what_is_hidden_unfinished_or_no_drop_is_never_read(site: SpoolSite, name: str) -> None:
    site.drop(name)

    result = site.scan()

    assert (result.taken, result.look_again_at) == ((), None)
    assert site.dropped() == [name]
    assert site.events == []


def test_hidden_folders_are_no_accounts(site: SpoolSite) -> None:
    site.drop(".git/hello.eml")

    assert site.scan().taken == ()


@pytest.mark.parametrize("name", ["hello.EML", "Rechnung Nr. 5 (März).eml", "請求書.eml", "a+b@c,d=e.eml"])
def test_every_name_that_can_be_seen_is_taken(site: SpoolSite, name: str) -> None:
    site.drop(name)

    assert len(site.scan().taken) == 1
    assert site.receipt(name)["drop"] == name


# ---------------------------------------------------------------------- complete before it is read


def test_a_file_that_is_still_open_waits_and_is_taken_whole(site: SpoolSite) -> None:
    with (site.layout.drop / "hello.eml").open("wb") as file:
        file.write(MAIL)
        file.flush()
        assert site.scan().taken == ()
        file.write(b"The end.\n")

    result = site.scan()

    assert len(result.taken) == 1
    assert site.content(site.messages()[0]).endswith(b"Hello.\r\nThe end.\r\n")


def test_a_copied_file_waits_until_it_is_quiet(site: SpoolSite) -> None:
    site.clock_is_right()
    site.drop("hello.eml")

    first = site.scan()
    site.clock.advance(1.1)
    second = site.scan()

    assert first.taken == ()
    assert first.look_again_at is not None
    assert timedelta(0) < first.look_again_at - site.clock.now() + timedelta(seconds=1.1) <= timedelta(seconds=1)
    assert len(second.taken) == 1


def test_a_file_seen_being_renamed_does_not_wait(site: SpoolSite) -> None:
    site.clock_is_right()
    site.drop("hello.eml")
    site.intake.note_placed("hello.eml")

    assert len(site.scan().taken) == 1


def test_a_writer_that_reopens_is_waited_for(site: SpoolSite) -> None:
    site.clock_is_right()
    path = site.drop("hello.eml")
    site.scan()
    site.clock.advance(0.9)
    with path.open("ab") as file:
        file.write(b"The end.\n")
    os.utime(path)

    site.scan()
    site.clock.advance(60)
    site.scan()

    assert site.content(site.messages()[0]).endswith(b"Hello.\r\nThe end.\r\n")


def test_half_a_header_is_waited_for_longer_than_a_whole_one(site: SpoolSite) -> None:
    site.clock_is_right()
    site.drop("half.eml", b"To: anna@example.org\nSubject: he")

    site.clock.advance(1.1)
    assert site.scan().taken == ()
    site.clock.advance(1)

    assert len(site.scan().taken) == 1


# ---------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("text.eml", b"Dear Anna,\nhow are you?\n", "no_header"),
        ("empty.eml", b"", "empty"),
        ("nul.eml", b"To: anna@example.org\n\nab\0c", "nul"),
        ("large-nul.eml", b"To: anna@example.org\n\n" + b"x" * 2_000_000 + b"\0", "nul"),
        ("nobody.eml", b"Subject: x\n\nHello.\n", "no_recipients"),
        ("bad.eml", b"To: anna\n\nHello.\n", "bad_recipient"),
    ],
)
def test_what_is_no_message_is_set_aside_untouched(site: SpoolSite, name: str, content: bytes, reason: str) -> None:
    site.drop(name, content)

    result = site.scan()

    assert (result.taken, site.messages(), site.dropped()) == ((), (), [])
    assert site.rejected() == [name, f"{name}.json"]
    assert (site.layout.rejected / name).read_bytes() == content
    (event,) = site.events
    assert isinstance(event, DropRejected)
    assert (event.drop, event.reason) == (name, reason)
    assert json.loads((site.layout.rejected / f"{name}.json").read_text()) == site.receipt(name)
    assert site.receipt(name)["state"] == "rejected"
    assert list(site.layout.bodies.iterdir()) == []


def test_nothing_is_refused_before_it_was_quiet(site: SpoolSite) -> None:
    site.clock_is_right()
    site.drop("text.eml", b"Dear Anna,\n")

    site.clock.advance(1.5)
    first = site.scan()
    site.clock.advance(0.6)
    site.scan()

    assert first.look_again_at is not None
    assert site.rejected() == ["text.eml", "text.eml.json"]


def test_an_envelope_that_cannot_be_read_refuses_the_drop(site: SpoolSite) -> None:
    site.drop("hello.env.json", b"{")
    site.drop("hello.eml")

    site.scan()

    assert site.rejected() == ["hello.eml", "hello.eml.json", "hello.env.json"]
    assert site.receipt("hello.eml")["reason"] == "bad_envelope"


def test_links_fifos_and_folders_are_set_aside_without_being_read(site: SpoolSite) -> None:
    secret = site.root / "secret"
    secret.write_bytes(MAIL)
    (site.layout.drop / "link.eml").symlink_to(secret)
    os.mkfifo(site.layout.drop / "fifo.eml")
    (site.layout.drop / "folder.eml").mkdir()

    result = site.scan()

    assert (result.taken, site.dropped()) == ((), [])
    assert (site.layout.rejected / "link.eml").is_symlink()
    assert (site.layout.rejected / "fifo.eml").is_fifo()
    assert secret.read_bytes() == MAIL
    assert [site.receipt(f"{name}.eml")["reason"] for name in ("link", "fifo", "folder")] == ["not_a_file"] * 3


def test_a_linked_envelope_file_refuses_the_drop(site: SpoolSite) -> None:
    (site.layout.drop / "hello.env.json").symlink_to("/etc/passwd")
    site.drop("hello.eml")

    site.scan()

    assert site.receipt("hello.eml")["detail"] == "its envelope file is no regular file of one name"


def test_a_file_with_a_second_name_is_set_aside(site: SpoolSite) -> None:
    other = site.root / "other"
    other.write_bytes(MAIL)
    os.link(other, site.layout.drop / "hello.eml")

    site.scan()

    assert site.receipt("hello.eml")["reason"] == "hard_link"
    assert other.read_bytes() == MAIL


def test_a_file_that_is_too_large_is_set_aside(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path, limits=IntakeLimits(max_bytes=1_000_000))
    site.drop("large.eml", MAIL + b"x" * 1_000_000)

    site.scan()

    assert site.receipt("large.eml")["detail"] == "it is larger than the 1 MB that are taken"


@pytest.mark.parametrize(
    "name", [b"caf\xe9.eml", b"a\nb.eml", b"\xe2\x80\xaelme.eml", b"-rf.eml", b"x" * 220 + b".eml"]
)
def test_names_that_cannot_be_shown_are_set_aside_under_one_that_can(site: SpoolSite, name: bytes) -> None:
    path = os.fsencode(site.layout.drop) + b"/" + name
    Path(os.fsdecode(path)).write_bytes(MAIL)

    site.scan()

    (event,) = site.events
    assert isinstance(event, DropRejected)
    assert event.reason == "bad_name"
    assert event.drop.isprintable()
    assert site.rejected() == [event.drop, f"{event.drop}.json"]
    assert site.receipt(event.drop)["reason"] == "bad_name"


def test_a_second_refusal_of_a_name_overwrites_nothing(site: SpoolSite) -> None:
    for content in (b"one", b"two"):
        site.drop("text.eml", content)
        site.scan()

    assert site.rejected() == ["2-text.eml", "2-text.eml.json", "text.eml", "text.eml.json"]


# ---------------------------------------------------------------------- trouble


def test_low_space_pauses_once_and_loses_nothing(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path, limits=IntakeLimits(space=SpaceLimits(free_bytes=2**62)))
    site.drop("hello.eml")

    results = [site.scan(), site.scan()]

    assert [result.look_again_at for result in results] == [site.clock.now() + PAUSE] * 2
    (event,) = site.events
    assert isinstance(event, IntakePaused)
    assert event.reason == "no_space"
    site.intake.limits = IntakeLimits()
    assert len(site.scan().taken) == 1
    assert site.events[1] == IntakeResumed() or site.events[2] == IntakeResumed()


def test_a_queue_that_fails_pauses_and_leaves_drops_and_no_bodies(tmp_path: Path) -> None:
    queue = MemoryQueue()
    queue.fail_with = QueueError("the disk is full")
    site = SpoolSite(tmp_path, queue=queue)
    site.drop("large.eml", MAIL + b"x" * 2_000_000)

    result = site.scan()

    assert result.taken == ()
    assert site.events == [IntakePaused(reason="queue", detail="the disk is full")]
    assert site.dropped() == ["large.eml"]
    assert list(site.layout.bodies.iterdir()) == []
    queue.fail_with = None
    assert len(site.scan().taken) == 1


@pytest.mark.parametrize("is_made", [True, False])
def test_a_commit_in_doubt_keeps_the_bodies_that_it_would_need(tmp_path: Path, *, is_made: bool) -> None:
    class Doubtful(MemoryQueue):
        """Its disk says no to the first fsync, and has it or not."""

        is_well = False

        async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
            if self.is_well:
                return await super().accept(arrivals)
            if is_made:
                await super().accept(arrivals)
            raise QueueInDoubtError("disk I/O error")

    site = SpoolSite(tmp_path, queue=(queue := Doubtful()))
    content = MAIL + b"x" * 2_000_000 + b"\n"
    site.drop("large.eml", content)

    results = [site.scan(), site.scan()]
    queue.is_well = True
    last = site.scan()

    (message,) = site.messages()
    assert [result.taken for result in results] == [(), ()]
    assert [one.id for one in last.taken] == [message.id]
    assert site.content(message).endswith(b"x" * 2_000_000 + b"\r\n")
    assert len(list(site.layout.bodies.iterdir())) == 1
    assert site.dropped() == []
    assert site.receipt("large.eml")["id"] == message.id


def test_the_receipt_of_a_drop_that_a_crash_left_is_not_overtaken_by_what_it_was(tmp_path: Path) -> None:
    class Quick(MemoryQueue):
        """While the intake looks up the message of a drop that it knows, that message is sent."""

        async def select(self, wanted: QueueFilter) -> tuple[QueuedMessage, ...]:
            found = await super().select(wanted)
            sent = [replace(message, state=MessageState.SENT) for message in found]
            self.telling = asyncio.ensure_future(here.receipts.write(sent))
            return found

    here = SpoolSite(tmp_path, queue=(queue := Quick()))
    path = here.drop("1.eml")
    here.drop("fresh.eml")

    async def scenario() -> None:
        await queue.accept([make_arrival(1, source=identity_of(path.stat()))])
        await here.intake.scan()
        await queue.telling

    asyncio.run(scenario())

    assert here.receipt("1.eml")["state"] == "sent"
    assert here.dropped() == []


def test_a_ledger_that_cannot_be_asked_leaves_no_bodies(tmp_path: Path) -> None:
    class Mute(MemoryQueue):
        async def is_taken(self, source: SourceIdentity) -> QueueId | None:
            raise QueueError("disk I/O error")

    site = SpoolSite(tmp_path, queue=Mute())
    site.drop("large.eml", MAIL + b"x" * 2_000_000)
    site.drop("large.env.json", b"{}")

    assert site.scan().taken == ()
    assert list(site.layout.bodies.iterdir()) == []


def test_no_body_of_a_batch_is_left_when_the_queue_fails(tmp_path: Path) -> None:
    queue = MemoryQueue()
    queue.fail_with = QueueError("the disk is full")
    site = SpoolSite(tmp_path, queue=queue)
    for number in range(40):
        site.drop(f"{number:02d}.eml", MAIL + b"x" * (2_000_000 if number > 38 or number == 1 else 1))

    assert site.scan().taken == ()

    assert list(site.layout.bodies.iterdir()) == []
    queue.fail_with = None
    site.clock.advance(PAUSE.total_seconds())
    assert site.scan_all() == 40
    assert len(list(site.layout.bodies.iterdir())) == 2


def test_a_missing_drop_folder_pauses(site: SpoolSite) -> None:
    site.layout.drop.rmdir()

    site.scan()

    assert site.events == [IntakePaused(reason="enoent", detail=f"No such file or directory: {site.layout.drop}")]


def test_what_replaced_a_drop_while_it_was_taken_is_the_next_message(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    path = site.drop("hello.eml")

    def replace_it(name: str) -> None:
        if name == "committed":
            path.rename(site.root / "old")
            path.write_bytes(MAIL.replace(b"Hello.", b"Another."))

    site.intake.checkpoint = replace_it
    site.scan()
    site.intake.checkpoint = lambda name: None
    site.clock.advance(60)
    site.scan_all()

    first, second = site.messages()
    assert site.content(first).endswith(b"Hello.\r\n")
    assert site.content(second).endswith(b"Another.\r\n")


def test_what_was_written_to_a_drop_behind_our_back_is_the_next_message(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    path = site.drop("hello.eml")

    def reopen(name: str) -> None:
        if name == "hidden":
            (hidden,) = site.layout.drop.glob(".maild-taken.*")
            with hidden.open("ab") as file:
                file.write(b"The end.\n")

    site.intake.checkpoint = reopen
    site.scan()
    site.intake.checkpoint = lambda name: None
    site.clock.advance(60)
    site.scan_all()

    assert not path.exists()
    first, second = site.messages()
    assert site.content(first).endswith(b"Hello.\r\n")
    assert site.content(second).endswith(b"Hello.\r\nThe end.\r\n")


# ---------------------------------------------------------------------- what an envelope file asks for


def test_an_envelope_file_says_when_and_how_long(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    at = site.clock.now() + timedelta(hours=3)
    site.drop("a.env.json", json.dumps({"not_before": at.isoformat(), "lifetime": "2h"}).encode())
    site.drop("a.eml")

    (waiting,) = site.scan().taken

    (message,) = site.messages()
    assert waiting.next_at == message.next_at == at
    assert message.expires_at == at + timedelta(hours=2)


def test_an_envelope_file_says_what_its_sender_wants_to_hear(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("a.env.json", b'{"notify": ["success"], "return": "full", "envelope_id": "7"}')
    site.drop("a.eml")

    site.scan()

    (message,) = site.messages()
    assert message.wish == ReportWish(notify=frozenset({Notify.SUCCESS}), is_full=True, envelope_id="7")


def test_a_wish_for_tls_goes_into_the_queue_as_a_field(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("a.env.json", b'{"require_tls": true}')
    site.drop("a.eml")

    site.scan()

    (message,) = site.messages()
    (leased,) = asyncio.run(site.queue.lease([message.id], now=message.received_at, next_at=message.received_at))
    assert leased.head.endswith(b"X-Maild-Require-TLS: yes\r\n")


def test_a_drop_of_a_key_that_was_used_is_not_taken_in_again(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    for name in ("a", "b"):
        site.drop(f"{name}.env.json", b'{"idempotency_key": "invoice-7"}')
        site.drop(f"{name}.eml")
        site.scan_all()

    (message,) = site.messages()
    receipt = site.receipt("b.eml")
    assert site.dropped() == []
    assert (message.drop, site.receipt("a.eml")["state"]) == ("a.eml", "queued")
    assert receipt == {
        "version": 1,
        "drop": "b.eml",
        "state": "repeated",
        "id": message.id,
        "of": "a.eml",
        "updated_at": receipt["updated_at"],
    }
    RECEIPTS.validate(receipt)
    assert [event.drop for event in site.events if isinstance(event, DropRepeated)] == ["b.eml"]


def test_the_same_drop_again_keeps_the_receipt_of_its_message(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    for _ in range(2):
        site.drop("a.env.json", b'{"idempotency_key": "invoice-7"}')
        site.drop("a.eml")
        site.scan_all()

    assert site.receipt("a.eml")["state"] == "queued"
    assert [event for event in site.events if isinstance(event, DropRepeated)] == []


# ---------------------------------------------------------------------- what was done to it


def test_a_receipt_says_which_signature_was_broken_on_the_way_in(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop(
        "a.eml", b"DKIM-Signature: d=shop.example; h=from:bcc\nBcc: anna@example.org\nFrom: a@b.example\n\na\rb\n"
    )

    site.scan()

    receipt = site.receipt("a.eml")
    RECEIPTS.validate(receipt)
    assert receipt["notes"] == [
        {
            "code": "signature_broken",
            "detail": "the DKIM signature of shop.example covers Bcc, which changed: "
            "maild takes Bcc out, and adds Date and Message-ID where they are missing",
        },
        {
            "code": "line_ends_changed",
            "detail": "a CR without LF stood in the body and became a line end, because no mail server takes it",
        },
        {
            "code": "signature_broken",
            "detail": "the DKIM signature covers the body, in which a CR without LF became a line end",
        },
    ]


def test_a_signed_message_that_is_left_alone_gets_no_note(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    head = b"DKIM-Signature: d=shop.example; h=from:to:date\nTo: anna@example.org\nFrom: a@b.example\n"
    site.drop("a.eml", head + b"Date: Sun, 1 Mar 2026 12:00:00 +0000\n\nunix\n")

    site.scan()

    assert site.receipt("a.eml")["notes"] == []


# ---------------------------------------------------------------------- so much of each user


def test_what_a_user_drops_beyond_his_share_waits_in_the_drop_folder(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path, limits=IntakeLimits(users=UserLimits(messages_per_hour=2)))
    for name in "abcd":
        site.drop(f"{name}.eml")

    taken = site.scan_all()

    assert taken == 2
    assert len(site.dropped()) == 2
    (told,) = [event for event in site.events if isinstance(event, UserCrowded)]
    assert told.user == os.getuid()
    assert timedelta(minutes=58) < told.until - site.clock.now() <= timedelta(minutes=60)

    site.clock.advance(3600)

    assert site.scan_all() == 2
    assert site.dropped() == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to another user")
def test_one_users_flood_is_no_hindrance_to_others(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path, limits=IntakeLimits(users=UserLimits(messages_per_hour=1)))
    for number in range(20):
        site.drop(f"{number}.eml")
    site.scan_all()
    other = site.drop("other.eml")
    os.chown(other, 12345, -1)
    site.clock.advance(1)

    assert site.scan_all() == 1
    assert "other.eml" not in site.dropped()
    assert len(site.dropped()) == 19


# ---------------------------------------------------------------------- proof that it is whole


def test_a_drop_with_a_checksum_is_taken_when_it_matches(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("a.env.json", json.dumps({"sha256": hashlib.sha256(MAIL).hexdigest().upper()}).encode())
    drop = site.drop("a.eml", MAIL[:-3])
    half = site.scan()
    drop.write_bytes(MAIL)
    site.clock.advance(60)

    assert half.taken == ()
    assert len(site.scan().taken) == 1
    assert site.content(site.messages()[0]).endswith(b"Hello.\r\n")


def test_a_large_drop_is_proven_whole_too(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    large = MAIL + b"line\n" * 500_000
    site.drop("a.env.json", json.dumps({"sha256": hashlib.sha256(large).hexdigest()}).encode())
    site.drop("a.eml", large)

    site.scan()

    assert site.content(site.messages()[0]).count(b"line\r\n") == 500_000


def test_a_drop_that_never_matches_is_rejected_after_ten_quiet_minutes(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("a.env.json", json.dumps({"sha256": "0" * 64}).encode())
    site.drop("a.eml")

    early = site.scan()
    site.clock.advance(600)
    site.scan()

    assert early.look_again_at is not None
    assert site.receipt("a.eml")["reason"] == "bad_checksum"
    assert site.rejected() == ["a.eml", "a.eml.json", "a.env.json"]
