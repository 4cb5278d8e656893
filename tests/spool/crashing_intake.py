"""A process that takes drops in and kills itself at a checkpoint: `python -m tests.spool.crashing_intake ROOT NAME N`.

It dies when it passes the checkpoint NAME for the Nth time, as `kill -9` would have it.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from maild.spool.layout import Layout
from maild.spool.sqlite import SqliteQueue
from tests.spool.spool_site import SpoolSite


async def take_in(root: Path, name: str, times: int) -> None:
    left = times

    def checkpoint(passed: str) -> None:
        nonlocal left
        left -= passed == name
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    layout = Layout(root / "spool")
    site = SpoolSite(root, queue=SqliteQueue(layout.queue_file, layout.bodies), checkpoint=checkpoint)
    await site.queue.recover(now=site.clock.now())
    while (await site.intake.scan()).taken:
        pass


if __name__ == "__main__":
    asyncio.run(take_in(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
