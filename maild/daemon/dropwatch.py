"""Keeps the drop folder and the folders in it under watch, and tells the intake loop how well that goes.

Shell code. Watches are hints: the intake loop looks by itself, less often while events tell of every drop on this
machine. They do not on a network file system, where other machines drop unseen, nor in a folder that was made a moment
ago, so one that comes is watched at once and looked into then.
"""

import asyncio
import os
from pathlib import Path
from typing import Final

from maild.daemon.intakeloop import IntakeLoop
from maild.spool.layout import Layout
from maild.watch.hint import Hint
from maild.watch.mounts import remote_type
from maild.watch.watcher import Folder, Watcher, WatchMode

CHECK_EVERY_S: Final = 5.0
"""How often it is made sure that what is watched is what is there."""

GATHER_S: Final = 0.1
"""After a folder came: a dropper that makes one often makes more."""

REST_S: Final = 1.0
"""Between two checks: each lists the drop folder, which may hold a million drops."""


class DropWatch:
    """Watches until cancelled."""

    def __init__(self, layout: Layout, intake: IntakeLoop) -> None:
        self._layout = layout
        self._intake = intake
        self._watcher = Watcher(self._folders, on_hint=self._hear)
        self._has_stirred = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled."""
        try:
            is_remote = bool(await asyncio.to_thread(remote_type, self._layout.drop))
            while True:
                self._has_stirred.clear()
                state = await self._watcher.check()
                self._intake.is_told = state.mode is WatchMode.EVENTS and not is_remote
                if state.was_rebuilt:
                    # What came before the watch was there no event tells of.
                    self._intake.hint()
                await self._until_stirred(asyncio.get_running_loop().time())
        finally:
            self._intake.is_told = False
            await self._watcher.stop()

    async def _until_stirred(self, checked_at_s: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(checked_at_s + CHECK_EVERY_S):
                await self._has_stirred.wait()
        except TimeoutError:
            return
        await asyncio.sleep(max(GATHER_S, checked_at_s + REST_S - loop.time()))

    def _hear(self, hint: Hint) -> None:
        if hint.has_folder or hint.has_lost:
            self._has_stirred.set()
        self._intake.hint(hint.placed)

    def _folders(self) -> tuple[Folder, ...]:
        drop = self._layout.drop
        try:
            inner = sorted(entry.path for entry in os.scandir(drop) if entry.is_dir(follow_symlinks=False))
        except OSError:
            inner = []
        return tuple(Folder(path=path.resolve(), arrivals_only=True) for path in (drop, *map(Path, inner)))
