"""`maild queue` works on the queue itself, with or without a daemon."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.queue import queue
from maild.cli.queue_wanted import PAGE, pages
from maild.errors import PermanentError
from maild.mail.address import Mailbox
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import AccountSender, Arrival, FileBody, InlineBody, NullSender, QueueFilter, QueueId
from maild.spool.queue_id import make_queue_id
from maild.spool.sqlite import SqliteQueue
from tests.fakes.clock import START
from tests.fakes.memory_queue import MemoryQueue
from tests.spool.messages import make_arrival

ANN = make_queue_id(START, bytes(10))
BOB = make_queue_id(START + timedelta(seconds=1), bytes(10))


def arrival(id_: QueueId, local: str, body: InlineBody | FileBody, *, account: str | None = None) -> Arrival:
    return Arrival(
        id=id_,
        sender=AccountSender() if account is None else NullSender(),
        recipients=(Mailbox(local, "customer.example"),),
        head=b"Subject: hello\r\n",
        body=body,
        message_id=f"<{local}@shop.example>",
        received_at=START if local == "ann" else START + timedelta(seconds=1),
        expires_at=START + timedelta(days=3650),
        account=account,
        drop=f"{local}.eml",
    )


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    large = layout.bodies / BOB
    large.write_bytes(b"large\r\n")

    async def fill() -> None:
        storage = SqliteQueue(layout.queue_file, layout.bodies)
        await storage.accept(
            [
                arrival(ANN, "ann", InlineBody(data=b"yes\r\n")),
                arrival(BOB, "bob", FileBody(path=large, size_bytes=7), account="office"),
            ]
        )
        await storage.close()

    asyncio.run(fill())
    return layout


def call(layout: Layout, *arguments: str) -> Result:
    return CliRunner().invoke(queue, [*arguments, "--spool", str(layout.root)])


def listed(layout: Layout, *arguments: str) -> list[tuple[str, str]]:
    """Id and state of what `list --json` shows."""
    lines = call(layout, "list", "--json", *arguments).stdout.splitlines()
    return [(shown["id"], shown["state"]) for shown in map(json.loads, lines)]


def test_list_shows_everything_that_waits_oldest_first(layout: Layout) -> None:
    result = call(layout, "list")

    assert [line.split()[0] for line in result.stdout.splitlines()] == [ANN, BOB, "2"]
    assert result.stdout.endswith("2 messages\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--account", "office"], [(BOB, "queued")]),
        (["--sender", "<>"], [(BOB, "queued")]),
        (["--recipient", "ann@*"], [(ANN, "queued")]),
        (["--state", "held"], []),
        (["--limit", "1"], [(ANN, "queued")]),
        ([BOB], [(BOB, "queued")]),
    ],
)
def test_filters_narrow_the_list(layout: Layout, arguments: list[str], expected: list[tuple[str, str]]) -> None:
    assert listed(layout, *arguments) == expected


def test_a_message_is_held_released_and_deleted(layout: Layout) -> None:
    assert call(layout, "hold", ANN).stdout.endswith("1 held\n")
    assert listed(layout) == [(ANN, "held"), (BOB, "queued")]
    assert call(layout, "release", "--all").stdout.endswith("1 released\n")
    assert listed(layout) == [(ANN, "queued"), (BOB, "queued")]
    assert call(layout, "delete", "--recipient", "bob@*").stdout.endswith("1 deleted\n")
    assert listed(layout) == [(ANN, "queued")]


def test_retry_makes_a_message_due_now(layout: Layout) -> None:
    result = call(layout, "retry", ANN)

    assert "  now  " in result.stdout
    assert result.stdout.endswith("1 due now\nNo daemon runs on this spool: they are tried as soon as one does.\n")


def test_a_dry_run_changes_nothing(layout: Layout) -> None:
    assert call(layout, "delete", "--all", "--dry-run").stdout.endswith("2 would be deleted\n")
    assert listed(layout) == [(ANN, "queued"), (BOB, "queued")]


def test_a_change_without_saying_of_what_is_wrong_usage(layout: Layout) -> None:
    result = call(layout, "delete")

    assert result.exit_code == 2
    assert "or say --all" in result.stderr
    assert len(listed(layout)) == 2


def test_an_id_that_is_not_there_is_said(layout: Layout) -> None:
    result = call(layout, "hold", "01NOSUCH")

    assert isinstance(result.exception, PermanentError)
    assert str(result.exception) == "Not held, because there is no such message in a fitting state: 01NOSUCH."


@pytest.mark.parametrize(("id_", "body"), [(ANN, b"yes\r\n"), (BOB, b"large\r\n")])
def test_show_prints_the_very_message(layout: Layout, id_: QueueId, body: bytes) -> None:
    assert call(layout, "show", id_, "--content").stdout_bytes == b"Subject: hello\r\n\r\n" + body


def test_show_prints_what_is_known(layout: Layout) -> None:
    assert call(layout, "show", ANN).stdout.startswith(f"id          {ANN}\nstate       queued\n")
    assert json.loads(call(layout, "show", ANN, "--json").stdout)["drop"] == "ann.eml"


def test_a_spool_without_a_queue_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(queue, ["list", "--spool", str(tmp_path)])

    assert isinstance(result.exception, PermanentError)
    assert "no daemon has ever run on this spool" in str(result.exception)


def test_the_help_of_retry_promises_no_try_through_an_account_that_cannot_send() -> None:
    result = CliRunner().invoke(queue, ["retry", "--help"])

    assert "cannot send go on waiting for it" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--older", "1h"], [ANN, BOB]),
        (["--younger", "1h"], []),
        (["--larger", "1MB"], []),
        (["--smaller", "23B"], [ANN]),
        (["--error", "anything"], []),
    ],
)
def test_age_size_and_error_narrow_the_list(layout: Layout, arguments: list[str], expected: list[str]) -> None:
    assert [id_ for id_, _ in listed(layout, *arguments)] == expected


@pytest.mark.parametrize("arguments", [["--older", "soon"], ["--larger", "much"]])
def test_an_age_or_size_that_is_none_is_wrong_usage(layout: Layout, arguments: list[str]) -> None:
    assert call(layout, "list", *arguments).exit_code == 2


def test_why_says_what_comes_next(layout: Layout) -> None:
    plain, machine = call(layout, "why", ANN, BOB), call(layout, "why", "--json", ANN)

    assert "No daemon runs on this spool, so nothing is sent." in plain.stdout
    assert plain.stdout.count("Try it now: maild queue retry") == 2
    assert json.loads(machine.stdout)["why"][-1] == f"Try it now: maild queue retry {ANN}"
    assert "no such message" in str(call(layout, "why", "01NOSUCH").exception)


def test_why_knows_drops_by_their_names(layout: Layout) -> None:
    rejected = {"drop": "bad.eml", "state": "rejected", "reason": "empty", "detail": "the file is empty"}
    layout.receipt("ann.eml").write_text(json.dumps({"id": ANN, "state": "queued"}))
    layout.receipt("bad.eml").write_text(json.dumps(rejected))
    layout.receipt("broken.eml").write_text("{")

    result = call(layout, "why", "ann.eml", "bad")

    assert result.stdout.startswith(f"{ANN} waits, ")
    assert "bad.eml was rejected: the file is empty.\n" in result.stdout
    assert [str(call(layout, "why", name).exception).rpartition(": ")[2] for name in ("broken", "../x", "/y")] == [
        "broken.",
        "../x.",
        "/y.",
    ]


def test_the_list_and_the_metrics_count_the_same(layout: Layout) -> None:
    call(layout, "hold", ANN)

    async def counted() -> dict[str, int]:
        storage = SqliteQueue(layout.queue_file, layout.bodies)
        counts = await storage.counts()
        await storage.close()
        return {state.value: count for state, count in counts.items() if count}

    assert asyncio.run(counted()) == {"held": 1, "queued": 1}
    assert [len(listed(layout, "--state", state)) for state in ("held", "queued", "sending")] == [1, 1, 0]


def test_many_are_read_in_pages_and_each_once() -> None:
    async def scenario() -> None:
        storage = MemoryQueue()
        await storage.accept([make_arrival(number) for number in range(PAGE + 10)])

        for limit, expected in ((None, [PAGE, 10]), (PAGE, [PAGE]), (PAGE + 1, [PAGE, 1]), (3, [3])):
            found = [page async for page in pages(storage, QueueFilter(limit=limit))]
            assert [len(page) for page in found] == expected
            assert len({message.id for page in found for message in page}) == sum(expected)

    asyncio.run(scenario())
