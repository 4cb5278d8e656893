import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any

from maild.config.report_settings import ReportSettings, ReportTo
from maild.daemon.reporter import EVERY, Reporter, ReporterPorts
from maild.delivery.bounce import World
from maild.delivery.events import AttemptFinished, DeliveryEvent, QueueTrouble, ReportMade, ReportWay
from maild.mail.address import Mailbox
from maild.mail.header import Header
from maild.mail.report_wish import Notify, ReportWish
from maild.spool.failures import FailureKeeper
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import (
    Arrival,
    Leased,
    MessageState,
    NullSender,
    Occasion,
    QueuedMessage,
    QueueError,
    QueueFilter,
    QueueId,
    QueueInDoubtError,
    Waiting,
)
from maild.spool.transition import recorded
from tests.delivery.world import account
from tests.fakes.clock import FakeClock
from tests.fakes.memory_queue import MemoryQueue
from tests.spool.messages import ANNA, DEFERRED, DELIVERED, FAILED, NOW, make_arrival, make_id, make_record

BOSS = Mailbox.parse("boss@example.com")
ADMIN = Mailbox.parse("admin@example.com")


def world(settings: ReportSettings) -> World:
    return World(settings=settings, accounts={"billing": account("billing")}, hostname="mail.example.com")


class Desk:
    """A reporter with a queue that it owes reports about."""

    def __init__(
        self, folder: Path, settings: ReportSettings | None = None, *, queue: MemoryQueue | None = None
    ) -> None:
        self.folder = folder
        self.layout = Layout(folder / "spool")
        make_folders(self.layout)
        self.queue = queue or MemoryQueue()
        self.clock = FakeClock(NOW)
        self.events: list[DeliveryEvent] = []
        self.woken: list[Waiting] = []
        self.told = asyncio.Event()
        self.random = 0
        self.reporter = Reporter(
            ReporterPorts(
                queue=self.queue,
                layout=self.layout,
                clock=self.clock,
                random_bytes=self.random_bytes,
                emit=self.events.append,
                wake=self.wake,
            )
        )
        self.use(settings or ReportSettings(to=ADMIN))

    def use(self, settings: ReportSettings) -> None:
        self.reporter.use(world(settings), self.folder)

    def wake(self, waiting: Sequence[Waiting]) -> None:
        self.woken.extend(waiting)
        self.told.set()

    def random_bytes(self, count: int) -> bytes:
        self.random += 1
        return self.random.to_bytes(count, "big")

    async def fail(self, number: int, **options: Any) -> None:  # noqa: ANN401 -- those of make_arrival
        await self.queue.accept([make_arrival(number, sender=BOSS, account="billing", **options)])
        (leased,) = await self.queue.lease([make_id(number)], now=NOW, next_at=NOW)
        record = make_record(number, verdicts={ANNA: FAILED}, next_state=MessageState.FAILED)
        final = recorded(leased.message, record)
        assert final is not None
        FailureKeeper(self.layout).keep(leased, final)
        await self.queue.record([record])

    async def reports(self) -> list[Leased]:
        found = [await self.queue.show(one.id) for one in await self.queue.select(QueueFilter())]
        return [one for one in found if one is not None and b"Auto-Submitted" in one.head]

    def maildir(self) -> list[Path]:
        return sorted((self.folder / "reports" / "new").iterdir())

    def ways(self) -> list[ReportWay]:
        return [event.way for event in self.events if isinstance(event, ReportMade)]


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


def subjects(reports: list[Leased]) -> list[str | None]:
    return [Header.parse(one.head).text("subject") for one in reports]


def test_a_failure_becomes_a_message_to_whom_the_site_names(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def scenario() -> None:
        await desk.fail(1)

        assert await desk.reporter.step() == 1

        (report,) = await desk.reports()
        message: QueuedMessage = report.message
        assert [one.mailbox for one in message.recipients] == [ADMIN]
        assert (message.sender, message.account, message.drop) == (NullSender(), "billing", None)
        assert message.expires_at == NOW + timedelta(days=1)
        assert subjects([report]) == ["Undelivered mail: hello"]
        assert desk.woken == [Waiting(id=message.id, next_at=NOW, stream=message.stream, pool="billing")]
        assert desk.ways() == [ReportWay.MAIL]
        assert await desk.queue.owed_reports(10) == ()

    run(scenario)


def test_a_crash_before_it_is_settled_repeats_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings(to=ADMIN, maildir=PurePath("reports")))

    async def scenario() -> None:
        await desk.fail(1)
        owed = await desk.queue.owed_reports(10)
        await desk.reporter.step()
        for one in owed:
            # As if the queue had never heard that it was settled.
            desk.queue.owe_again(one)

        assert await desk.reporter.step() == 0

        assert len(await desk.reports()) == 1
        assert len(desk.maildir()) == 1

    run(scenario)


