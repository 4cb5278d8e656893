"""Dispatch: from due messages to parts in lanes. Chooses what is leased next, and routes what was leased.

What is parked in a lane with room comes first; then, as long as some lane could use something, what is due by the
schedule. Of that, what belongs to a lane without room is parked there: looking ahead is what keeps one account's flood
from hiding another's message behind it. When no lane could use anything, nothing is taken out at all.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final, assert_never

from maild.config.delivery_settings import OnUncertain
from maild.delivery.attempt import Attempt, Home, Part
from maild.delivery.attempts import Attempts
from maild.delivery.detours import Detours
from maild.delivery.events import MessageUnroutable
from maild.delivery.homes import Homes
from maild.delivery.house import House
from maild.delivery.outcome import UNCERTAIN_PAUSE
from maild.delivery.outgoing import headers_of_message, sender_of_message
from maild.delivery.plan import Plan
from maild.delivery.recorder import Recorder
from maild.delivery.retry import JITTER
from maild.delivery.route import Chosen, Routed, RoutingFacts, RoutingTable, Unroutable, choose_account
from maild.mail.header import HeaderError
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Fault
from maild.spool.queue import Leased, QueuedMessage, QueuedRecipient, QueueId, RecipientState

MOST_TOLD: Final = 5000
"""So many messages of an account that cannot send are told so, one by one; the others are told when they are asked for.
"""

MOST_ANNOUNCED: Final = 10_000
"""So many messages without a way are known to be told of; others are told of again when the configuration changes."""


class Dispatch:
    """See above. `plan` is the one in force."""

    def __init__(self, house: House, homes: Homes, attempts: Attempts, recorder: Recorder, plan: Plan) -> None:
        self._house: Final = house
        self._ports: Final = house.ports
        self._homes: Final = homes
        self._attempts: Final = attempts
        self._recorder: Final = recorder
        self._announced: set[QueueId] = set()
        self._plan = plan
        self._table = plan.table
        self._detours = Detours(homes, self._table)

    def use(self, plan: Plan) -> bool:
        """Route by this plan from now on; returns whether that can make a difference."""
        before = self._table
        self._plan, self._table = plan, plan.table
        self._detours = Detours(self._homes, self._table)
        return self._table != before

    def pool_of(self, attempt: Attempt) -> str:
        """What a message waits for if it stays queued and was not charged; nameless: for its time."""
        match attempt.home:
            case Home.SCHEDULE:
                return ""
            case Home.NOWHERE:
                return self._homes.nowhere
            case Home.LANE:
                lane = attempt.lane or ""
                if attempt.may_detour and self._detours.has(lane, self._ports.clock.now()):
                    return ""
                return self._homes.pool_of(lane, attempt.message)
            case _:
                assert_never(attempt.home)

    async def step(self, now: datetime) -> tuple[bool, datetime | None]:
        """Take out, route and hand over what there is room for.

        Returns:
            Whether anything was taken out, and when to look again though nothing happens meanwhile.
        """
        self._detours.free(now)
        spans = self._homes.wanted()
        if spans:
            self._homes.fill(spans, await self._recorder.persist(lambda: self._ports.queue.waiting(spans)))
        ids, unparked, look_again_at = self._choose(now)
        if not ids:
            return bool(spans), look_again_at
        next_at = now + self._plan.delivery.retry[0]
        leased = await self._recorder.persist(lambda: self._ports.queue.lease(ids, now=now, next_at=next_at))
        self._homes.taken(one.message for one in leased)
        by_id = {one.message.id: one for one in leased}
        refused: list[Part] = []
        for number, id_ in enumerate(ids):
            one = by_id.get(id_)
            if one is not None:
                refused.extend(self._hand_over(one, now, was_parked=number < unparked))
        if refused:
            self._house.give_back(refused)
        return True, now

    def _choose(self, now: datetime) -> tuple[list[QueueId], int, datetime | None]:
        """What to lease next, how many of them at the beginning were parked, and when to look again."""
        due_at = self._homes.next_at(now)
        if (due_at is None or due_at > now) and not self._homes.has_parked:
            # Ten thousand accounts with nothing to send are not asked for their room.
            return [], 0, due_at
        ids: list[QueueId] = []
        room_left = 0
        is_wanted = not self._homes.lanes
        crowded: set[int] = set()
        times: list[datetime] = []
        for lane in self._homes.lanes.values():
            room = lane.room(now)
            parked = self._homes.unpark(lane, now, room)
            if not room and lane.line and lane.is_open(now):
                # No flood keeps others out of a line: whoever has nothing in it gets one message in.
                ids.extend(self._homes.unpark_fresh(lane, now))
                crowded.update(lane.line.streams)
            ids.extend(parked)
            room_left += room - len(parked)
            # While an account cannot send, its messages are taken out once, to be told so: not a million of them.
            is_telling = lane.gate.is_shut(now) and self._homes.parked_count(lane) < MOST_TOLD
            is_wanted = is_wanted or room > len(parked) or is_telling
            opens_at = lane.gate.opens_at()
            if opens_at is not None and self._homes.is_parked(lane):
                times.append(opens_at)
        unparked = len(ids)
        if is_wanted:
            # Of a look ahead, what has no room is leased in vain; with one account there is nobody to look for.
            ahead = self._house.tuning.look_ahead if len(self._homes.lanes) != 1 or not room_left else 0
            ids.extend(self._homes.take(now, max(room_left, ahead)))
            if (next_at := self._homes.next_at(now)) is not None:
                times.append(next_at)
        else:
            ids.extend(self._homes.take_fresh(now, crowded))
            times.extend(at for lane in self._homes.lanes.values() if (at := lane.gate.opens_at()) is not None)
        return ids, unparked, min((max(at, now) for at in times), default=None)

    def _hand_over(self, leased: Leased, now: datetime, *, was_parked: bool) -> list[Part]:
        """Split a message by its accounts and offer the parts; returns those that nobody could take."""
        attempt = self._attempts.begin(leased, now)
        parts = self._split(attempt)
        attempt.open_parts = len(parts)
        is_stranded = attempt.home is Home.NOWHERE
        refused = [part for part in parts if not self._offer(part, now, was_parked=was_parked)]
        if not is_stranded:
            self._announced.discard(leased.message.id)
        return refused

    def _offer(self, part: Part, now: datetime, *, was_parked: bool) -> bool:
        lane = self._homes.lanes.get(part.account)
        if lane is None:
            return False
        stream = part.attempt.message.stream
        # Nothing overtakes what is parked of its own stream.
        if lane.takes(now, stream) and (was_parked or not self._homes.holds(lane, stream)):
            lane.offer(part)
            return True
        part.attempt.wait_for(part.account, lane.gate.opens_at())
        part.attempt.may_detour = False
        verdict = lane.gate.shut_verdict()
        if verdict is not None:
            part.verdicts |= dict.fromkeys(part.recipients, verdict)
        return False

    def _split(self, attempt: Attempt) -> list[Part]:
        """One part for each account; one for no account, when somebody cannot be routed or nothing is to be sent."""
        message = attempt.message
        open_recipients = [recipient for recipient in message.recipients if not recipient.is_final]
        nobody = [Part(attempt=attempt, account="", recipients=())]
        if not open_recipients:
            return nobody
        groups: dict[Routed, list[QueuedRecipient]] = {}
        for recipient, routed in zip(open_recipients, self._route(attempt.leased, open_recipients), strict=True):
            groups.setdefault(routed, []).append(recipient)
            if recipient.state is RecipientState.UNCERTAIN:
                self._be_careful(attempt, recipient, routed)
        if attempt.is_to_hold or attempt.blocked_until is not None:
            return nobody
        return [self._part(attempt, routed, group) for routed, group in groups.items()]

    def _be_careful(self, attempt: Attempt, recipient: QueuedRecipient, routed: Routed) -> None:
        """Whether a recipient who may have got it already is to be sent to again, and when."""
        policy = self._plan.delivery_of(routed.account if isinstance(routed, Chosen) else None).on_uncertain
        match policy:
            case OnUncertain.RETRY:
                pass
            case OnUncertain.WAIT:
                until = (recipient.verdict_at or attempt.begun_at) + UNCERTAIN_PAUSE * (1 - JITTER)
                if until > attempt.begun_at:
                    attempt.blocked_until = max(until, attempt.blocked_until or until)
            case OnUncertain.HOLD:
                attempt.is_to_hold = True
            case _:
                assert_never(policy)

    def _part(self, attempt: Attempt, routed: Routed, group: Sequence[QueuedRecipient]) -> Part:
        mailboxes = tuple(recipient.mailbox for recipient in group)
        match routed:
            case Chosen(account=account):
                return Part(attempt=attempt, account=account, recipients=mailboxes)
            case Unroutable(detail=detail):
                self._strand(attempt, detail)
                verdict = Deferred(fault=Fault.LOCAL, phase=Phase.RESOLVE, reason=detail)
                return Part(
                    attempt=attempt, account="", recipients=mailboxes, verdicts=dict.fromkeys(mailboxes, verdict)
                )
            case _:
                assert_never(routed)

    def _strand(self, attempt: Attempt, detail: str) -> None:
        attempt.home = Home.NOWHERE
        if attempt.message.id not in self._announced:
            if len(self._announced) < MOST_ANNOUNCED:
                self._announced.add(attempt.message.id)
            self._ports.emit(MessageUnroutable(id=attempt.message.id, detail=detail))

    def _route(self, leased: Leased, recipients: Sequence[QueuedRecipient]) -> list[Routed]:
        try:
            facts = _facts(leased, self._table, self._detours.closed(self._ports.clock.now()))
        except HeaderError as error:
            return [Unroutable(detail=f"the header cannot be read: {error}")] * len(recipients)
        return [
            self._way_of_copy(leased.message, facts, recipient)
            if recipient.is_copy
            else choose_account(self._table, facts, recipient.mailbox)
            for recipient in recipients
        ]

    def _way_of_copy(self, message: QueuedMessage, facts: RoutingFacts, recipient: QueuedRecipient) -> Routed:
        """A copy goes the way of the account that wants it, not the way of mail to its address."""
        accounts = self._plan.accounts
        wanting = [name for name, account in accounts.items() if account.copy_to == recipient.mailbox]
        if message.last_account in wanting:
            return Chosen(account=message.last_account)
        if wanting:
            return Chosen(account=wanting[0])
        return choose_account(self._table, facts, recipient.mailbox)


def _facts(leased: Leased, table: RoutingTable, closed: AbstractSet[str]) -> RoutingFacts:
    """Read from the header only what the routes may ask for."""
    if leased.message.account is not None or not table.routes:
        return RoutingFacts(account=leased.message.account, sender="", headers={})
    headers: Mapping[str, Sequence[str]] = headers_of_message(leased) if table.needs_headers else {}
    return RoutingFacts(
        account=None,
        sender=sender_of_message(leased),
        headers=headers,
        id=leased.message.id,
        attempts_made=leased.message.attempts_made,
        closed=closed,
    )
