"""The attempts under way: where parts come together again, so that a message is written and goes home exactly once.

A message may be split into parts that go through different accounts at the same time. Only the last part to end knows
what became of the whole; the others write their verdicts with the message still SENDING. Writes of one attempt never
overtake each other: a partial record written after the final one would leave the message SENDING for ever.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from maild.config.delivery_settings import OnUncertain
from maild.delivery.attempt import Attempt, Part
from maild.delivery.events import AnswerLost, AttemptFinished, MessageExpired
from maild.delivery.outcome import Circumstances, Outcome
from maild.delivery.plan import Plan
from maild.delivery.ports import EnginePorts
from maild.delivery.recorder import Recorder
from maild.errors import MaildError
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.verdict import Uncertain, Verdict
from maild.spool.queue import AttemptRecord, Leased, MessageState, QueuedMessage, QueueId


class Attempts:
    """Every message that is out of the queue. `pool_of` says what one waits for that was not its own fault; `rehome` is
    told of each that is queued again, or that is done.

    `plan` is the one in force.
    """

    def __init__(
        self,
        ports: EnginePorts,
        recorder: Recorder,
        plan: Plan,
        pool_of: Callable[[Attempt], str],
        rehome: Callable[[Attempt], None],
    ) -> None:
        self._ports: Final = ports
        self._recorder: Final = recorder
        self._pool_of: Final = pool_of
        self._rehome: Final = rehome
        self._locks: dict[QueueId, asyncio.Lock] = {}
        self.open: Final[dict[QueueId, Attempt]] = {}
        self.unsettled = 0
        """How many are being written down, and are in the queue and not at home, or the other way round."""
        self.plan = plan
        self.emptied: Final = asyncio.Event()
        self.emptied.set()

    def begin(self, leased: Leased, now: datetime) -> Attempt:
        """An attempt for a message that was just leased."""
        attempt = self.open[leased.message.id] = Attempt.of(leased, now)
        self.emptied.clear()
        return attempt

    async def write(self, part: Part, verdicts: Mapping[Mailbox, Verdict]) -> None:
        """Write verdicts of a part that goes on."""
        attempt = part.attempt
        async with self._lock_of(attempt):
            part.verdicts |= verdicts
            record = attempt.partial_record(part.account, dict(verdicts), self._ports.clock.now())
            await self._recorder.finish(attempt, record)
            attempt.dotted -= verdicts.keys()

    async def finish(self, part: Part, verdicts: Mapping[Mailbox, Verdict], seconds: float) -> None:
        """A part has ended: write its last verdicts and, when it was the last part, what became of the message.

        Args:
            part: no use after this.
            verdicts: those that are not written yet.
            seconds: how long it took.
        """
        with self._unsettled():
            await self._finish(part, verdicts, seconds)

    async def _finish(self, part: Part, verdicts: Mapping[Mailbox, Verdict], seconds: float) -> None:
        attempt = part.attempt
        async with self._lock_of(attempt):
            part.verdicts |= verdicts
            attempt.is_to_hold |= self._is_to_hold(part)
            attempt.open_parts -= 1
            outcome: Outcome | None = None
            if attempt.open_parts:
                record = attempt.partial_record(part.account, dict(verdicts), self._ports.clock.now())
            else:
                circumstances = self._circumstances(attempt, part.account)
                record, outcome = attempt.final_record(part.account, dict(verdicts), circumstances)
            message = await self._recorder.finish(attempt, record)
            attempt.dotted -= verdicts.keys()
        self._tell(part, message, record, seconds)
        if outcome is not None:
            self._close(attempt, outcome, part.account)

    async def give_back(self, parts: Sequence[Part]) -> None:
        """Parts that were not tried: their messages are queued again, in one transaction as far as possible.

        What is noted in a part's verdicts says why, and is written with it.
        """
        with self._unsettled():
            await self._give_back(parts)

    async def _give_back(self, parts: Sequence[Part]) -> None:
        together: list[tuple[Attempt, AttemptRecord, Outcome]] = []
        for part in parts:
            attempt = part.attempt
            if attempt.open_parts > 1 or attempt.verdicts or self._lock_of(attempt).locked():
                await self._give_back_one(part)
            else:
                attempt.open_parts = 0
                record, outcome = self._final_record(part)
                if outcome.state is MessageState.QUEUED:
                    together.append((attempt, record, outcome))
                else:
                    await self._recorder.finish(attempt, record)
                    self._close(attempt, outcome, part.account)
        if together:
            await self._recorder.finish_many([(attempt, record) for attempt, record, _ in together])
        # Each of the first goes before those that wait, so the last of them goes there first.
        firsts = [one for one in together if one[0].is_first]
        others = [one for one in together if not one[0].is_first]
        for attempt, _, outcome in (*reversed(firsts), *others):
            self._close(attempt, outcome, None)

    async def _give_back_one(self, part: Part) -> None:
        attempt = part.attempt
        async with self._lock_of(attempt):
            attempt.open_parts -= 1
            if attempt.open_parts:
                if part.verdicts:
                    record = attempt.partial_record(part.account, part.verdicts, self._ports.clock.now())
                    await self._recorder.finish(attempt, record)
                return
            record, outcome = self._final_record(part)
            await self._recorder.finish(attempt, record)
        self._close(attempt, outcome, None)

    @contextmanager
    def _unsettled(self) -> Iterator[None]:
        self.unsettled += 1
        try:
            yield
        finally:
            self.unsettled -= 1

    def _final_record(self, part: Part) -> tuple[AttemptRecord, Outcome]:
        account = part.account if part.verdicts and part.account else None
        return part.attempt.final_record(account, part.verdicts, self._circumstances(part.attempt, part.account))

    async def abandon(self) -> None:
        """Give everything back that is still out, with one try each: the engine ends.

        What had its end sent and no answer yet is uncertain; the rest was not sent, and is not charged.
        """
        for attempt in tuple(self.open.values()):
            try:
                await self._abandon_one(attempt)
            except (OSError, MaildError) as error:
                # Recovery at the next start finds it SENDING, and its dots marked.
                self._recorder.complain(error)
            self._forget(attempt)

    async def _abandon_one(self, attempt: Attempt) -> None:
        record = attempt.unwritten
        if record is not None:
            await self._recorder.write_once(attempt, record)
            attempt.dotted -= record.verdicts.keys()
            if record.next_state is not MessageState.SENDING:
                return
        lost: dict[Mailbox, Verdict] = {
            mailbox: Uncertain(phase=Phase.BODY, reason="maild was stopped before the server answered")
            for mailbox in attempt.dotted
        }
        account = attempt.message.last_account
        record, _ = attempt.final_record(account, lost, self._circumstances(attempt, account))
        await self._recorder.write_once(attempt, record)
        if lost:
            self._ports.emit(AnswerLost(id=attempt.message.id, account=account or attempt.message.account))

    def _tell(self, part: Part, message: QueuedMessage, record: AttemptRecord, seconds: float) -> None:
        if part.verdicts:
            self._ports.emit(
                AttemptFinished(
                    id=message.id,
                    account=part.account,
                    generation=self.plan.generation,
                    verdicts={mailbox: record.verdicts.get(mailbox, said) for mailbox, said in part.verdicts.items()},
                    state=message.state,
                    seconds=seconds,
                    waited_seconds=(record.finished_at - message.received_at).total_seconds(),
                    next_at=message.next_at if message.state is MessageState.QUEUED else None,
                    finished_at=record.finished_at,
                    notes=record.notes,
                )
            )

    def _close(self, attempt: Attempt, outcome: Outcome, account: str | None) -> None:
        self._forget(attempt)
        if outcome.given_up:
            self._ports.emit(MessageExpired(id=attempt.message.id, account=account))
        self._rehome(attempt)

    def _forget(self, attempt: Attempt) -> None:
        self.open.pop(attempt.message.id, None)
        self._locks.pop(attempt.message.id, None)
        if not self.open:
            self.emptied.set()

    def _lock_of(self, attempt: Attempt) -> asyncio.Lock:
        lock = self._locks.get(attempt.message.id)
        if lock is None:
            lock = self._locks[attempt.message.id] = asyncio.Lock()
        return lock

    def _is_to_hold(self, part: Part) -> bool:
        if not any(isinstance(one, Uncertain) for one in part.verdicts.values()):
            return False
        return self.plan.delivery_of(part.account).on_uncertain is OnUncertain.HOLD

    def _circumstances(self, attempt: Attempt, account: str | None) -> Circumstances:
        return Circumstances(
            settings=self.plan.delivery_of(account),
            usual_lifetime=self.plan.delivery.lifetime,
            now=self._ports.clock.now(),
            chance=self._ports.random(),
            pool=self._pool_of(attempt),
        )
