"""A courier: carries one message after the other on one session, and reports.

For every message: make it what the account sends, split it into transactions, and for each of them wait for the
budget, see that there is a session, write the dot down, send, judge, write the verdicts; then the next transaction.
While verdicts are being written, the envelope of the next message may be sent, but nothing of its body.
What goes wrong with the message is a verdict; what goes wrong with the account trips its gate and ends the work on the
message, which is queued again uncharged.

A session that was good a while ago and turns out to be gone before it took anything is no news about anybody: servers
hang up on idle clients. The message gets one more try at once on a new session.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NoReturn

from maild.delivery.aftermath import Aftermath
from maild.delivery.attempt import Home, Part
from maild.delivery.attempts import Attempts
from maild.delivery.blind_copy import add_copy
from maild.delivery.classify import Judgement, judge_opening, surplus_of, took_nothing
from maild.delivery.events import SessionOpened
from maild.delivery.house import House
from maild.delivery.lane import Lane
from maild.delivery.lessons import GUESSED_FOR
from maild.delivery.opening import learn, open_session, trip
from maild.delivery.outgoing import Outgoing, make_outgoing, unfit
from maild.delivery.recorder import Recorder
from maild.delivery.session_terms import SessionTerms
from maild.delivery.trouble import TroubleKind
from maild.delivery.used_session import UsedSession
from maild.mail.address import Mailbox
from maild.mail.header import HeaderError
from maild.mail.note import merged
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.net.keys import Key
from maild.net.step import NetError
from maild.spool.allowance import AllowanceKind
from maild.spool.queue import QueueError

PATIENCE: Final = timedelta(seconds=2)
"""A courier waits so long for the budget with a message in hand; a longer wait is the queue's business."""


class _PartOver(Exception):  # noqa: N818 -- not an error: the way out of a part that cannot go on
    """Nothing more of this part can be sent now; `verdict` is on the recipients that were not tried."""

    def __init__(self, verdict: Deferred | None = None) -> None:
        super().__init__()
        self.verdict = verdict


