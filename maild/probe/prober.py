"""The prober: asks for every account of the plan, again and again, whether it could send right now.

Shell. When is the timetable's, what is the checks', whether to log in is the login policy's business. Probes of one
server follow each other, whoever's accounts they are: many servers take only a few connections of one address. A
result is emitted and kept, with what each check came to when it could last be told, for "could not tell" must not make
anybody forget.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from maild.clock import Clock
from maild.config.model import Account
from maild.config.probe_settings import ProbeSettings
from maild.net.keys import Keys
from maild.net.resolver import Resolver
from maild.probe.blame import Target
from maild.probe.catalogue import OTHER_CHECKS, OWN_CHECKS
from maild.probe.controls import Controls
from maild.probe.dns.view import DnsView
from maild.probe.events import ProbeEvent, ProbeFinished
from maild.probe.known_verdicts import KnownVerdicts
from maild.probe.lines import Lines
from maild.probe.login_memory import LoginMemory
from maild.probe.login_notes import LoginNotes
from maild.probe.offer_memory import OfferMemory
from maild.probe.pace import Pace
from maild.probe.record_watch import RecordWatch
from maild.probe.result import CheckResult, ProbeResult
from maild.probe.runner import run_checks
from maild.probe.subject import Locate, LoginMode, Subject, way_of
from maild.probe.teller import Teller
from maild.probe.timetable import REQUEST_SPACING_S, Timetable
from maild.probe.turns import Turns
from maild.probe.under_way import Run, UnderWay
from maild.probe.verdict_memory import VerdictMemory

MAX_AT_ONCE: Final = 64
"""At servers; and as many again look at what else there is, so that silent name servers keep nobody away from those."""

BEGUN_AT_ONCE: Final = 20
"""In one turn of the event loop; ten thousand accounts may be due together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProberPorts:
    """The outside.

    Attributes:
        random: gives numbers from 0 to 1, for jitter.
        emit: told what happened; must not block or raise.
        keys: gives accounts what they log in with.
        state_file: where the memory of logins is kept.
        offers_file: where the memory of what servers offer is kept.
        verdicts_file: where it is kept what checks came to when they could last be told.
        dns: how DNS is seen by the settings in force; None: its records are not checked.
        witnesses: name servers, each by itself, that are asked when a host could not be looked up.
        round_trip: what the last round trip through an account came to; None: there was none.
    """

    resolver: Resolver
    clock: Clock
    random: Callable[[], float]
    emit: Callable[[ProbeEvent], None]
    keys: Keys
    state_file: Path
    offers_file: Path
    verdicts_file: Path
    dns: Callable[[], DnsView | None] = lambda: None
    round_trip: Callable[[str], CheckResult | None] = lambda _: None
    witnesses: Callable[[], Mapping[str, Resolver]] = dict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    accounts: Mapping[str, Account]
    folder: Path
    settings: ProbeSettings