def test_a_report_whose_commit_was_in_doubt_is_sent_all_the_same(tmp_path: Path) -> None:
    class Doubtful(MemoryQueue):
        """The next message is taken in, and nobody is told so."""

        is_in_doubt = False

        async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
            ids = await super().accept(arrivals)
            if self.is_in_doubt:
                self.is_in_doubt = False
                raise QueueInDoubtError("disk I/O error")
            return ids

    desk = Desk(tmp_path, queue=(queue := Doubtful()))

    async def scenario() -> None:
        await desk.fail(1)
        queue.is_in_doubt = True

        made = [await desk.reporter.step(), await desk.reporter.step(), await desk.reporter.step()]

        (report,) = await desk.reports()
        assert made == [0, 1, 0]
        assert [one.id for one in desk.woken] == [report.message.id]

    run(scenario)


def test_a_report_that_fails_is_not_reported(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def scenario() -> None:
        await desk.fail(1)
        await desk.reporter.step()
        (report,) = await desk.reports()
        await desk.queue.lease([report.message.id], now=NOW, next_at=NOW)
        record = replace(make_record(1, verdicts={ADMIN: FAILED}, next_state=MessageState.FAILED), id=report.message.id)
        await desk.queue.record([record])

        assert await desk.reporter.step() == 0

    run(scenario)


def test_a_maildir_gets_them_as_files(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings(to=ReportTo.NOBODY, maildir=PurePath("reports")))

    async def scenario() -> None:
        await desk.fail(1, wish=ReportWish(is_full=True, envelope_id="x-1"))
        await desk.reporter.step()

        (file,) = desk.maildir()
        text = file.read_text()
        assert "\nFrom: Mail Delivery System <billing@example.org>\n" in text
        assert "\nOriginal-Envelope-Id: x-1\n" in text
        assert text.count("Hello.\n") == 1
        assert "\r" not in text
        assert await desk.reports() == []
        assert desk.ways() == [ReportWay.MAILDIR]

    run(scenario)


def test_a_report_without_an_account_has_a_sender_in_the_maildir_all_the_same(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    settings = ReportSettings(to=ReportTo.NOBODY, maildir=PurePath("reports"))
    desk.reporter.use(World(settings=settings, accounts={}, hostname="mail.example.com"), tmp_path)

    async def scenario() -> None:
        await desk.fail(1)
        await desk.reporter.step()

        (file,) = desk.maildir()
        assert file.read_text().startswith("From: Mail Delivery System <mailer-daemon@mail.example.com>\n")

    run(scenario)


def test_a_flood_comes_in_a_digest_and_then_once_an_hour(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings(to=ADMIN, maildir=PurePath("reports"), per_hour=3))

    async def scenario() -> None:
        for number in range(1, 8):
            await desk.fail(number)
        await desk.reporter.step()
        first = subjects(await desk.reports())
        for number in range(8, 11):
            await desk.fail(number)
        await desk.reporter.step()
        second = subjects(await desk.reports())
        desk.clock.advance(3600)
        await desk.reporter.step()
        third = subjects(await desk.reports())

        single = "Undelivered mail: hello"
        assert first == [single, single, "5 reports about mail from mail.example.com"]
        assert second == first
        assert third[3:] == [single, single, single]
        assert len(desk.maildir()) == 6
        assert desk.ways().count(ReportWay.MAIL_DIGEST) == 5
        assert desk.ways().count(ReportWay.MAILDIR_DIGEST) == 5

    run(scenario)


def test_late_mail_is_told_of_after_four_hours_and_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings())

    async def scenario() -> None:
        await desk.queue.accept([make_arrival(1, sender=BOSS, account="billing")])
        await desk.queue.lease([make_id(1)], now=NOW, next_at=NOW)
        await desk.queue.record([make_record(1, verdicts={ANNA: DEFERRED}, next_state=MessageState.QUEUED)])
        early = await desk.reporter.step()
        desk.clock.advance(4 * 3600 + 1)
        again = Reporter(desk.reporter._ports)
        again.use(world(ReportSettings()), tmp_path)
        late = await again.step()
        once = await again.step()

        assert (early, late, once) == (0, 1, 0)
        (report,) = await desk.reports()
        assert subjects([report]) == ["Delayed mail: hello"]
        assert [one.mailbox for one in report.message.recipients] == [BOSS]

    run(scenario)


def test_without_a_delay_nothing_is_late(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings(delay_after=timedelta(0)))

    async def scenario() -> None:
        await desk.queue.accept([make_arrival(1, sender=BOSS, account="billing")])
        desk.clock.advance(10 * 3600)

        assert await desk.reporter.step() == 0

    run(scenario)


def test_who_asked_for_it_hears_of_a_delivery(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings())

    async def scenario() -> None:
        wish = ReportWish(notify=frozenset({Notify.SUCCESS}))
        await desk.queue.accept([make_arrival(1, sender=BOSS, account="billing", wish=wish)])
        await desk.queue.lease([make_id(1)], now=NOW, next_at=NOW)
        await desk.queue.record([make_record(1, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])

        assert await desk.reporter.step() == 1
        assert subjects(await desk.reports()) == ["Delivered mail"]

    run(scenario)


def test_silence_is_told_with_its_reason(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings(to=ReportTo.NOBODY))

    async def scenario() -> None:
        await desk.fail(1)
        await desk.reporter.step()

        assert desk.events == [
            ReportMade(
                id=make_id(1),
                occasion=Occasion.FAILED,
                way=ReportWay.NONE,
                detail="reports.to and reports.maildir of maild.yaml name nobody for it",
            )
        ]
        assert await desk.queue.owed_reports(10) == ()

    run(scenario)


def test_trouble_is_told_and_the_report_stays_owed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings(to=ReportTo.NOBODY, maildir=PurePath("reports")))

    async def scenario() -> None:
        await desk.fail(1)
        (tmp_path / "reports").write_bytes(b"in the way")
        await desk.reporter.step()
        desk.queue.fail_with = QueueError("disk full")
        await desk.reporter.step()
        desk.queue.fail_with = None

        assert [type(event) for event in desk.events] == [QueueTrouble, QueueTrouble]
        assert len(await desk.queue.owed_reports(10)) == 1

    run(scenario)


def test_a_broken_maildir_keeps_no_mail_from_going(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReportSettings(to=ADMIN, maildir=PurePath("reports")))

    async def scenario() -> None:
        await desk.fail(1)
        await desk.fail(2)
        (tmp_path / "reports").write_bytes(b"in the way")

        assert await desk.reporter.step() == 2
        assert await desk.queue.owed_reports(10) == ()
        assert desk.ways() == [ReportWay.MAIL, ReportWay.MAIL]
        assert [type(event) for event in desk.events].count(QueueTrouble) == 2

    run(scenario)


def test_a_message_whose_file_is_gone_is_reported_without_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def scenario() -> None:
        await desk.fail(1)
        await desk.fail(2)
        (desk.layout.failed / f"{make_id(1)}.eml").unlink()
        (desk.layout.failed / f"{make_id(2)}.eml").unlink()
        (desk.layout.failed / f"{make_id(2)}.eml").mkdir()
        await desk.reporter.step()

        assert subjects(await desk.reports()) == ["Undelivered mail", "Undelivered mail"]

    run(scenario)


def test_a_failure_is_looked_at_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def scenario() -> None:
        task = asyncio.create_task(desk.reporter.run())
        for _ in range(20):
            # Until it has looked once, found nothing and waits.
            await asyncio.sleep(0)
        await desk.fail(1)
        desk.reporter.on_event(
            AttemptFinished(
                id=make_id(1),
                account="billing",
                generation=1,
                verdicts={ANNA: FAILED},
                state=MessageState.FAILED,
                seconds=0,
                waited_seconds=0,
                next_at=None,
                finished_at=NOW,
            )
        )
        async with asyncio.timeout(EVERY.total_seconds() / 2):
            await desk.told.wait()
        task.cancel()

    run(scenario)
