"""`maild queue`: look at what waits, and change it, whether a daemon runs or not.

Works on the queue's own storage; a daemon notices what was changed and writes the receipts. What can go wrong: there
is no queue yet, no message is meant, the storage fails (`QueueError`).
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, assert_never

import click

from maild.cli.options import config_option, spool_option
from maild.cli.queue_text import list_lines, message_object, show_lines
from maild.cli.site import find_place
from maild.clock import SystemClock
from maild.errors import PermanentError
from maild.spool.layout import Layout
from maild.spool.queue import FileBody, InlineBody, Leased, MessageState, Queue, QueuedMessage, QueueFilter, QueueId
from maild.spool.sqlite import SqliteQueue

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])
Change = Callable[[Queue, Sequence[QueueId], datetime], Awaitable[tuple[QueuedMessage, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which messages are meant, and where the queue is."""

    ids: tuple[str, ...]
    state: tuple[str, ...]
    account: str | None
    sender: str | None
    recipient: str | None
    limit: int | None
    is_all: bool
    config: str | None
    spool: str | None

    def filter(self) -> QueueFilter:
        return QueueFilter(
            ids=tuple(map(QueueId, self.ids)) or None,
            states=tuple(map(MessageState, self.state)) or None,
            account=self.account,
            sender=self.sender,
            recipient=self.recipient,
            limit=self.limit,
        )

    @property
    def names_some(self) -> bool:
        """Whether anything narrows it down."""
        return bool(self.ids or self.state or self.account or self.sender or self.recipient)


def _filters(command: Command) -> Command:
    """The arguments that say which messages are meant."""
    states = click.Choice([state.value for state in MessageState])
    for decorate in (
        spool_option,
        config_option,
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line."),
        click.option("--limit", type=click.IntRange(min=1), help="At most so many, oldest first."),
        click.option(
            "--recipient", metavar="PATTERN", help="Those for such a recipient: an address, or *@customer.example."
        ),
        click.option("--sender", metavar="PATTERN", help="Those of such an envelope sender; <> is the null sender."),
        click.option("--account", metavar="NAME", help="Those that go, or went, by this account."),
        click.option("--state", type=states, multiple=True, help="Those in this state; may be repeated."),
        click.argument("ids", metavar="[ID ..]", nargs=-1),
    ):
        command = decorate(command)
    return command


def _changes(command: Command) -> Command:
    """The same for commands that change something: everything is only meant when it is said."""
    for decorate in (
        click.option("--dry-run", is_flag=True, help="Only say which would be changed."),
        click.option("--all", "is_all", is_flag=True, help="Every message, when nothing else says which."),
        _filters,
    ):
        command = decorate(command)
    return command


@click.group("queue")
def queue() -> None:
    """Look at the queue and change it."""


@queue.command("list")
@_filters
def list_(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 -- click hands over what _filters says
    """List messages, oldest first; without a filter those that are not yet done with."""
    wanted = _Wanted(is_all=True, **options)
    messages = _with_queue(wanted.config, wanted.spool, lambda storage: storage.select(wanted.filter()))
    now = SystemClock().now()
    for message in messages:
        _print(message, now, as_json=as_json)
    if not as_json:
        click.echo(f"{len(messages)} message{'' if len(messages) == 1 else 's'}")


@queue.command("show")
@click.argument("id_", metavar="ID")
@click.option("--content", is_flag=True, help="Print the message itself and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@config_option
@spool_option
def show(id_: str, *, content: bool, as_json: bool, config: str | None, spool: str | None) -> None:
    """Show one message: every recipient with what the server said last, or its content."""
    found = _with_queue(config, spool, lambda storage: storage.show(QueueId(id_)))
    if found is None:
        raise PermanentError(f"There is no message {id_} in the queue.")
    if content:
        sys.stdout.buffer.write(_content(found))
    elif as_json:
        click.echo(json.dumps(message_object(found.message)))
    else:
        for line in show_lines(found.message, SystemClock().now()):
            click.echo(line)


@queue.command("retry")
@_changes
def retry(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Try messages now instead of when their time comes. Those of an account that cannot send go on waiting for it."""
    _change("due now", lambda storage, ids, now: storage.retry(ids, now=now), options)


@queue.command("hold")
@_changes
def hold(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Keep messages from being sent until they are released; their lifetime stands still."""
    _change("held", lambda storage, ids, now: storage.hold(ids, now=now), options)


@queue.command("release")
@_changes
def release(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Let held messages go; recipients whose delivery is uncertain are tried again."""
    _change("released", lambda storage, ids, now: storage.release(ids, now=now), options)


@queue.command("delete")
@_changes
def delete(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Delete messages for good, without telling anybody but the receipt."""
    _change("deleted", lambda storage, ids, now: storage.delete(ids, now=now), options)


def _change(done: str, change: Change, options: dict[str, Any]) -> None:
    as_json, dry_run = options.pop("as_json"), options.pop("dry_run")
    wanted = _Wanted(**options)
    if not wanted.names_some and not wanted.is_all:
        raise click.UsageError("Name messages by ID or by --state, --account, --sender, --recipient; or say --all.")
    now = SystemClock().now()

    async def work(storage: Queue) -> tuple[QueuedMessage, ...]:
        found = await storage.select(wanted.filter())
        return found if dry_run else await change(storage, [message.id for message in found], now)

    messages = _with_queue(wanted.config, wanted.spool, work)
    for message in messages:
        _print(message, now, as_json=as_json)
    if not as_json:
        click.echo(f"{len(messages)} {'would be ' if dry_run else ''}{done}")
    missing = set(wanted.ids) - {message.id for message in messages}
    if missing:
        raise PermanentError(f"Not {done}, because there is no such message in a fitting state: {', '.join(missing)}.")


def _with_queue(config: str | None, spool: str | None, work: Callable[[Queue], Awaitable[T]]) -> T:
    layout = Layout(find_place(config, spool).spool)
    if not layout.queue_file.exists():
        raise PermanentError(f"There is no queue in {layout.root}: no daemon has ever run on this spool.")

    async def session() -> T:
        storage = SqliteQueue(layout.queue_file, layout.bodies)
        try:
            return await work(storage)
        finally:
            await storage.close()

    return asyncio.run(session())


def _print(message: QueuedMessage, now: datetime, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(message_object(message)))
        return
    for line in list_lines(message, now):
        click.echo(line)


def _content(found: Leased) -> bytes:
    match found.body:
        case InlineBody(data=data):
            body = data
        case FileBody(path=path):
            body = path.read_bytes()
        case _:
            assert_never(found.body)
    return found.head + b"\r\n" + body
