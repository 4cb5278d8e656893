"""Looks at the configuration folder when something hints at a change, when it is asked to, and every now and then.

Shell code around the pure `daemon.agenda`, `watch.snapshot` and `daemon.reload`. It holds the one mutable reference of
the program, the generation in force: a look builds a whole new one aside, swaps the reference, applies it, and only
then tells anybody. Parsing and judging happen in a thread, in slices, so mail goes on meanwhile. Whatever is wrong with
the folder or its files, the loop goes on looking.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from maild.config.folder import ACCOUNTS_FOLDER, FileKind
from maild.daemon.agenda import Agenda, Circumstances, Look, Trigger
from maild.daemon.canary import Verdict
from maild.daemon.configports import ConfigPorts
from maild.daemon.configwatch import ConfigWatch
from maild.daemon.credentials import CredentialFiles
from maild.daemon.generation import Generation
from maild.daemon.pacing import REST_S, in_slices, no_full_collection
from maild.daemon.reload import Turn, generation_steps
from maild.daemon.reload_lag import ReloadLag
from maild.daemon.successor import Knowledge
from maild.observe.events import ChangesMissed, Reloaded, RestartPending
from maild.watch.git import commit_of, is_git_busy
from maild.watch.hint import Hint
from maild.watch.scan import FolderMissingError, FolderUnreadableError, scan_again
from maild.watch.snapshot import Snapshot, merge_scan
from maild.watch.watcher import WatchState

TOLD_AT_ONCE: Final = 200
"""Events that are told in one turn of the event loop; twenty thousand files may have changed."""


class ConfigLoop:
    """Keeps the generation in force up to date."""

    def __init__(self, ports: ConfigPorts) -> None:
        self._ports = ports
        self._snapshot = Snapshot()
        self._generation: Generation | None = None
        self._agenda = Agenda()
        self._woken = asyncio.Event()
        self._adopted = asyncio.Event()
        self._verdicts: dict[str, Verdict] = {}
        self._asking: list[asyncio.Future[None]] = []
        self._watch = ConfigWatch(ports.folder, on_hint=self.hint, emit=ports.emit)
        self._credentials = CredentialFiles(ports.environ)
        self._lag = ReloadLag(ports.on_lag)
        self._validate_seconds = 0.0
        self.problem = ""
        """Why the folder cannot be read; empty when it can."""
        self._last_success_at: datetime | None = None

    @property
    def generation(self) -> Generation:
        """The configuration in force."""
        assert self._generation is not None
        return self._generation

    @property
    def watch(self) -> WatchState:
        """How changes are noticed between rescans."""
        return self._watch.state

    @property
    def last_success_at(self) -> datetime | None:
        """When a look last found every file acceptable."""
        return self._last_success_at

    def hint(self, hint: Hint) -> None:
        """Something in the folder may have changed; on the event loop only."""
        self._agenda.hint(hint, at_s=asyncio.get_running_loop().time())
        self._woken.set()

    def ask(self, trigger: Trigger = Trigger.SIGNAL) -> None:
        """Look now, and believe that files that are missing are gone; on the event loop only."""
        self._agenda.ask(trigger)
        self._woken.set()

    async def reload(self) -> Generation:
        """Look now, and the generation that is in force then."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asking.append(done)
        self.ask(Trigger.REQUEST)
        await done
        return self.generation

    def decide(self, verdicts: Mapping[str, Verdict]) -> None:
        """The canary's verdicts on files that are held back; on the event loop only."""
        self._verdicts |= verdicts
        self.ask(Trigger.CANARY)

    async def tried(self) -> None:
        """Wait until no account is held back of which no try has said yes or no."""
        while self.generation.is_trying:
            await self._adopted.wait()

    async def start(self) -> Generation:
        """The first look, before anything runs.

        Raises:
            FolderUnreadableError: there is no folder to look at.
        """
        await self._look(Look(trigger=Trigger.START))
        if self._generation is None:
            raise FolderUnreadableError(self.problem)
        return self._generation

    async def run(self) -> None:
        """Look whenever there is reason to, until cancelled."""
        await self._ports.keep(self.generation)
        while True:
            look, before = await self._next_look(), self._generation
            self._lag.begin()
            with no_full_collection():
                await self._look(look)
            self._lag.end(has_changed=self._generation is not before)

    async def stop(self) -> None:
        """Let go of the watches."""
        await self._lag.stop()
        await self._watch.stop()

    async def _next_look(self) -> Look:
        while True:
            self._woken.clear()
            found = self._agenda.next(await self._circumstances())
            if isinstance(found, Look):
                return found
            try:
                async with asyncio.timeout(found):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _circumstances(self) -> Circumstances:
        is_busy = await asyncio.to_thread(self._is_git_busy)
        return Circumstances(
            at_s=asyncio.get_running_loop().time(),
            settings=self.generation.site.reload,
            is_git_busy=is_busy,
            is_remote=self._watch.is_remote,
            confirm_at_s=self._snapshot.confirm_at_s,
        )

    def _is_git_busy(self) -> bool:
        # The folder of accounts may be a link into a work tree of its own.
        return is_git_busy(self._ports.folder) or is_git_busy(self._ports.folder / ACCOUNTS_FOLDER)

    def _commits(self) -> Mapping[FileKind, str | None]:
        folder = self._ports.folder
        return {FileKind.SITE: commit_of(folder), FileKind.ACCOUNT: commit_of(folder / ACCOUNTS_FOLDER)}

    async def _look(self, look: Look) -> None:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        self._agenda.begin(look)
        is_scan = look.trigger is not Trigger.CANARY
        asking, self._asking = self._asking, []
        if is_scan:
            await self._watch.check(is_first=self._generation is None)
            if self._watch.state.was_rebuilt:
                # What it was blind for no hint tells of.
                look = replace(look, touched=None)
        before = self._generation
        problem = await self._read(look, began_s)
        if is_scan:
            await self._look_at_credentials(look)
            self.problem = problem
        self._agenda.end(look, at_s=loop.time())
        if self._generation is not None:
            self._tell(look, before, self._generation, began_s=began_s)
        for done in asking:
            if not done.done():
                done.set_result(None)

    async def _read(self, look: Look, began_s: float) -> str:
        """Take what is there into use; why it cannot be read, if so."""
        now = self._ports.clock.now()
        old = snapshot = self._snapshot
        if look.trigger is not Trigger.CANARY:
            try:
                scan = await asyncio.to_thread(scan_again, self._ports.folder, old, look.touched, now=now)
            except FolderUnreadableError as error:
                return await self._do_without(error, now)
            snapshot = merge_scan(old, scan, at_s=began_s, believes_absence=look.trigger.is_asked)
        turn = await self._turn(snapshot, now)
        self._snapshot = snapshot
        if look.trigger is Trigger.RESCAN and not self._agenda.has_hints:
            missed = {*turn.changed, *snapshot.missing} - old.missing.keys()
            if missed:
                self._ports.emit(ChangesMissed(files=len(missed)))
        if turn.generation is not self._generation:
            await self._adopt(turn)
        return ""

    async def _do_without(self, error: FolderUnreadableError, now: datetime) -> str:
        """What is in force stays so. Before anything is, what an earlier run accepted, if the folder is there."""
        if self._generation is None and not isinstance(error, FolderMissingError):
            snapshot = await asyncio.to_thread(self._ports.remember)
            if snapshot.files:
                turn = await self._turn(snapshot, now)
                self._snapshot = snapshot
                await self._adopt(turn)
        return str(error)

    async def _turn(self, snapshot: Snapshot, now: datetime) -> Turn:
        verdicts, self._verdicts = self._verdicts, {}
        if self._generation is not None and snapshot is self._snapshot and not verdicts:
            return Turn(generation=self._generation)
        is_first = self._generation is None
        earlier = await asyncio.to_thread(self._ports.recall, snapshot) if is_first else {}
        # After the files were read: git moves its HEAD when it has written them.
        commits = await asyncio.to_thread(self._commits)
        began_s = asyncio.get_running_loop().time()
        known = Knowledge(earlier=earlier, verdicts=verdicts, has_canary=self._ports.has_canary, commits=commits)
        steps = generation_steps(self._generation, snapshot, folder=self._ports.folder, now=now, known=known)
        turn = await in_slices(steps, rest_s=0.0 if is_first else REST_S)
        self._validate_seconds = asyncio.get_running_loop().time() - began_s
        return turn

    async def _adopt(self, turn: Turn) -> None:
        await self._ports.prepare(turn.generation)
        before, self._generation = self._generation, turn.generation
        self._ports.apply(turn.generation)
        self._adopted.set()
        self._adopted = asyncio.Event()
        for number, event in enumerate(turn.events, 1):
            self._ports.emit(event)
            if number % TOLD_AT_ONCE == 0:
                await asyncio.sleep(0)
        pending = turn.generation.pending_restart
        if pending and (before is None or before.pending_restart != pending):
            self._ports.emit(RestartPending(settings=pending))
        await asyncio.to_thread(self._credentials.use, turn.generation)
        if await asyncio.to_thread(self._watch.add, self._credentials.folders):
            self.hint(Hint())  # the next look watches them, and sees what happened until then
        if before is not None:
            await self._ports.keep(turn.generation)

    async def _look_at_credentials(self, look: Look) -> None:
        changed = await asyncio.to_thread(self._credentials.changed, look.touched)
        if changed is not None:
            self._ports.emit(changed)

    def _tell(self, look: Look, before: Generation | None, generation: Generation, *, began_s: float) -> None:
        now = self._ports.clock.now()
        is_clean = generation.is_clean and not self.problem
        if is_clean:
            self._last_success_at = now
        self._ports.emit(
            Reloaded(
                generation=generation.number,
                trigger=look.trigger.value,
                has_changed=generation is not before,
                is_clean=is_clean,
                seconds=asyncio.get_running_loop().time() - began_s,
                validate_seconds=self._validate_seconds,
                finished_at=now,
                problem=self.problem,
            )
        )
