"""What every queue must do about idempotency keys, owed reports and notes; goes with `QueueContract`."""

from datetime import timedelta

import pytest

from maild.mail.note import Note, NoteCode
from maild.mail.report_wish import Notify, ReportWish
from maild.spool.queue import (
    AttemptRecord,
    InlineBody,
    MessageState,
    NullSender,
    Occasion,
    OwedReport,
    Queue,
    QueueFilter,
)
from tests.spool.messages import ANNA, BERT, CARL, DEFERRED, DELIVERED, FAILED, NOW, make_arrival, make_id, make_record
from tests.spool.messages import make_source as source
from tests.spool.queue_contract import LATER, NEXT, ONE, TWO, QueueContract

ON_SUCCESS = ReportWish(notify=frozenset({Notify.SUCCESS}))
NEVER = ReportWish(notify=frozenset())


def told(reports: tuple[OwedReport, ...]) -> list[tuple[str, Occasion, list[str]]]:
    return [(one.message.id, one.occasion, [str(to.mailbox) for to in one.recipients]) for one in reports]


class OwedContract(QueueContract):
    """The tests; a subclass gives `open_queue`."""

    # ------------------------------------------------------------------ keys

    def test_a_second_message_of_a_key_is_the_first(self) -> None:
        async def scenario(queue: Queue) -> None:
            first = await queue.accept([make_arrival(1, idempotency_key="k", source=source(1))])
            again = await queue.accept(
                [
                    make_arrival(2, idempotency_key="k", source=source(2), sidecar=source(3)),
                    make_arrival(4, idempotency_key="other"),
                    make_arrival(5, idempotency_key="other"),
                ]
            )

            assert first == (ONE,)
            assert again == (ONE, make_id(4), make_id(4))
            assert [message.id for message in await queue.select(QueueFilter())] == [ONE, make_id(4)]
            assert await queue.is_taken(source(2)) == ONE
            assert await queue.is_taken(source(3)) == ONE

        self.run(scenario)

    def test_a_key_is_forgotten_with_its_message_and_not_before(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, idempotency_key="a"), make_arrival(2, idempotency_key="b")])
            await queue.delete([ONE], now=NOW)
            await queue.purge(before=LATER)

            ids = await queue.accept([make_arrival(3, idempotency_key="a"), make_arrival(4, idempotency_key="b")])

            assert ids == (make_id(3), TWO)

        self.run(scenario)

    # ------------------------------------------------------------------ notes

    def test_notes_of_the_way_out_come_to_those_of_the_way_in(self) -> None:
        async def scenario(queue: Queue) -> None:
            note = Note(code=NoteCode.SIGNATURE_BROKEN, detail="changed")
            await queue.accept([make_arrival(1)])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            record = AttemptRecord(
                id=ONE,
                account="billing",
                verdicts={ANNA: DEFERRED},
                next_state=MessageState.QUEUED,
                next_at=NEXT,
                finished_at=NOW,
                is_charged=True,
                notes=(note, note),
            )
            await queue.record([record])

            (message,) = await queue.select(QueueFilter())

            assert message.notes == (note,)

        self.run(scenario)

    # ------------------------------------------------------------------ reports

    def test_a_failure_is_to_be_reported_with_those_it_is_about(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, recipients=(ANNA, BERT, CARL))])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record(
                [make_record(1, verdicts={ANNA: FAILED, BERT: DEFERRED}, next_state=MessageState.QUEUED)]
            )
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record(
                [
                    make_record(
                        1, verdicts={BERT: FAILED, CARL: DELIVERED}, next_state=MessageState.FAILED, finished_at=LATER
                    )
                ]
            )

            owed = await queue.owed_reports(10)

            assert told(owed) == [
                (ONE, Occasion.FAILED, ["anna@example.org"]),
                (ONE, Occasion.FAILED, ["bert@example.org"]),
            ]
            assert [one.at for one in owed] == [NOW, LATER]
            assert await queue.owed_reports(1) == owed[:1]
            await queue.settle(owed[:1])
            assert await queue.owed_reports(10) == owed[1:]

        self.run(scenario)

    @pytest.mark.parametrize(
        "arrival",
        [make_arrival(1, sender=NullSender()), make_arrival(1, wish=NEVER), make_arrival(1, wish=ON_SUCCESS)],
        ids=["the null sender", "who never wants any", "who wants others only"],
    )
    def test_nobody_is_told_of_a_failure(self, arrival: object) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([arrival])  # type: ignore[list-item]  # pytest's parameters have no type
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record([make_record(1, verdicts={ANNA: FAILED}, next_state=MessageState.FAILED)])

            assert await queue.owed_reports(10) == ()

        self.run(scenario)

    def test_a_success_is_reported_to_who_asked_for_it_when_all_is_over(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1, recipients=(ANNA, BERT), wish=ON_SUCCESS), make_arrival(2)])
            await queue.lease([ONE, TWO], now=NOW, next_at=NEXT)
            await queue.record([make_record(2, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])
            await queue.record([make_record(1, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENDING)])
            early = await queue.owed_reports(10)
            await queue.record([make_record(1, verdicts={BERT: DELIVERED}, next_state=MessageState.SENT)])

            assert early == ()
            assert told(await queue.owed_reports(10)) == [
                (ONE, Occasion.RELAYED, ["anna@example.org", "bert@example.org"])
            ]

        self.run(scenario)

    def test_a_copy_is_nothing_to_report(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1)])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.add_copy(ONE, BERT)
            await queue.record([make_record(1, verdicts={ANNA: DELIVERED, BERT: FAILED}, next_state=MessageState.SENT)])

            assert await queue.owed_reports(10) == ()

        self.run(scenario)

    def test_what_is_late_is_to_be_reported_once(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept(
                [
                    make_arrival(1, recipients=(ANNA, BERT)),
                    make_arrival(2, sender=NullSender()),
                    make_arrival(3, wish=NEVER),
                    make_arrival(4, not_before=NOW + timedelta(days=1)),
                    make_arrival(5),
                    make_arrival(6),
                    make_arrival(7, received_at=LATER),
                ]
            )
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record([make_record(1, verdicts={ANNA: DELIVERED}, next_state=MessageState.QUEUED)])
            await queue.delete([make_id(5)], now=NOW)
            await queue.hold([make_id(6)], now=NOW)

            looked_at = [await queue.owe_delays(received_before=LATER, now=LATER, limit=4) for _ in range(3)]

            owed = await queue.owed_reports(10)
            assert looked_at == [4, 2, 0]
            assert told(owed) == [(ONE, Occasion.DELAYED, ["bert@example.org"])]
            assert owed[0].at == LATER

        self.run(scenario)

    def test_nothing_is_owed_about_what_is_forgotten(self) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept([make_arrival(1)])
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record([make_record(1, verdicts={ANNA: FAILED}, next_state=MessageState.FAILED)])
            await queue.purge(before=LATER)

            assert await queue.owed_reports(10) == ()

        self.run(scenario)

    # ------------------------------------------------------------------ filters

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            (QueueFilter(received_before=LATER), [1, 2]),
            (QueueFilter(received_after=LATER), [3]),
            (QueueFilter(after=(NOW, ONE)), [2, 3]),
            (QueueFilter(after=(NOW, TWO), limit=1), [3]),
            (QueueFilter(after=(LATER, make_id(3))), []),
            (QueueFilter(min_bytes=40), [2]),
            (QueueFilter(max_bytes=39), [1, 3]),
            (QueueFilter(error="GREYLISTED"), [1]),
            (QueueFilter(error="4.7.1 later"), [1]),
            (QueueFilter(error="no such"), []),
        ],
    )
    def test_age_size_and_what_was_said_select(self, wanted: QueueFilter, expected: list[int]) -> None:
        async def scenario(queue: Queue) -> None:
            await queue.accept(
                [make_arrival(1), make_arrival(2, body=InlineBody(data=b"x" * 30)), make_arrival(3, received_at=LATER)]
            )
            await queue.lease([ONE], now=NOW, next_at=NEXT)
            await queue.record([make_record(1, verdicts={ANNA: DEFERRED}, next_state=MessageState.QUEUED)])

            assert [message.id for message in await queue.select(wanted)] == [make_id(number) for number in expected]

        self.run(scenario)
