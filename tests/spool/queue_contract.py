"""What every queue must do, whatever it is made of: subclass `QueueContract` and say how one is opened."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Fault, Verdict
from maild.spool.allowance import Allowance, AllowanceKind
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import (
    AccountSender,
    Census,
    FileBody,
    InlineBody,
    Leased,
    MessageState,
    NullSender,
    Queue,
    QueuedMessage,
    QueuedRecipient,
    QueueFilter,
    RecipientState,
    SenderChoice,
    Span,
    Waiting,
)
from tests.spool.messages import (
    ANNA,
    BERT,
    CARL,
    DEFERRED,
    DELIVERED,
    FAILED,
    LIFETIME,
    NOW,
    UNCERTAIN,
    make_arrival,
    make_id,
    make_record,
    make_source,
)

LATER = NOW + timedelta(minutes=10)
NEXT = NOW + timedelta(minutes=1)
ONE = make_id(1)
TWO = make_id(2)
DORA = Mailbox.parse("dora@example.org")
NO_LOGIN: Final = Deferred(fault=Fault.ACCOUNT, phase=Phase.AUTH, reason="the login was refused")
SENDERS: Final[tuple[SenderChoice, ...]] = (AccountSender(), NullSender(), CARL)
VERDICTS: Final[Mapping[Mailbox, Verdict]] = {ANNA: DELIVERED, BERT: DEFERRED, CARL: FAILED, DORA: UNCERTAIN}


class QueueContract:
    """The tests; a subclass gives `open_queue`."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.bodies = tmp_path / "bodies"
        self.bodies.mkdir(exist_ok=True)

    async def open_queue(self) -> Queue:
        raise NotImplementedError

    def run(self, scenario: Callable[[Queue], Awaitable[None]]) -> None:
        async def whole() -> None:
            queue = await self.open_queue()
            try:
                await scenario(queue)
            finally:
                await queue.close()

        asyncio.run(whole())

    def make_file_body(self, name: str) -> FileBody:
        path = self.bodies / name
        path.write_bytes(b"long\r\n")
        return FileBody(path=path, size_bytes=6)

    # ------------------------------------------------------------------ taking in

    def test_an_accepted_message_can_be_shown_as_it_arrived(self) -> None:
        async def scenario(queue: Queue) -> None:
            ids = await queue.accept([make_arrival(recipients=(ANNA, CARL), account="billing")])

            assert ids == (ONE,)
            assert await queue.show(ONE) == Leased(
                message=QueuedMessage(
                    id=ONE,
                    state=MessageState.QUEUED,
                    sender=AccountSender(),
                    recipients=(QueuedRecipient(mailbox=ANNA), QueuedRecipient(mailbox=CARL)),
                    message_id="<1@example.org>",
                    size_bytes=len(b"Subject: hello\r\n\r\nHello.\r\n"),
                    received_at=NOW,
                    expires_at=NOW + LIFETIME,
                    next_at=NOW,
                    account="billing",
                    drop="1.eml",
                    pool="billing",
                ),
                head=b"Subject: hello\r\n",
                body=InlineBody(data=b"Hello.\r\n"),
            )

        self.run(scenario)

    def test_every_kind_of_sender_comes_back(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(number, sender=sender) for number, sender in enumerate(SENDERS)])

            found = await queue.select(QueueFilter())

            assert [message.sender for message in found] == list(SENDERS)

        self.run(scenario)

    def test_a_body_in_a_file_comes_back_as_that_file(self) -> None:
        async def scenario(queue: Queue) -> None:
            body = self.make_file_body("1.body")
            await queue.accept([make_arrival(body=body)])

            shown = await queue.show(ONE)

            assert shown is not None
            assert shown.body == body
            assert shown.message.size_bytes == len(b"Subject: hello\r\n\r\n") + 6

        self.run(scenario)

    def test_a_recipient_named_twice_is_one(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(recipients=(ANNA, BERT, ANNA))])

            (message,) = await queue.select(QueueFilter())

            assert [recipient.mailbox for recipient in message.recipients] == [ANNA, BERT]

        self.run(scenario)

    def test_a_file_the_ledger_knows_is_not_taken_twice(self) -> None:
        async def scenario(queue: Queue) -> None:
            assert await queue.is_taken(make_source(7)) is None
            await queue.accept([make_arrival(1, source=make_source(7))])

            ids = await queue.accept([make_arrival(2, source=make_source(7)), make_arrival(3, source=make_source(8))])

            assert ids == (ONE, make_id(3))
            assert await queue.is_taken(make_source(7)) == ONE
            assert await queue.is_taken(replace(make_source(7), ctime_ns=1)) is None
            assert await queue.show(TWO) is None

        self.run(scenario)

    def test_a_file_that_lies_there_still_is_not_forgotten(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, source=make_source(7))])
            await queue.delete([ONE], now=NOW)
            await queue.accept([make_arrival(2, source=make_source(7), received_at=LATER)])
            await queue.purge(before=LATER)

            assert await queue.is_taken(make_source(7)) == ONE

        self.run(scenario)

    def test_a_file_given_twice_in_one_call_is_taken_once(self) -> None:
        async def scenario(queue: Queue) -> None:
            ids = await queue.accept([make_arrival(1, source=make_source(7)), make_arrival(2, source=make_source(7))])

            assert ids == (ONE, ONE)

        self.run(scenario)

    def test_the_ledger_knows_sidecars_too(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, source=make_source(7), sidecar=make_source(8))])

            assert await queue.is_taken(make_source(8)) == ONE

        self.run(scenario)

    # ------------------------------------------------------------------ the schedule's view

    def test_what_waits_is_read_in_spans_soonest_first(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept(
                [
                    make_arrival(1, not_before=LATER),
                    *(make_arrival(number) for number in range(2, 6)),
                    make_arrival(6, stream=7),
                    make_arrival(7, account="billing"),
                ]
            )
            await queue.hold([make_id(3)], now=NOW)
            first = Span(pool="", stream=NORMAL_STREAM, after=None, limit=2)
            second = replace(first, after=(NOW, make_id(4)), limit=9)

            found = await queue.waiting([first, second, replace(first, stream=7), replace(first, pool="billing")])

            assert found == (
                (Waiting(id=TWO, next_at=NOW), Waiting(id=make_id(4), next_at=NOW)),
                (Waiting(id=make_id(5), next_at=NOW), Waiting(id=ONE, next_at=LATER)),
                (Waiting(id=make_id(6), next_at=NOW, stream=7),),
                (Waiting(id=make_id(7), next_at=NOW, pool="billing"),),
            )
            assert await queue.waiting([]) == ()

        self.run(scenario)

    def test_the_census_says_what_waits_for_what(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(number) for number in (1, 2, 3, 4)])
            await queue.accept([make_arrival(5, stream=7), make_arrival(6, account="billing")])
            await queue.hold([ONE], now=NOW)
            await queue.lease([TWO, make_id(3), make_id(4)], now=NOW, next_at=NEXT)
            records = [
                make_record(number, verdicts={ANNA: NO_LOGIN}, next_state=MessageState.QUEUED) for number in (2, 3)
            ]
            await queue.record([records[0], replace(records[1], pool="shop/2")])

            assert await queue.census() == Census(
                pools={("", NORMAL_STREAM): 1, ("", 7): 1, ("billing", NORMAL_STREAM): 1, ("shop/2", NORMAL_STREAM): 1},
                deferred={"billing": 1},
            )

        self.run(scenario)

    def test_what_is_due_is_counted(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, not_before=LATER), make_arrival(2), make_arrival(3)])
            await queue.lease([make_id(3)], now=NOW, next_at=NEXT)

            assert await queue.due(now=NOW) == 1
            assert await queue.due(now=LATER) == 2

        self.run(scenario)

    def test_a_lease_says_how_long_a_message_has_waited_for_others(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1), make_arrival(2, not_before=NEXT), make_arrival(3, not_before=LATER)])

            leased = await queue.lease([ONE, TWO, make_id(3)], now=LATER, next_at=LATER + timedelta(minutes=1))

            assert [one.stood_still for one in leased] == [timedelta(minutes=minutes) for minutes in (10, 9, 0)]

        self.run(scenario)

    def test_what_was_done_with_last_is_known_by_its_drops(self) -> None:
        async def scenario(queue: Queue) -> None:
            assert await queue.lately_done(timedelta(minutes=1)) == ()
            await queue.accept([make_arrival(number) for number in (1, 2, 3, 4)])
            await queue.accept([replace(make_arrival(5), drop=None), replace(make_arrival(6), drop="3.eml")])
            await queue.delete([ONE], now=NOW)
            await queue.delete([TWO], now=NOW + timedelta(seconds=1))
            await queue.delete([make_id(number) for number in (3, 5, 6)], now=NOW + timedelta(seconds=61))

            assert sorted(await queue.lately_done(timedelta(minutes=1))) == ["2.eml", "3.eml"]

        self.run(scenario)

    def test_messages_whose_answer_was_lost_are_counted_until_they_are_history(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(number, recipients=(ANNA, BERT)) for number in (1, 2, 3)])
            await queue.lease([ONE, TWO, make_id(3)], now=NOW, next_at=NEXT)
            lost = {ANNA: UNCERTAIN, BERT: UNCERTAIN}
            await queue.record(
                [make_record(number, verdicts=lost, next_state=MessageState.QUEUED) for number in (1, 2)]
            )
            assert await queue.uncertain() == 2
            await queue.hold([ONE], now=NOW)
            assert await queue.uncertain() == 2
            await queue.delete([TWO], now=NOW)
            assert await queue.uncertain() == 1
            await queue.release([ONE], now=NOW)
            assert await queue.uncertain() == 0

        self.run(scenario)

    def test_what_providers_allow_is_kept_until_it_ends(self) -> None:
        async def scenario(queue: Queue) -> None:
            per_day = Allowance(kind=AllowanceKind.PER_DAY, value=500, until=LATER)
            per_minute = Allowance(kind=AllowanceKind.PER_MINUTE, value=9, until=NEXT)
            await queue.set_allowances({"billing": [per_minute, per_day], "shop": [per_minute], "gone": []})

            assert await queue.allowances(now=NOW) == {"billing": (per_day, per_minute), "shop": (per_minute,)}
            assert await queue.allowances(now=NEXT) == {"billing": (per_day,)}
            await queue.set_allowances({"billing": [per_minute]})
            assert (await queue.allowances(now=NOW))["billing"] == (per_minute,)

        self.run(scenario)

    def test_counts_are_of_the_living(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(number) for number in range(1, 6)])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.hold([TWO], now=NOW)
            await queue.delete([make_id(3)], now=NOW)

            assert await queue.counts() == {
                MessageState.QUEUED: 2,
                MessageState.SENDING: 1,
                MessageState.HELD: 1,
            }

        self.run(scenario)

    # ------------------------------------------------------------------ attempts

    def test_a_lease_moves_the_next_attempt_forward_before_anything_is_tried(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])

            (leased,) = await queue.lease([ONE], now=NOW, next_at=NEXT)

            assert leased.message.state is MessageState.SENDING
            assert leased.message.next_at == NEXT
            assert (leased.head, leased.body) == (b"Subject: hello\r\n", InlineBody(data=b"Hello.\r\n"))
            assert await queue.due(now=NEXT) == 0

        self.run(scenario)

    def test_what_is_not_queued_is_not_leased(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1), make_arrival(2), make_arrival(3)])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.hold([TWO], now=NOW)

            leased = await queue.lease([ONE, TWO, make_id(3), make_id(99)], now=NOW, next_at=NEXT)

            assert [one.message.id for one in leased] == [make_id(3)]

        self.run(scenario)

    def test_every_verdict_comes_back_as_it_was_given(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(recipients=tuple(VERDICTS))])
            await queue.lease([ONE], now=NOW, next_at=NEXT)

            (message,) = await queue.record(
                [make_record(verdicts=VERDICTS, next_state=MessageState.QUEUED, next_at=LATER, is_charged=True)]
            )

            assert message.recipients == (
                QueuedRecipient(mailbox=ANNA, state=RecipientState.DELIVERED, verdict=DELIVERED, verdict_at=NOW),
                QueuedRecipient(mailbox=BERT, state=RecipientState.WAITING, verdict=DEFERRED, verdict_at=NOW),
                QueuedRecipient(mailbox=CARL, state=RecipientState.FAILED, verdict=FAILED, verdict_at=NOW),
                QueuedRecipient(mailbox=DORA, state=RecipientState.UNCERTAIN, verdict=UNCERTAIN, verdict_at=NOW),
            )
            assert (message.state, message.next_at) == (MessageState.QUEUED, LATER)
            assert (message.attempts_made, message.last_account, message.changed_at) == (1, "billing", NOW)
            assert await queue.select(QueueFilter()) == (message,)

        self.run(scenario)

    def test_parts_of_an_attempt_are_recorded_while_it_goes_on(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(recipients=(ANNA, BERT))])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.mark_dot(ONE, [BERT], now=NOW)

            (first,) = await queue.record([make_record(verdicts={ANNA: FAILED}, next_state=MessageState.SENDING)])
            (second,) = await queue.record([make_record(verdicts={BERT: DELIVERED}, next_state=MessageState.FAILED)])

            assert (first.state, first.attempts_made, first.recipients[1].dot_at) == (MessageState.SENDING, 0, NOW)
            assert second.state is MessageState.FAILED
            assert [recipient.verdict for recipient in second.recipients] == [FAILED, DELIVERED]
            assert second.recipients[1].dot_at is None

        self.run(scenario)

    def test_a_final_verdict_is_never_overwritten(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(recipients=(ANNA, BERT))])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record([make_record(verdicts={ANNA: DELIVERED}, next_state=MessageState.SENDING)])

            (message,) = await queue.record(
                [make_record(verdicts={ANNA: DEFERRED, BERT: DEFERRED}, next_state=MessageState.QUEUED)]
            )

            assert [recipient.verdict for recipient in message.recipients] == [DELIVERED, DEFERRED]

        self.run(scenario)

    def test_a_marked_dot_without_a_verdict_is_uncertain_when_the_attempt_is_over(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(recipients=(ANNA, BERT))])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.mark_dot(ONE, [ANNA], now=NOW)

            (message,) = await queue.record([make_record(verdicts={}, next_state=MessageState.QUEUED)])

            states = [recipient.state for recipient in message.recipients]
            assert states == [RecipientState.UNCERTAIN, RecipientState.WAITING]

        self.run(scenario)

    def test_a_dot_is_marked_only_while_the_message_is_sent(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])
            await queue.mark_dot(ONE, [ANNA], now=NOW)

            (message,) = await queue.select(QueueFilter())
            assert message.recipients[0].dot_at is None

        self.run(scenario)

    def test_history_takes_no_verdict(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])
            await queue.delete([ONE], now=NOW)

            (message,) = await queue.record([make_record(verdicts={ANNA: DEFERRED}, next_state=MessageState.QUEUED)])
            nothing = await queue.record([make_record(99, verdicts={}, next_state=MessageState.QUEUED)])

            assert message.state is MessageState.DELETED
            assert nothing == ()

        self.run(scenario)

    @pytest.mark.parametrize("final", [MessageState.SENT, MessageState.FAILED])
    def test_a_message_that_became_final_has_no_content_any_more(self, final: MessageState) -> None:
        async def scenario(queue: Queue) -> None:
            body = self.make_file_body("1.body")
            await queue.accept([make_arrival(1, body=body), make_arrival(2)])
            await queue.lease([ONE, TWO], now=NOW, next_at=NEXT)

            await queue.record([make_record(number, verdicts={ANNA: FAILED}, next_state=final) for number in (1, 2)])

            for id_ in (ONE, TWO):
                shown = await queue.show(id_)
                assert shown is not None
                assert (shown.message.state, shown.head, shown.body) == (final, b"", InlineBody(data=b""))
            assert not body.path.exists()

        self.run(scenario)

    def test_a_copy_is_added_once(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(recipients=(ANNA,))])

            for mailbox in (BERT, BERT, ANNA):
                await queue.add_copy(ONE, mailbox)
            await queue.add_copy(make_id(99), BERT)

            (message,) = await queue.select(QueueFilter())
            assert message.recipients == (
                QueuedRecipient(mailbox=ANNA),
                QueuedRecipient(mailbox=BERT, is_copy=True),
            )

        self.run(scenario)

    def test_deliveries_are_counted_by_account_for_the_budget(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(number, recipients=(ANNA, BERT)) for number in (1, 2, 3)])
            await queue.lease([ONE, TWO, make_id(3)], now=NOW, next_at=NEXT)
            both = {ANNA: DELIVERED, BERT: DELIVERED}
            await queue.record([make_record(1, verdicts=both, next_state=MessageState.SENT)])
            await queue.record(
                [
                    make_record(2, verdicts=both, next_state=MessageState.SENT, finished_at=LATER),
                    make_record(
                        3,
                        verdicts={ANNA: DELIVERED, BERT: FAILED},
                        next_state=MessageState.FAILED,
                        finished_at=LATER,
                        account="shop",
                    ),
                ]
            )

            assert await queue.sent_since(NOW) == {"billing": 4, "shop": 1}
            assert await queue.sent_since(LATER + timedelta(seconds=59)) == {"billing": 2, "shop": 1}
            assert await queue.sent_since(LATER + timedelta(minutes=1)) == {}

        self.run(scenario)

    # ------------------------------------------------------------------ after a crash

    def test_recovery_puts_back_what_was_being_sent_and_says_what_is_uncertain(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, recipients=(ANNA, BERT, CARL)), make_arrival(2)])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record([make_record(verdicts={CARL: FAILED}, next_state=MessageState.SENDING)])
            await queue.mark_dot(ONE, [ANNA, CARL], now=NOW)

            (message,) = await queue.recover(now=LATER)

            assert (message.id, message.state, message.next_at) == (ONE, MessageState.QUEUED, NEXT)
            assert [recipient.state for recipient in message.recipients] == [
                RecipientState.UNCERTAIN,
                RecipientState.WAITING,
                RecipientState.FAILED,
            ]
            assert await queue.recover(now=LATER) == ()

        self.run(scenario)

    # ------------------------------------------------------------------ people's commands

    def test_held_mail_rests_and_its_lifetime_with_it(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])

            (held,) = await queue.hold([ONE, make_id(99)], now=NOW)
            nothing = await queue.hold([ONE], now=NOW)
            (released,) = await queue.release([ONE], now=LATER)

            assert (held.state, held.held_at) == (MessageState.HELD, NOW)
            assert nothing == ()
            assert (released.state, released.next_at, released.held_at) == (MessageState.QUEUED, LATER, None)
            assert released.expires_at == NOW + LIFETIME + (LATER - NOW)

        self.run(scenario)

    def test_an_uncertain_message_may_be_held_and_its_release_tries_again(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])
            await queue.lease([ONE], now=NOW, next_at=NEXT)

            (held,) = await queue.record([make_record(verdicts={ANNA: UNCERTAIN}, next_state=MessageState.HELD)])
            (released,) = await queue.release([ONE], now=LATER)

            assert (held.state, held.held_at) == (MessageState.HELD, NOW)
            assert released.recipients == (QueuedRecipient(mailbox=ANNA, verdict=UNCERTAIN, verdict_at=NOW),)

        self.run(scenario)

    def test_a_clock_set_back_shortens_no_life(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])
            await queue.hold([ONE], now=LATER)

            (released,) = await queue.release([ONE], now=NOW)

            assert released.expires_at == NOW + LIFETIME

        self.run(scenario)

    def test_retry_makes_queued_mail_due_now(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, not_before=LATER), make_arrival(2)])
            await queue.hold([TWO], now=NOW)

            (message,) = await queue.retry([ONE, TWO], now=NEXT)

            assert (message.id, message.next_at) == (ONE, NEXT)

        self.run(scenario)

    def test_what_is_being_sent_can_be_neither_held_nor_deleted(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])
            await queue.lease([ONE], now=NOW, next_at=NEXT)

            assert await queue.hold([ONE], now=NOW) == ()
            assert await queue.retry([ONE], now=NOW) == ()
            assert await queue.release([ONE], now=NOW) == ()
            assert await queue.delete([ONE], now=NOW) == ()

        self.run(scenario)

    def test_deleted_mail_is_history_without_content(self) -> None:
        async def scenario(queue: Queue) -> None:
            body = self.make_file_body("1.body")
            await queue.accept([make_arrival(1, body=body), make_arrival(2)])
            await queue.hold([TWO], now=NOW)

            deleted = await queue.delete([ONE, TWO], now=NOW)

            assert [(message.id, message.state) for message in deleted] == [
                (ONE, MessageState.DELETED),
                (TWO, MessageState.DELETED),
            ]
            assert not body.path.exists()
            assert await queue.select(QueueFilter()) == ()

        self.run(scenario)

    def test_own_changes_are_no_news(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival()])
            await queue.hold([ONE], now=NOW)

            assert await queue.changed() == ()

        self.run(scenario)

    # ------------------------------------------------------------------ looking

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            (QueueFilter(), [1, 2, 3]),
            (QueueFilter(limit=2), [1, 2]),
            (QueueFilter(ids=(make_id(4), TWO, make_id(99))), [2, 4]),
            (QueueFilter(ids=(make_id(4), TWO), states=(MessageState.DELETED,)), [4]),
            (QueueFilter(states=(MessageState.HELD, MessageState.DELETED)), [3, 4]),
            (QueueFilter(account="billing"), [1]),
            (QueueFilter(account="shop"), [2]),
            (QueueFilter(sender="*@EXAMPLE.org"), [2]),
            (QueueFilter(sender="<>"), [3]),
            (QueueFilter(sender="*"), [2]),
            (QueueFilter(recipient="anna@*"), [1, 2]),
            (QueueFilter(recipient='"carl ?"@example.org'), [1]),
            (QueueFilter(recipient="[a-b]ert@example.org", states=(MessageState.HELD,)), [3]),
            (QueueFilter(ids=()), []),
            (QueueFilter(states=()), []),
            (QueueFilter(drops=("4.eml", "2.eml", "other.eml")), [2, 4]),
            (QueueFilter(drops=("4.eml", "2.eml"), states=(MessageState.DELETED,)), [4]),
        ],
    )
    def test_a_filter_selects_by_everything_it_gives(self, wanted: QueueFilter, expected: list[int]) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept(
                [
                    make_arrival(1, recipients=(ANNA, CARL), account="shop"),
                    make_arrival(2, sender=BERT, account="shop"),
                    make_arrival(3, sender=NullSender(), recipients=(BERT,)),
                    make_arrival(4),
                ]
            )
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record([make_record(1, verdicts={ANNA: DEFERRED}, next_state=MessageState.QUEUED)])
            await queue.hold([make_id(3)], now=NOW)
            await queue.delete([make_id(4)], now=NOW)

            assert [message.id for message in await queue.select(wanted)] == [make_id(number) for number in expected]

        self.run(scenario)

    def test_the_oldest_come_first(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, received_at=LATER), make_arrival(2, received_at=NOW)])

            assert [message.id for message in await queue.select(QueueFilter())] == [TWO, ONE]

        self.run(scenario)

    def test_what_is_not_there_cannot_be_shown(self) -> None:
        async def scenario(queue: Queue) -> None:
            assert await queue.show(ONE) is None

        self.run(scenario)

    # ------------------------------------------------------------------ forgetting

    def test_purging_forgets_old_history_and_only_that(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(number, source=make_source(number)) for number in (1, 2, 3)])
            await queue.accept([make_arrival(4, received_at=LATER, source=make_source(4))])
            await queue.delete([ONE], now=NOW)
            await queue.delete([TWO], now=LATER)

            assert await queue.purge(before=LATER) == 1

            everything = QueueFilter(ids=tuple(make_id(number) for number in (1, 2, 3, 4)))
            assert [message.id for message in await queue.select(everything)] == [TWO, make_id(3), make_id(4)]
            assert await queue.is_taken(make_source(1)) is None
            assert await queue.is_taken(make_source(4)) == make_id(4)

        self.run(scenario)
