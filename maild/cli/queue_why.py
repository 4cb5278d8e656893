"""`maild queue why`: why a message stands where it does, with what the daemon says about its account.

A message may be named by its id or by the drop it was; a drop that was rejected is explained by its receipt.
"""

import json
from contextlib import suppress
from pathlib import PurePath
from typing import Any

import click

from maild.cli.ask import ask_accounts
from maild.cli.options import config_option, spool_option
from maild.cli.queue_text import message_object
from maild.cli.queue_wanted import with_queue
from maild.cli.site import find_place
from maild.cli.why_text import rejected_lines, why_lines
from maild.clock import SystemClock
from maild.errors import PermanentError
from maild.spool.drop.name import SUFFIX
from maild.spool.layout import Layout
from maild.spool.open_receipts import MAX_RECEIPT_BYTES
from maild.spool.queue import QueueFilter, QueueId


@click.command("why")
@click.argument("names", metavar="ID|DROP ..", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@config_option
@spool_option
def why(names: tuple[str, ...], *, as_json: bool, config: str | None, spool: str | None) -> None:
    """Say why messages wait, or what became of them: whose fault it was, what comes next, what to do.

    \b
      maild queue why 01KJMYZD5B0007T8M82V2YKMG4
      maild queue why invoice.eml
    """  # noqa: D301 -- click wants the control character: keep these lines as they are
    place, now = find_place(config, spool), SystemClock().now()
    layout = Layout(place.spool)
    receipts = {name: receipt for name in names if (receipt := _receipt(layout, name)) is not None}
    ids = {name: str(receipts[name].get("id", "")) if name in receipts else name for name in names}
    wanted = QueueFilter(ids=tuple(QueueId(id_) for id_ in ids.values() if id_))
    messages = {message.id: message for message in with_queue(place, lambda storage: storage.select(wanted))}
    accounts = ask_accounts(place)
    missing = []
    for name in names:
        message = messages.get(QueueId(ids[name]))
        receipt = receipts.get(name, {})
        if message is not None:
            _print(list(why_lines(message, accounts, now)), message_object(message), as_json=as_json)
        elif receipt.get("state") == "rejected":
            _print(list(rejected_lines(receipt)), receipt, as_json=as_json)
        else:
            missing.append(name)
    if missing:
        raise PermanentError(f"There is no such message in the queue or its history: {', '.join(missing)}.")


def _print(lines: list[str], shown: Any, *, as_json: bool) -> None:  # noqa: ANN401 -- an object for JSON
    click.echo(json.dumps({**shown, "why": lines}) if as_json else "\n".join(lines) + "\n")


def _receipt(layout: Layout, name: str) -> dict[str, Any] | None:
    """The receipt of a drop of this name; None when there is none that may be read."""
    drop = name if name.lower().endswith(SUFFIX) else f"{name}{SUFFIX}"
    if PurePath(drop).is_absolute() or ".." in PurePath(drop).parts:
        return None
    with suppress(OSError, ValueError), layout.receipt(drop).open("rb") as file:
        receipt = json.loads(file.read(MAX_RECEIPT_BYTES))
        return receipt if isinstance(receipt, dict) else None
    return None
