"""`maild queue why`: why a message stands where it does, with what the daemon says about its account."""

import json

import click

from maild.cli.ask import ask_accounts
from maild.cli.options import config_option, spool_option
from maild.cli.queue_text import message_object
from maild.cli.queue_wanted import with_queue
from maild.cli.site import find_place
from maild.cli.why_text import why_lines
from maild.clock import SystemClock
from maild.errors import PermanentError
from maild.spool.queue import QueueFilter, QueueId


@click.command("why")
@click.argument("ids", metavar="ID ..", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@config_option
@spool_option
def why(ids: tuple[str, ...], *, as_json: bool, config: str | None, spool: str | None) -> None:
    """Say why messages wait, or what became of them: whose fault it was, what comes next, what to do."""
    place, now = find_place(config, spool), SystemClock().now()
    wanted = QueueFilter(ids=tuple(map(QueueId, ids)))
    messages = with_queue(place, lambda storage: storage.select(wanted))
    accounts = ask_accounts(place)
    for number, message in enumerate(messages):
        lines = list(why_lines(message, accounts, now))
        if as_json:
            click.echo(json.dumps({**message_object(message), "why": lines}))
        else:
            click.echo(("" if number == 0 else "\n") + "\n".join(lines))
    missing = set(ids) - {message.id for message in messages}
    if missing:
        raise PermanentError(f"There is no such message in the queue or its history: {', '.join(sorted(missing))}.")
