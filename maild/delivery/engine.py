"""The engine: takes what is due out of the queue and sends it, for as long as the daemon runs.

The plan, in prose:

1. Recover what a crash left behind, and learn what waits.
2. Again and again: take due ids from the schedule (or from a lane that has room), lease them in one transaction, choose
   the account of each recipient anew, and put the parts into the accounts' lanes. Lease no more than the lanes hold.
3. In each lane, couriers with one session each carry the parts: copy added, dot written down, sent, judged.
4. Outcome to disk first, tell observers second, schedule third: a verdict is in the queue before the next message goes
   on that session, events and receipts come after it, and then the message waits for its next time or is done.
5. What an account could not take goes back uncharged and waits in its lane, by its id alone.
6. To stop: take nothing more, give the lines back, let the couriers finish what they have in hand, and at the deadline
   give back the rest; what had its end sent by then is written down as uncertain.

Everything runs in one task group. A task that dies of anything but cancellation is a bug and ends the engine loudly;
the messages it held are given back on the way out.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from maild.delivery.attempt import Attempt, Part
from maild.delivery.attempts import Attempts
from maild.delivery.changes import ChangeFollower
from maild.delivery.courier import Courier
from maild.delivery.dispatch import Dispatch
from maild.delivery.history import History
from maild.delivery.homes import Homes
from maild.delivery.lane import Lane
from maild.delivery.lessons import Lessons
from maild.delivery.plan import Plan
from maild.delivery.ports import EnginePorts, Tuning
from maild.delivery.provision import Provision
from maild.delivery.recorder import Recorder
from maild.delivery.recovery import recover
from maild.delivery.secrets import SecretWatch
from maild.delivery.snapshot import DeliverySnapshot
from maild.delivery.stocktaking import Stocktaking
from maild.delivery.trouble import Trouble
from maild.errors import InternalError, MaildError
from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.spool.queue import MessageState, Waiting

LAST_WRITES_S: Final = 5.0
"""What the way out may take: giving back and owed receipts."""


class Engine:
    """See above. All methods belong to the event loop that runs `run`."""

    def __init__(self, ports: EnginePorts, plan: Plan | None = None, tuning: Tuning | None = None) -> None:
        self.ports: Final = ports
        self.tuning: Final = tuning or Tuning()
        self._recorder: Final = Recorder(ports, self.tuning.storage_pause)
        self._plan = plan or Plan(generation=0, accounts={}, folder=Path())
        self._attempts: Final = Attempts(ports, self._recorder, self._plan, self._pool_of, self._rehome)
        self._homes: Final = Homes()
        self.lessons: Final = Lessons(ports.queue, self._recorder)
        self.history: Final = History(ports.queue, self._recorder)
        self._dispatch: Final = Dispatch(self, self._homes, self._attempts, self._recorder, self._plan)
        self._stocktaking: Final = Stocktaking(ports, self.tuning, self._homes, self._attempts, self._recorder)
        self._changes: Final = ChangeFollower(self, self._homes, self._attempts, self._recorder)
        self._secrets: Final = SecretWatch(self._homes, ports.keys, self.tuning)
        self._returns: list[Part] = []
        self._couriers: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        self._nudged: Final = asyncio.Event()
        self._over: Final = asyncio.Event()
        self._ended: Final = asyncio.Event()
        self._quiet: Final = asyncio.Event()
        self._quiet.set()  # nothing is being taken out of the queue
        self._is_stopping, self._is_over = False, False
        self.turned_at_s: float | None = None  # when it last looked what there is to do, on the loop's clock
        self._provision: Final = Provision(self, self._homes)
        self._provision.use(self._plan, None)

    # What the daemon calls.

    async def run(self) -> None:
        """Send until cancelled or stopped. Call it once.

        Raises:
            ExceptionGroup: a task of the engine failed; that is a bug.
        """
        try:
            async with asyncio.TaskGroup() as self._group:
                work = [
                    self._group.create_task(self._work(), name="delivery"),
                    self._group.create_task(self._recorder.write_receipts(), name="delivery receipts"),
                    self._group.create_task(self._changes.run(), name="delivery changes"),
                    self._group.create_task(self._secrets.run(), name="delivery secrets"),
                ]
                try:
                    await self._over.wait()
                finally:
                    self._is_over = True
                    for task in (*work, *self._couriers):
                        task.cancel()
        finally:
            await self._leave()
            self._ended.set()

    async def stop(self, deadline_s: float) -> None:
        """Take nothing more, finish what is in flight, and give back what is not finished by the deadline.

        Returns when everything is written down; the queue may be closed then.
        """
        self._is_stopping = True
        for lane in self._homes.lanes.values():
            lane.retire()
        self.nudge()
        try:
            async with asyncio.timeout(deadline_s):
                await self._quiet.wait()
                await self._attempts.emptied.wait()
        except TimeoutError:
            pass
        self._over.set()
        if self._group is not None:
            await self._ended.wait()

    async def prepare(self, plan: Plan) -> None:
        """Make what this plan needs, in many turns of the event loop, so that `use` takes a short one."""
        await self._provision.prepare(plan, self._plan)

    def use(self, plan: Plan) -> None:
        """Send by this plan from now on. What waits is routed anew where that can make a difference."""
        old, self._plan = self._plan, plan
        has_other_ways = self._dispatch.use(plan)
        gone = [self._homes.lanes[name] for name in plan.gone(old, self._homes.lanes.keys())]
        for lane in gone:
            lane.retire()
            lane.epoch += 1  # what is found of it now says nothing about a later account of this name
            lane.door.call_off()
            self._homes.remove_lane(lane)
        self._attempts.plan = plan
        self._provision.use(plan, old)
        if has_other_ways:
            for lane in [lane for lane in self._homes.lanes.values() if lane.line]:
                lane.clear_line()
            self._homes.free(*self._homes.lanes.values())
            self._homes.free_stranded()
        self.nudge()

    def wake(self, waiting: Sequence[Waiting]) -> None:
        """These were taken into the queue just now."""
        for one in waiting:
            self._homes.arrive(one)
        self.nudge()

    def account_probed(
        self,
        account: str,
        can_send: bool | None,  # noqa: FBT001 -- three-valued, as a probe's result has it
        detail: str,
        *,
        phase: Phase = Phase.CONNECT,
        reason: Reason = Reason.UNREACHABLE,
    ) -> None:
        """A probe looked at an account of the plan: True opens the way, False closes it, None says nothing. `detail`
        is a sentence that says why not; after a refused login the way is closed for longer.
        """
        lane = self._homes.lanes.get(account)
        if lane is None or can_send is None:
            return
        if can_send:
            lane.gate.heal()
        else:
            lane.trip(Trouble.of_probe(phase, reason, detail))

    def credentials_changed(self, accounts: Sequence[str]) -> None:
        """A file that these accounts log in with has changed: those that cannot send may be able to now."""
        for name in self._homes.lanes.keys() & accounts:
            self._homes.lanes[name].credentials_changed()
        self._secrets.look_soon()

    @property
    def trouble(self) -> str:
        """What the queue's storage suffers from; empty while it works."""
        return self._recorder.trouble

    @property
    def waiting(self) -> int:
        """How many messages are not done with."""
        return self._homes.resting_count + len(self._attempts.open)

    def trouble_of(self, account: str) -> Trouble | None:
        """Why this account cannot send; None when it can, or is not in the plan."""
        return self._homes.trouble_of(account)

    def snapshot(self) -> DeliverySnapshot:
        """What delivery is doing now."""
        now = self.ports.clock.now()
        return DeliverySnapshot(
            generation=self._plan.generation,
            accounts={
                name: lane.snapshot(now, self._homes.waiting_count(lane)) for name, lane in self._homes.lanes.items()
            },
            waiting=self._homes.resting_count + self._homes.in_line_count,
            in_flight=len(self._attempts.open) - self._homes.in_line_count,
            unroutable=self._homes.unroutable_count,
            next_at=self._homes.next_at(now),
            trouble=self._recorder.trouble,
            is_stopping=self._is_stopping,
        )

    # What the lanes call.

    def give_back(self, parts: list[Part]) -> None:
        """These leave their line untried; the working task writes it down."""
        self._returns.extend(parts)
        self.nudge()

    def recount(self) -> None:
        """Others have changed the queue: it is to be counted anew."""
        self._stocktaking.is_due = True

    def nudge(self) -> None:
        """Look at the lanes again."""
        self._nudged.set()

    def start_courier(self, lane: Lane) -> None:
        """One more courier for this lane."""
        if self._is_over:
            return
        courier = Courier(self, lane, self._attempts, self._recorder)
        task = self._spawn(courier.run(), f"courier of {lane.account.name}")
        self._couriers.add(task)
        task.add_done_callback(self._couriers.discard)

    # The working task.

    async def _work(self) -> None:
        await recover(self, self._homes, self._recorder)
        while True:
            self.turned_at_s = asyncio.get_running_loop().time()
            self._nudged.clear()
            await self._take_back()
            await self._provision.finish()
            await self.lessons.write()
            now = self.ports.clock.now()
            look_again_at: datetime | None = None
            if not self._is_stopping:
                self._quiet.clear()
                await self.history.learn(now)
                await self._stocktaking.step(now)
                has_worked, look_again_at = await self._dispatch.step(now)
                look_again_at = self._stocktaking.sooner(look_again_at)
                self._quiet.set()
                if has_worked:
                    # A queue in memory never waits; the couriers must have their turn all the same.
                    await asyncio.sleep(0)
                    continue
            await self._sleep_until(look_again_at, now)

    async def _take_back(self) -> None:
        while self._returns:
            parts, self._returns = self._returns, []
            await self._attempts.give_back(parts)

    async def _sleep_until(self, at: datetime | None, now: datetime) -> None:
        pause = self.tuning.sleep_at_most
        if at is not None:
            pause = min(pause, max(at - now, timedelta(0)))
        with suppress(TimeoutError):
            async with asyncio.timeout(pause.total_seconds()):
                await self._nudged.wait()

    def _pool_of(self, attempt: Attempt) -> str:
        return self._dispatch.pool_of(attempt)

    def _rehome(self, attempt: Attempt) -> None:
        """Schedule third: where a message waits that stays queued."""
        if attempt.message.state is MessageState.QUEUED:
            self._homes.put(attempt.message, is_first=attempt.is_first)
            self.nudge()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        if self._group is None:
            raise InternalError("a courier was called before the engine ran")
        return self._group.create_task(work, name=name)

    async def _leave(self) -> None:
        """Give back what is still out and write the receipts that are owed."""
        try:
            async with asyncio.timeout(LAST_WRITES_S):
                await self._attempts.abandon()
                if not self._quiet.is_set():
                    # Cancelled while taking out: the queue may have leased what nobody here has heard of.
                    await self.ports.queue.recover(now=self.ports.clock.now())
                await self._recorder.flush_receipts()
        except (OSError, MaildError, TimeoutError) as error:
            self._recorder.complain(error)
