"""Looks at the configuration folder when something hints at a change, when it is asked to, and every now and then.

Shell code around the pure `watch.settle`, `watch.snapshot` and `daemon.reload`. It holds the one mutable reference of
the program, the generation in force: a look builds a whole new one aside, swaps the reference, applies it, and only
then tells anybody. Parsing happens in a thread, so mail goes on meanwhile. Whatever is wrong with the folder or its
files, the loop goes on looking.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from maild.clock import Clock
from maild.config.folder import ACCOUNTS_FOLDER
from maild.daemon.generation import Generation
from maild.daemon.reload import next_generation
from maild.observe.events import Event, Reloaded, WatchRebuilt
from maild.watch.git import is_git_busy
from maild.watch.hint import Hint
from maild.watch.scan import FolderUnreadableError, scan_folder
from maild.watch.settle import Burst, SettleTiming, note_event, remaining_s
from maild.watch.snapshot import Snapshot, merge_scan
from maild.watch.watcher import Watcher, WatchMode, WatchState, folders_around


class Trigger(StrEnum):
    """What caused a look."""

    START = "start"
    EVENT = "event"
    RESCAN = "rescan"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigPorts:
    """The outside: the folder, the time, who is told, and who takes a new generation into use (at once, no waiting)."""

    folder: Path
    clock: Clock
    emit: Callable[[Event], None]
    apply: Callable[[Generation], None]


class ConfigLoop:
    """Keeps the generation in force up to date."""

    def __init__(self, ports: ConfigPorts) -> None:
        self._ports = ports
        self._snapshot = Snapshot()
        self._generation: Generation | None = None
        self._burst: Burst | None = None
        self._woken = asyncio.Event()
        self._is_asked = False
        self._looked_at_s = 0.0
        around = partial(folders_around, ports.folder, children=(ACCOUNTS_FOLDER,))
        self._watcher = Watcher(around, on_hint=self.hint)
        self.watch = WatchState(mode=WatchMode.NONE, was_rebuilt=False)
        """How changes are noticed between rescans."""
        self.problem = ""
        """Why the folder cannot be read; empty when it can."""
        self._last_success_at: datetime | None = None

    @property
    def generation(self) -> Generation:
        """The configuration in force."""
        assert self._generation is not None
        return self._generation

    @property
    def last_success_at(self) -> datetime | None:
        """When a look last found every file acceptable."""
        return self._last_success_at

    def hint(self, hint: Hint) -> None:  # noqa: ARG002 -- any is as good
        """Something in the folder may have changed; on the event loop only."""
        self._burst = note_event(self._burst, at_s=asyncio.get_running_loop().time())
        self._woken.set()

    def ask(self) -> None:
        """Look now, and believe that files that are missing are gone; on the event loop only."""
        self._is_asked = True
        self._woken.set()

    async def start(self) -> Generation:
        """The first look, before anything runs.

        Raises:
            FolderUnreadableError: there is no folder to look at.
        """
        await self._look(Trigger.START)
        if self._generation is None:
            raise FolderUnreadableError(self.problem)
        return self._generation

    async def run(self) -> None:
        """Look whenever there is reason to, until cancelled."""
        while True:
            await self._look(await self._next_trigger())

    async def stop(self) -> None:
        """Let go of the watches."""
        await self._watcher.stop()

    async def _next_trigger(self) -> Trigger:
        while True:
            self._woken.clear()
            if self._is_asked:
                return Trigger.SIGNAL
            now_s = asyncio.get_running_loop().time()
            if self._rescan_at_s() <= now_s:
                return Trigger.RESCAN
            wait_s = self._rescan_at_s() - now_s
            if self._burst is not None:
                is_busy = await asyncio.to_thread(is_git_busy, self._ports.folder)
                settle_s = remaining_s(self._burst, self._timing(), at_s=now_s, is_git_busy=is_busy)
                if settle_s == 0:
                    return Trigger.EVENT
                wait_s = min(wait_s, settle_s)
            try:
                async with asyncio.timeout(wait_s):
                    await self._woken.wait()
            except TimeoutError:
                continue

    def _timing(self) -> SettleTiming:
        quiet_s = self.generation.site.reload.settle.total_seconds()
        return SettleTiming(quiet_s=quiet_s, limit_s=max(SettleTiming().limit_s, quiet_s))

    def _rescan_at_s(self) -> float:
        rescan_at_s = self._looked_at_s + self.generation.site.reload.rescan.total_seconds()
        confirm_at_s = self._snapshot.confirm_at_s
        return rescan_at_s if confirm_at_s is None else min(rescan_at_s, confirm_at_s)

    async def _look(self, trigger: Trigger) -> None:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        # Cleared before the look: what comes during it is a reason to look again.
        self._burst, self._is_asked = None, False
        await self._check_watches()
        before = self._generation
        try:
            await self._read(trigger, began_s)
            self.problem = ""
        except FolderUnreadableError as error:
            self.problem = str(error)
        self._looked_at_s = loop.time()
        if self._generation is not None:
            self._tell(trigger, self._generation, has_changed=self._generation is not before, began_s=began_s)

    async def _check_watches(self) -> None:
        is_first = self._generation is None
        self.watch = await self._watcher.check()
        if self.watch.was_rebuilt and (not is_first or self.watch.problem):
            event = WatchRebuilt(folder=str(self._ports.folder), mode=self.watch.mode.value, problem=self.watch.problem)
            self._ports.emit(event)

    async def _read(self, trigger: Trigger, began_s: float) -> None:
        folder, now = self._ports.folder, self._ports.clock.now()
        seen = await asyncio.to_thread(scan_folder, folder, self._snapshot, now=now)
        snapshot = merge_scan(self._snapshot, seen, at_s=began_s, believes_absence=trigger is Trigger.SIGNAL)
        turn = await asyncio.to_thread(next_generation, self._generation, snapshot, folder=folder, now=now)
        self._snapshot = snapshot
        if turn.generation is self._generation:
            return
        self._generation = turn.generation
        self._ports.apply(turn.generation)
        for event in turn.events:
            self._ports.emit(event)

    def _tell(self, trigger: Trigger, generation: Generation, *, has_changed: bool, began_s: float) -> None:
        now = self._ports.clock.now()
        is_clean = generation.is_clean and not self.problem
        if is_clean:
            self._last_success_at = now
        self._ports.emit(
            Reloaded(
                generation=generation.number,
                trigger=trigger.value,
                has_changed=has_changed,
                is_clean=is_clean,
                seconds=asyncio.get_running_loop().time() - began_s,
                finished_at=now,
            )
        )
