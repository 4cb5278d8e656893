"""`maild queue copy`: move what waits from the spool's own queue to the shared one, or back.

What can go wrong: a daemon runs on this spool (`SpoolLockedError`), the site shares no queue (`UsageError`), one of the
queues fails in the middle (`QueueError`; saying it again goes on).
"""

import asyncio
import os
import sys
from contextlib import nullcontext

import click

from maild.cli.options import config_option, spool_option
from maild.cli.site import find_place
from maild.clock import SystemClock
from maild.errors import UsageError
from maild.spool.copying import Copied, copy_queue
from maild.spool.layout import Layout, prepare
from maild.spool.outbox import Outbox
from maild.spool.queue import MessageState
from maild.spool.shared import SharedPlace, open_to_move

_QUEUES = click.Choice(["spool", "shared"])


@click.command("copy")
@click.argument("from_", metavar="FROM", type=_QUEUES)
@click.argument("to", metavar="TO", type=_QUEUES)
@config_option
@spool_option
def copy(from_: str, to: str, config: str | None, spool: str | None) -> int:
    """Move what waits from one queue to the other: `spool` is this spool's own, `shared` the one of spool.queue.

    With all that is known of each message: who got it already, whose answer was lost, when it is to be tried. The
    daemon of this host must not run; those of other hosts may, and what they are sending stays with them. What ends in
    the middle is gone on with by the same command. History stays, and receipts on other hosts hear no more of what was
    dropped there. Ends with 1 when something stays behind.

    \b
      maild queue copy shared spool       before this site shares no queue any more
      maild queue copy spool shared       what a daemon does by itself when it starts
    """  # noqa: D301 -- click wants the control character: keep these lines as they are
    if from_ == to:
        raise UsageError("FROM and TO are the same queue.")
    place = find_place(config, spool)
    shared = place.shared_queue(os.environ)
    if shared is None:
        raise UsageError("This site shares no queue: its maild.yaml has no `spool: {queue: postgresql://...}`.")
    with prepare(Layout(place.spool)):
        copied = asyncio.run(_copy(shared, is_to_shared=to == "shared"))
    known = f"; {copied.known} of them were there already" if copied.known else ""
    click.echo(f"{copied.moved} message{'' if copied.moved == 1 else 's'} moved{known}")
    if copied.left:
        click.echo(f"{copied.left} are being sent by other hosts: say it again in a while", err=True)
    return 1 if copied.left else 0


def _say_nothing(_: int) -> None:
    """For who is not watched."""


async def _copy(shared: SharedPlace, *, is_to_shared: bool) -> Copied:
    now = SystemClock().now()
    outbox = Outbox(shared.layout.queue_file, shared.layout.bodies)
    far = open_to_move(shared)
    try:
        # What a daemon had in hand that was killed.
        await outbox.recover(now=now)
        waiting = await (outbox if is_to_shared else far).counts()
        total = sum(waiting.get(state, 0) for state in (MessageState.QUEUED, MessageState.HELD))
        is_watched = sys.stderr.isatty() and total > 0
        with click.progressbar(length=total, label="Moving", file=sys.stderr) if is_watched else nullcontext() as bar:
            told = _say_nothing if bar is None else bar.update
            if is_to_shared:
                return await copy_queue(outbox, far, now=now, told=told)
            return await copy_queue(far, outbox, now=now, told=told)
    finally:
        await far.close()
        await outbox.close()
