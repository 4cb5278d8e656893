"""The daemon, telling every few seconds what it holds: `python -m tests.bench.watched_daemon CONFIG`.

A line of JSON on standard output each time: asyncio's tasks, threads, objects that the garbage collector knows. What
the kernel knows (descriptors, memory) is better asked from outside.
"""

import asyncio
import gc
import json
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TextIO

from maild.daemon.app import run_daemon
from maild.daemon.eventloop import run_on_loop
from maild.daemon.options import RunOptions

EVERY_S = 5.0


async def tell() -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        tasks = asyncio.all_tasks()
        names = Counter(task.get_name().rstrip("0123456789-") for task in tasks)
        figures = {
            "tasks": len(tasks),
            "threads": threading.active_count(),
            "objects": len(gc.get_objects()),
            "names": dict(names),
        }
        print(json.dumps(figures), flush=True)


async def main(config: Path, log: TextIO) -> int:
    telling = asyncio.create_task(tell())
    try:
        return await run_daemon(RunOptions(config=config, environ={}, home=Path.home(), log=log))
    finally:
        telling.cancel()


if __name__ == "__main__":
    with Path(os.devnull).open("w") as nothing:
        sys.exit(run_on_loop(main(Path(sys.argv[1]), nothing)))