class Prober:
    """Built once; `use` tells what to probe, `run` does it."""

    def __init__(self, ports: ProberPorts) -> None:
        self._ports: Final = ports
        self._memory: Final = LoginMemory(ports.state_file)
        self._offers: Final = OfferMemory(ports.offers_file)
        self._turns: Final = Turns()
        self._controls: Final = Controls(ProbeSettings().control, ports.resolver, witnesses=ports.witnesses)
        self._timetable: Final = Timetable()
        self._under_way: Final = UnderWay()
        self._lines: Final = Lines()
        self._plan = _Plan(accounts={}, folder=Path(), settings=ProbeSettings())
        self._last: dict[str, ProbeResult] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._slots: Final = asyncio.Semaphore(MAX_AT_ONCE)
        self._slots_beside: Final = asyncio.Semaphore(MAX_AT_ONCE)
        self._pace: Final = Pace()
        self._changed: Final = asyncio.Event()
        self._notes: Final = LoginNotes(self._memory, ports.keys, ports.clock)
        self._teller: Final = Teller(ports.emit)
        self._records: Final = RecordWatch(ports.dns)
        self._verdicts: Final = KnownVerdicts(VerdictMemory(ports.verdicts_file))
        self._asked: dict[tuple[str, int], asyncio.Task[ProbeResult]] = {}

    def use(
        self,
        accounts: Mapping[str, Account],
        folder: Path,
        settings: ProbeSettings,
        *,
        changed: frozenset[str] | None = None,
    ) -> None:
        """From now on probe these; new and changed ones at once, the results of those that are gone are forgotten.

        `changed` names those that may be others than at the last call. To be called on the event loop, as all methods.
        """
        self._controls.use(settings.control)
        before = self._plan
        self._plan = _Plan(accounts=accounts, folder=folder, settings=settings)
        # Who knows which accounts changed saves going through ten thousand of them.
        named = accounts.keys() if changed is None or folder != before.folder else changed & accounts.keys()
        known = before.accounts if folder == before.folder else {}
        fresh = {name for name in named if known.get(name) != accounts[name]}
        gone = (before.accounts.keys() if changed is None else before.accounts.keys() & changed) - accounts.keys()
        self._timetable.plan(gone, fresh, now_s=_now())
        self._under_way.let_go(fresh | gone)
        self._records.forget(gone)
        for name in gone:
            self._last.pop(name, None)
        self._verdicts.forget(fresh | gone)
        self._teller.replaced(name for name in fresh | gone if name in before.accounts)
        self._teller.keep(accounts)
        self._locks = {host: lock for host, lock in self._locks.items() if lock.locked()}
        self._changed.set()

    def request(self, account: str) -> None:
        """Probe this one soon; a name that is not in the plan is passed over."""
        self._timetable.request(account, now_s=_now())
        self._changed.set()

    def credentials_changed(self, accounts: Collection[str]) -> None:
        """A file that these accounts log in with has changed: probes under way say nothing of what is in it now, so
        they begin anew.
        """
        self._teller.replaced(accounts)
        lost = self._under_way.let_go(accounts)
        self._timetable.plan((), lost, now_s=_now())
        self._changed.set()

    def note_login(self, account: str, is_rejected: bool) -> None:  # noqa: FBT001 -- an outcome, not an option
        """A delivery logged in with this account or was refused: it counts as a probe's login would."""
        known = self._plan.accounts.get(account)
        if known is not None:
            epoch = self._teller.epoch(account)
            self._notes.add(known, is_rejected=is_rejected, is_current=lambda: self._teller.epoch(account) == epoch)

    def last(self) -> Mapping[str, ProbeResult]:
        """The newest result by account."""
        return dict(self._last)

    async def run(self) -> None:
        """Probe by the timetable until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._notes.keep(lambda: self._plan.folder, self._teller.tell))
            while True:
                self._changed.clear()
                due, wake_at_s = self._timetable.take(now_s=_now(), most=25 * BEGUN_AT_ONCE)
                for name in due:
                    self._lines.add(name, Target.of(self._plan.accounts[name]).host.lower())
                ready = self._lines.take(BEGUN_AT_ONCE)
                for name, host in ready:
                    run = tasks.create_task(self._probe_by_plan(name))
                    run.add_done_callback(partial(self._over, host))
                    self._under_way.begin(name, run)
                await self._wait(_now() if len(ready) == BEGUN_AT_ONCE else wake_at_s)

    async def probe_once(
        self, account: Account, *, login: LoginMode = LoginMode.SAFE, on_login: Callable[[], None] = lambda: None
    ) -> ProbeResult:
        """Every check of this account now, after other probes of the same server; kept and emitted."""
        subject = replace(self._subject(account, login), on_login=on_login)
        epoch = self._teller.epoch(account.name)
        async with asyncio.TaskGroup() as tasks:
            own = tasks.create_task(self._in_turn(subject))
            # A name server that says nothing is no reason to keep others away from the account's own server.
            others = tasks.create_task(self._beside(subject))
        result = await self._verdicts.complete(account, _together(own.result(), others.result()))
        if self._teller.epoch(account.name) != epoch:
            return result
        if self._plan.accounts.get(account.name) == account:
            self._last[account.name] = result
        self._teller.tell(ProbeFinished(result=result))
        return result

    async def probe_named(self, name: str) -> ProbeResult | None:
        """The newest result of an account of the plan, from a probe made for it where none is fresh; None: there is no
        such account. Whoever asks at the same time gets the same probe, and who stops waiting does not stop it.
        """
        account = self._plan.accounts.get(name)
        if account is None:
            return None
        last = self._last.get(name)
        now = self._ports.clock.now()
        if last is not None and timedelta(0) <= now - last.started_at < timedelta(seconds=REQUEST_SPACING_S):
            return last
        asked = (name, self._teller.epoch(name))
        running = self._asked.get(asked)
        if running is None:
            running = asyncio.create_task(self.probe_once(account))
            self._asked[asked] = running
            running.add_done_callback(lambda _: self._asked.pop(asked, None))
        return await asyncio.shield(running)

    async def try_out(self, account: Account, locate: Locate) -> ProbeResult:
        """Whether an account that is in nobody's plan could send: its own check alone, after other probes of the same
        server. Nothing of it is kept or emitted but its login, which is tried even when the same password worked at
        this server lately: on another port or by another mechanism it may not. Refusals are heeded as ever.
        """
        usual = self._subject(account, LoginMode.SAFE)
        settings = replace(usual.settings, auth_interval=timedelta(0))
        subject = replace(
            usual,
            settings=settings,
            emit=self._teller.tell_login,
            locate=locate,
            way=way_of(account),
            offers=None,
            controls=None,
        )
        return await self._in_turn(subject)

    async def _in_turn(self, subject: Subject) -> ProbeResult:
        """The check of the account's own server, after others of that server."""
        host = Target.of(subject.account).host.lower()
        async with self._locks.setdefault(host, asyncio.Lock()), self._slots:
            delay_s = self._pace.delay_s(_now())
            if delay_s:
                await asyncio.sleep(delay_s)
            return await run_checks(subject, OWN_CHECKS)

    async def _beside(self, subject: Subject) -> ProbeResult:
        async with self._slots_beside:
            result, records = await asyncio.gather(run_checks(subject, OTHER_CHECKS), self._records.look(subject))
        trip = self._ports.round_trip(subject.account.name)
        return replace(result, checks=(*result.checks, *records, *(() if trip is None else (trip,))))

    def _over(self, host: str, _: Run) -> None:
        self._lines.done(host)
        self._changed.set()

    async def _probe_by_plan(self, name: str) -> None:
        run: Run | None = asyncio.current_task()
        assert run is not None
        try:
            account = self._plan.accounts.get(name)
            if account is not None:
                if account.oauth is not None:
                    # A token that is fetched and not kept may be the last one that the old one was good for.
                    self._under_way.hold(run)
                await self.probe_once(account, on_login=partial(self._under_way.hold, run))
        finally:
            if self._under_way.end(name, run):
                interval = self._plan.settings.interval
                self._timetable.finished(name, now_s=_now(), interval=interval, fraction=self._ports.random())

    async def _wait(self, until_s: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until_s):
                await self._changed.wait()

    def _subject(self, account: Account, login: LoginMode) -> Subject:
        return Subject(
            account=account,
            folder=self._plan.folder,
            settings=self._plan.settings,
            resolver=self._ports.resolver,
            clock=self._ports.clock,
            keys=self._ports.keys,
            memory=self._memory,
            emit=self._teller.tell_of(account.name),
            login=login,
            turns=self._turns,
            controls=self._controls,
            offers=self._offers,
        )


def _together(own: ProbeResult, others: ProbeResult) -> ProbeResult:
    return replace(own, seconds=max(own.seconds, others.seconds), checks=(*own.checks, *others.checks))


def _now() -> float:
    return asyncio.get_running_loop().time()