class Courier:
    """See above. `run` ends when the lane has no more use for it."""

    def __init__(self, house: House, lane: Lane, attempts: Attempts, recorder: Recorder) -> None:
        self._tuning: Final = house.tuning
        self._ports: Final = house.ports
        self._lane: Final = lane
        self._attempts: Final = attempts
        self._recorder: Final = recorder
        self._open: UsedSession | None = None
        self._is_surplus = False
        self._epoch = 0
        """Of the lane when the message in hand was made what its account sends."""
        self._aftermath: Final = Aftermath()

    async def run(self) -> None:
        """Carry messages until there are none."""
        try:
            while not self._is_surplus and (part := await self._next_part()) is not None:
                await self._carry(part)
            await self._aftermath.settled()
            await self._close()
        except BaseException:
            self._abort()
            await self._aftermath.give_up()
            self._lane.courier_gone(is_followed=False)
            raise
        self._lane.courier_gone(is_followed=True)

    async def _next_part(self) -> Part | None:
        if not self._lane.line:
            await self._aftermath.settled()
        idle = timedelta(0) if self._open is None else self._open.terms.idle
        return await self._lane.next_part(idle)

    async def _carry(self, part: Part) -> None:
        """Send one message; what became of it is written down while the envelope of the next one is on its way."""
        begun_at = asyncio.get_running_loop().time()
        self._lane.in_flight += 1
        try:
            verdicts = await self._send(part)
            await self._aftermath.settled()
        except BaseException:
            self._let_go(part)
            raise
        if self._is_surplus:
            self._let_go(part)
        else:
            self._aftermath.begin(self._write_down(part, verdicts, begun_at))
        if not self._may_go_on():
            await self._close()

    async def _write_down(self, part: Part, verdicts: Mapping[Mailbox, Verdict], begun_at: float) -> None:
        try:
            await self._attempts.finish(part, verdicts, asyncio.get_running_loop().time() - begun_at)
        finally:
            self._let_go(part)

    def _let_go(self, part: Part) -> None:
        self._lane.in_flight -= 1
        self._lane.gate.leave(part)
        for verdict in part.verdicts.values():
            self._lane.count(verdict)

    async def _send(self, part: Part) -> dict[Mailbox, Verdict]:
        """Send what can be sent; returns the verdicts that are not written yet."""
        unwritten: dict[Mailbox, Verdict] = {}
        self._epoch = self._lane.epoch
        try:
            outgoing = make_outgoing(part.attempt.leased, self._lane.account)
            part.attempt.notes = merged(part.attempt.notes, outgoing.notes)
            if (words := unfit(outgoing, self._lane.account)) is not None:
                return part.on_the_rest(Failed(fault=Fault.MESSAGE, phase=Phase.MAIL, reason=words))
            await add_copy(part, self._lane.account, self._ports.queue)
            transactions = deque(self._lane.split(outgoing, part.recipients))
            while transactions:
                recipients = transactions.popleft()
                judgements = await self._transact(part, outgoing, recipients)
                surplus = surplus_of(judgements)
                if surplus:
                    self._lane.learn(AllowanceKind.PER_MESSAGE, len(recipients) - len(surplus), GUESSED_FOR)
                    transactions.extendleft(reversed(self._lane.split(outgoing, surplus)))
                unwritten = {mailbox: one.verdict for mailbox, one in judgements.items() if mailbox not in surplus}
                trouble = next((one.trouble for one in judgements.values() if one.trouble is not None), None)
                if trouble is not None:
                    is_old = self._is_outdated
                    until = None if is_old else await trip(trouble, self._lane, self._ports.keys, self._open)
                    part.attempt.wait_for(self._lane.account.name, until or self._ports.clock.now())
                    break
                if transactions:
                    await self._attempts.write(part, unwritten)
                    unwritten = {}
        except _PartOver as over:
            if over.verdict is not None:
                unwritten = part.on_the_rest(over.verdict)
        except HeaderError as error:
            words = f"the header cannot be read: {error}"
            unwritten = part.on_the_rest(Failed(fault=Fault.MESSAGE, phase=Phase.MAIL, reason=words))
        except QueueError as error:
            # The dot could not be written down, so the message was not sent.
            self._recorder.complain(error)
            part.attempt.home = Home.SCHEDULE
            words = f"the queue's storage failed: {error}"
            unwritten = part.on_the_rest(Deferred(fault=Fault.LOCAL, phase=Phase.BODY, reason=words))
        return unwritten

    async def _transact(
        self, part: Part, outgoing: Outgoing, recipients: tuple[Mailbox, ...]
    ) -> Mapping[Mailbox, Judgement]:
        """One transaction, on a second session when the first one had died of age."""
        budget = self._lane.gate.budget
        await self._wait_for_budget(part, len(recipients))
        used = await self._session_for(part)
        # Asked again, since logging in takes its time; and nothing may come between the answer and the spending.
        await self._wait_for_budget(part, len(recipients))
        budget.spend(self._ports.clock.now(), len(recipients))
        taken = 0
        try:
            carried = used.messages_sent
            judgements = await self._deliver(used, part, outgoing, recipients)
            if carried and self._wants_fresh(used, carried, judgements):
                self._abort()
                used = await self._session_for(part)
                judgements = await self._deliver(used, part, outgoing, recipients)
            taken = sum(1 for one in judgements.values() if isinstance(one.verdict, Delivered | Uncertain))
        finally:
            budget.refund(len(recipients) - taken)
        if not self._is_outdated:
            learn(self._lane, used, judgements)
        return judgements

    async def _deliver(
        self, used: UsedSession, part: Part, outgoing: Outgoing, recipients: tuple[Mailbox, ...]
    ) -> Mapping[Mailbox, Judgement]:
        attempt = part.attempt
        if self._is_outdated:
            self._start_over(part)

        async def before_dot(accepted: tuple[Mailbox, ...]) -> None:
            await self._ports.queue.mark_dot(attempt.message.id, accepted, now=self._ports.clock.now())
            attempt.dotted |= set(accepted)
            # The two share a transaction. No message goes out on a session whose last verdicts could still be lost.
            await self._aftermath.settled()

        used.messages_sent += 1
        used.lowerings = self._lane.cap.lowerings
        try:
            return await used.session.deliver(outgoing, recipients, before_dot)
        except QueueError:
            self._abort()
            raise

    def _wants_fresh(self, used: UsedSession, carried: int, judgements: Mapping[Mailbox, Judgement]) -> bool:
        """Whether the message is to go again at once, on a new session: this one had died, or carries no more."""
        if all(one.is_session_over for one in judgements.values()):
            self._lane.learn(AllowanceKind.PER_SESSION, carried, GUESSED_FOR)
            return True
        return not used.session.is_usable and took_nothing(judgements)

    async def _wait_for_budget(self, part: Part, recipients: int) -> None:
        while (free_at := self._lane.gate.budget.free_at(now := self._ports.clock.now(), recipients)) > now:
            if free_at - now > PATIENCE:
                part.attempt.wait_for(self._lane.account.name, free_at, is_first=True)
                self._lane.block(free_at)
                raise _PartOver
            await asyncio.sleep((free_at - now).total_seconds())

    async def _session_for(self, part: Part) -> UsedSession:
        if self._open is not None and self._may_go_on():
            return self._open
        await self._close()
        async with self._lane.door.passage(self._lane.epoch):
            return await self._open_session(part)

    async def _open_session(self, part: Part) -> UsedSession:
        lane = self._lane
        if lane.gate.is_tripped:
            # While this one waited at the door, another was turned away.
            part.attempt.wait_for(lane.account.name, lane.gate.opens_at())
            raise _PartOver(lane.gate.shut_verdict())
        loop = asyncio.get_running_loop()
        epoch, begun_at = lane.epoch, loop.time()
        with lane.door.knocking() as knock:
            try:
                session = await knock.answer(open_session(lane, self._ports.keys, knock))
            except NetError as error:
                raise _PartOver(self._opening_failed(part, error, knock.key)) from None
        if session is None:
            self._start_over(part)
        terms = SessionTerms.of(lane.account, self._tuning)
        opened = self._open = UsedSession(
            session=session, key=knock.key, opened_at=loop.time(), epoch=epoch, most=lane.session_messages, terms=terms
        )
        lane.sessions += 1
        lane.door.let_in(epoch)
        self._ports.emit(SessionOpened(account=lane.account.name, seconds=loop.time() - begun_at))
        return opened

    def _opening_failed(self, part: Part, error: NetError, key: Key | None) -> Deferred | None:
        """What to say about the message, if it is not for another courier."""
        lane = self._lane
        if self._is_outdated:
            self._start_over(part)
        trouble = judge_opening(error)
        if lane.sessions > 0 and trouble.kind is TroubleKind.LINE:
            lane.lower_cap(self._ports.clock.now())
            if not part.verdicts:
                lane.put_back(part)
                self._is_surplus = True
                return None
        if trouble.kind is TroubleKind.LOGIN:
            lane.refused_key = key
            lane.door.shut()
        part.attempt.wait_for(lane.account.name, lane.trip(trouble))
        return Deferred(fault=Fault.ACCOUNT, phase=error.phase, reason=trouble.detail, reply=error.reply)

    @property
    def _is_outdated(self) -> bool:
        """Whether the account was replaced since the message was made for it: what is found is no news of this one."""
        return self._lane.epoch != self._epoch

    def _start_over(self, part: Part) -> NoReturn:
        """The message goes again at once, as the account in force has it."""
        part.attempt.wait_for(self._lane.account.name, self._ports.clock.now(), is_first=True)
        raise _PartOver

    def _may_go_on(self) -> bool:
        """Whether the open session may carry another message."""
        used = self._open
        return used is None or used.may_go_on(asyncio.get_running_loop().time(), self._lane.epoch)

    async def _close(self) -> None:
        """Take leave of the server; of a session that is doubtful, without a word."""
        if self._open is not None and self._open.session.is_usable:
            await self._open.session.close()
        self._abort()

    def _abort(self) -> None:
        if self._open is not None:
            self._open.session.abort()
            self._open = None
            self._lane.sessions -= 1
            if not self._lane.sessions:
                self._lane.door.shut()
