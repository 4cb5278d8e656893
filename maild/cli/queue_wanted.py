"""Which messages a `maild queue` command means: its arguments, written once, and the queue they are looked for in.

What can go wrong: there is no queue yet (`PermanentError`), the storage fails (`QueueError`).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

import click

from maild.cli.options import config_option, spool_option
from maild.cli.site import Place, find_place
from maild.cli.words import account_names
from maild.config.duration import parse_duration
from maild.config.size import parse_size
from maild.errors import PermanentError
from maild.spool.layout import Layout
from maild.spool.queue import MessageState, Queue, QueuedMessage, QueueFilter, QueueId
from maild.spool.shared import open_as_guest
from maild.spool.sqlite import SqliteQueue

T = TypeVar("T")
PAGE: Final = 5000
"""Messages in memory at a time, and changed in one transaction: the daemon waits no longer for it than a moment."""
Command = TypeVar("Command", bound=Callable[..., Any])


class DurationType(click.ParamType[timedelta]):
    """A number and a unit, such as 30m, 4h or 2d."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration."""
        duration = parse_duration(str(value))
        if duration is None:
            self.fail(f"{value}: write a number and a unit, such as 30m, 4h or 2d.", param, ctx)
        return duration


class SizeType(click.ParamType[int]):
    """A whole number and a unit, such as 100kB or 5MB; in bytes."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The size."""
        size_bytes = parse_size(str(value))
        if size_bytes is None:
            self.fail(f"{value}: write a whole number and a unit, such as 100kB or 5MB.", param, ctx)
        return size_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages are meant, and where the queue is."""

    ids: tuple[str, ...]
    state: tuple[str, ...]
    account: str | None
    sender: str | None
    recipient: str | None
    older: timedelta | None
    younger: timedelta | None
    larger: int | None
    smaller: int | None
    error: str | None
    limit: int | None
    is_all: bool
    config: str | None
    spool: str | None

    def filter(self, now: datetime) -> QueueFilter:
        """The same for the queue."""
        return QueueFilter(
            ids=tuple(map(QueueId, self.ids)) or None,
            states=tuple(map(MessageState, self.state)) or None,
            account=self.account,
            sender=self.sender,
            recipient=self.recipient,
            received_before=None if self.older is None else now - self.older,
            received_after=None if self.younger is None else now - self.younger,
            min_bytes=self.larger,
            max_bytes=self.smaller,
            error=self.error,
            limit=self.limit,
        )

    @property
    def names_some(self) -> bool:
        """Whether anything narrows it down."""
        texts = (self.ids, self.state, self.account, self.sender, self.recipient, self.error)
        numbers = (self.older, self.younger, self.larger, self.smaller)
        return any(texts) or any(number is not None for number in numbers)

    def require_some(self) -> None:
        """See that everything is only meant when it is said.

        Raises:
            UsageError: nothing was said.
        """
        if not self.names_some and not self.is_all:
            raise click.UsageError(
                "Name messages by ID or by --state, --account, --sender, --recipient, --older, --younger, --larger, "
                "--smaller or --error; or say --all."
            )

    @property
    def place(self) -> Place:
        """The site that is meant."""
        return find_place(self.config, self.spool)


def filters(command: Command) -> Command:
    """The arguments that say which messages are meant."""
    states = click.Choice([state.value for state in MessageState])
    for decorate in (
        spool_option,
        config_option,
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line."),
        click.option("--limit", type=click.IntRange(min=1), help="At most so many, oldest first."),
        click.option("--error", metavar="TEXT", help="Those of which the server, or maild, said this last."),
        click.option("--smaller", type=SizeType(), metavar="SIZE", help="Those of at most this size, such as 100kB."),
        click.option("--larger", type=SizeType(), metavar="SIZE", help="Those of at least this size, such as 5MB."),
        click.option("--younger", type=DurationType(), metavar="AGE", help="Those that came within this time."),
        click.option("--older", type=DurationType(), metavar="AGE", help="Those that came before this, such as 4h."),
        click.option(
            "--recipient", metavar="PATTERN", help="Those for such a recipient: an address, or *@customer.example."
        ),
        click.option("--sender", metavar="PATTERN", help="Those of such an envelope sender; <> is the null sender."),
        click.option(
            "--account",
            metavar="NAME",
            shell_complete=account_names,
            help="Those that go, or went, by this account.",
        ),
        click.option("--state", type=states, multiple=True, help="Those in this state; may be repeated."),
        click.argument("ids", metavar="[ID ..]", nargs=-1),
    ):
        command = decorate(command)
    return command


def changes(command: Command) -> Command:
    """The same for commands that change something: everything is only meant when it is said."""
    for decorate in (
        click.option("--dry-run", is_flag=True, help="Only say which would be changed."),
        click.option("--all", "is_all", is_flag=True, help="Every message, when nothing else says which."),
        filters,
    ):
        command = decorate(command)
    return command


async def pages(storage: Queue, wanted: QueueFilter) -> AsyncIterator[tuple[QueuedMessage, ...]]:
    """The messages that match, oldest first, so many at a time that a million of them fill no memory."""
    left = wanted.limit
    while left is None or left > 0:
        page = await storage.select(replace(wanted, limit=PAGE if left is None else min(PAGE, left)))
        if page:
            yield page
        if len(page) < PAGE:
            return
        left = None if left is None else left - len(page)
        wanted = replace(wanted, after=(page[-1].received_at, page[-1].id))


def opener(place: Place) -> Callable[[], Queue]:
    """What opens the queue of a site: the spool's own, or the one that it shares with other hosts.

    Raises:
        PermanentError: there is no queue.
        ConfigError: the queue is shared, and what that needs is not installed or not to be read from maild.yaml.
    """
    shared = place.shared_queue(os.environ)
    if shared is not None:
        return partial(open_as_guest, shared)
    layout = Layout(place.spool)
    if not layout.queue_file.exists():
        raise PermanentError(f"There is no queue in {layout.root}: no daemon has ever run on this spool.")
    return partial(SqliteQueue, layout.queue_file, layout.bodies)


def with_queue(place: Place, work: Callable[[Queue], Awaitable[T]]) -> T:
    """Do something with the queue of a site, whether a daemon runs or not.

    Raises:
        PermanentError: there is no queue.
    """
    open_storage = opener(place)

    async def session() -> T:
        storage = open_storage()
        try:
            return await work(storage)
        finally:
            await storage.close()

    return asyncio.run(session())
