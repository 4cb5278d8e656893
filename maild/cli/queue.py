"""`maild queue`: look at what waits, and change it, whether a daemon runs or not.

Works on the queue's own storage; a daemon notices what was changed and writes the receipts. What can go wrong: there
is no queue yet, no message is meant, the storage fails (`QueueError`).
"""

import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import click

from maild.cli.ask import ask_accounts
from maild.cli.options import config_option, spool_option
from maild.cli.queue_copy import copy
from maild.cli.queue_export import export
from maild.cli.queue_import import import_
from maild.cli.queue_migrate import migrate
from maild.cli.queue_text import list_lines, message_object, show_lines
from maild.cli.queue_wanted import Wanted, changes, filters, pages, with_queue
from maild.cli.queue_why import why
from maild.cli.site import find_place
from maild.cli.why_text import prospect_lines
from maild.clock import SystemClock
from maild.errors import PermanentError
from maild.spool.failures import message_chunks
from maild.spool.queue import Queue, QueuedMessage, QueueId

Change = Callable[[Queue, Sequence[QueueId], datetime], Awaitable[tuple[QueuedMessage, ...]]]


@click.group("queue")
def queue() -> None:
    """Look at the queue and change it."""


for other in (why, export, import_, migrate, copy):
    queue.add_command(other)


@queue.command("list")
@filters
def list_(*, as_json: bool, **options: Any) -> None:  # noqa: ANN401 -- click hands over what filters says
    """List messages, oldest first; without a filter those that are not yet done with.

    \b
      maild queue list --account billing --older 4h
      maild queue list --state failed --error "quota"     (history: 7 days)
    """  # noqa: D301 -- click wants the control character: keep these lines as they are
    now = SystemClock().now()
    wanted = Wanted(is_all=True, **options)

    async def work(storage: Queue) -> int:
        count = 0
        async for page in pages(storage, wanted.filter(now)):
            count += len(page)
            for message in page:
                _print(message, now, as_json=as_json)
        return count

    count = with_queue(wanted.place, work)
    if not as_json:
        click.echo(f"{count} message{'' if count == 1 else 's'}")


@queue.command("show")
@click.argument("id_", metavar="ID")
@click.option("--content", is_flag=True, help="Print the message itself and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@config_option
@spool_option
def show(id_: str, *, content: bool, as_json: bool, config: str | None, spool: str | None) -> None:
    """Show one message: every recipient with what the server said last, or its content."""
    found = with_queue(find_place(config, spool), lambda storage: storage.show(QueueId(id_)))
    if found is None:
        raise PermanentError(f"There is no message {id_} in the queue.")
    if content:
        for chunk in message_chunks(found):
            sys.stdout.buffer.write(chunk)
    elif as_json:
        click.echo(json.dumps(message_object(found.message)))
    else:
        for line in show_lines(found.message, SystemClock().now()):
            click.echo(line)


@queue.command("retry")
@changes
def retry(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Try messages now instead of when their time comes. Those of an account that cannot send go on waiting for it."""
    is_quiet = options["as_json"] or options["dry_run"]
    place = find_place(options["config"], options["spool"])
    ways = _change("due now", lambda storage, ids, now: storage.retry(ids, now=now), options)
    if ways and not is_quiet:
        for line in prospect_lines(ways, ask_accounts(place)):
            click.echo(line)


@queue.command("hold")
@changes
def hold(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Keep messages from being sent until they are released; their lifetime stands still."""
    _change("held", lambda storage, ids, now: storage.hold(ids, now=now), options)


@queue.command("release")
@changes
def release(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Let held messages go; recipients whose delivery is uncertain are tried again."""
    _change("released", lambda storage, ids, now: storage.release(ids, now=now), options)


@queue.command("delete")
@changes
def delete(**options: Any) -> None:  # noqa: ANN401 -- as above
    """Delete messages for good, without telling anybody but the receipt."""
    _change("deleted", lambda storage, ids, now: storage.delete(ids, now=now), options)


def _change(done: str, change: Change, options: dict[str, Any]) -> Counter[str | None]:
    """Change what is wanted and say what was; returns how many of them go by each account."""
    as_json, dry_run = options.pop("as_json"), options.pop("dry_run")
    wanted = Wanted(**options)
    wanted.require_some()
    now = SystemClock().now()

    missing = set(wanted.ids)
    ways: Counter[str | None] = Counter()

    async def work(storage: Queue) -> None:
        async for page in pages(storage, wanted.filter(now)):
            changed = page if dry_run else await change(storage, [message.id for message in page], now)
            for message in changed:
                missing.discard(message.id)
                ways[message.last_account or message.account] += 1
                _print(message, now, as_json=as_json)

    with_queue(wanted.place, work)
    if not as_json:
        click.echo(f"{ways.total()} {'would be ' if dry_run else ''}{done}")
    if missing:
        raise PermanentError(f"Not {done}, because there is no such message in a fitting state: {', '.join(missing)}.")
    return ways


def _print(message: QueuedMessage, now: datetime, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(message_object(message)))
        return
    for line in list_lines(message, now):
        click.echo(line)
