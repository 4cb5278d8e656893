"""Tries changed accounts before they are used, and tells the configuration loop what came of it.

Shell code around the pure `daemon.docket` and `daemon.canary`. A try is a probe of the account's own server or service
(the prober's, so it comes after other probes of that server and obeys the memory of logins), and nothing of it touches
the account in force: no breaker, no status, no metric of probes but its login, which the server counts as well.

A try under way is never cancelled for an edit, since a login that is cut off counts as begun and would pause the next
one for half an hour: it ends by itself, within `probe.timeout`, and what it says of a version that is not on disk any
more is dropped. Verdicts are handed over in batches, so that many accounts at once are a few generations.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from maild.clock import Clock
from maild.daemon.agenda import Trigger
from maild.daemon.canary import Candidate, Verdict, Waived
from maild.daemon.docket import Docket
from maild.daemon.generation import Generation
from maild.observe.events import CanaryRan, CredentialsChanged, Event, Reloaded
from maild.observe.status import CanaryStatus
from maild.probe.result import ProbeResult

MAX_AT_ONCE: Final = 8
"""Of the prober's places; the others stay for the accounts in force."""

BATCH_S: Final = 0.1
LONGEST_BATCH_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryPorts:
    """The outside.

    Attributes:
        try_out: probes an account that is not in force.
        decide: takes verdicts, by file; to be called on the event loop.
        emit: who is told.
    """

    try_out: Callable[[Candidate], Awaitable[ProbeResult]]
    decide: Callable[[Mapping[str, Verdict]], None]
    emit: Callable[[Event], None]
    clock: Clock


class CanaryLoop:
    """See above. `use` tells what to try, `run` does it; all methods belong to the event loop."""

    def __init__(self, ports: CanaryPorts) -> None:
        self._ports: Final = ports
        self._docket: Final = Docket()
        self._verdicts: dict[str, Verdict] = {}
        self._running = 0
        self._changed: Final = asyncio.Event()
        self._decided: Final = asyncio.Event()

    def use(self, generation: Generation) -> None:
        """From now on try what this generation holds back."""
        self._docket.use(generation.candidates, now_s=_now())
        self._changed.set()

    def on_event(self, event: Event) -> None:
        """Try at once when somebody asks for a reload, or when the password of a candidate changed."""
        match event:
            case Reloaded(trigger=Trigger.SIGNAL | Trigger.REQUEST):
                self._docket.hurry(now_s=_now())
            case CredentialsChanged(on_trial=accounts) if accounts:
                self._docket.hurry(accounts, now_s=_now())
            case _:
                return
        self._changed.set()

    def status(self, file: str) -> CanaryStatus | None:
        """How far the try of this file is; None: it is not held back."""
        progress = self._docket.progress(file)
        if progress is None:
            return None
        next_at = None
        if progress.due_s is not None:
            next_at = self._ports.clock.now() + timedelta(seconds=max(0.0, progress.due_s - _now()))
        return CanaryStatus(tries=progress.tries, untold=progress.untold, next_at=next_at)

    async def run(self) -> None:
        """Try by the docket until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hand_over())
            while True:
                self._changed.clear()
                ready, wake_at_s = self._docket.take(now_s=_now(), most=MAX_AT_ONCE - self._running)
                for candidate in ready:
                    self._running += 1
                    tasks.create_task(self._try(candidate))
                try:
                    async with asyncio.timeout_at(wake_at_s):
                        await self._changed.wait()
                except TimeoutError:
                    continue

    async def _try(self, candidate: Candidate) -> None:
        try:
            result = await self._ports.try_out(candidate)
        finally:
            self._running -= 1
            self._changed.set()
        verdict = self._docket.finished(candidate, result, now_s=_now())
        self._ports.emit(CanaryRan(file=candidate.file, result=_word(result, verdict)))
        if verdict is not None:
            self._verdicts[candidate.file] = verdict
            self._decided.set()

    async def _hand_over(self) -> None:
        while True:
            await self._decided.wait()
            await asyncio.sleep(min(LONGEST_BATCH_S, BATCH_S + len(self._docket) / 1000))
            self._decided.clear()
            verdicts, self._verdicts = self._verdicts, {}
            self._ports.decide(verdicts)


def _word(result: ProbeResult, verdict: Verdict | None) -> str:
    if isinstance(verdict, Waived):
        return "waived"
    return {True: "passed", False: "failed", None: "untold"}[result.can_send]


def _now() -> float:
    return asyncio.get_running_loop().time()
