import asyncio
import io
import logging

from maild.config.model import LogFormat, LogLevel, LogSettings, Privacy
from maild.delivery.events import BreakerClosed, MessageExpired
from maild.observe.events import FileAccepted
from maild.observe.lines.line import line
from maild.observe.logs import LibraryHandler, LogTarget, LogWriter
from maild.probe.events import LoginSuspended
from maild.secret import Secret
from maild.spool.events import DropRejected, IntakeResumed
from maild.spool.queue import QueueId
from tests.fakes.clock import FakeClock
from tests.observe.values import NOON
from tests.virtual_time import run_virtual


def writer(stream: io.StringIO, settings: LogSettings | None = None, *, is_journal: bool = True) -> LogWriter:
    target = LogTarget(stream=stream, is_journal=is_journal, hash_key=b"k")
    return LogWriter(target, FakeClock(NOON), settings or LogSettings())


def test_an_event_is_a_line() -> None:
    stream = io.StringIO()

    writer(stream).on_event(IntakeResumed())

    assert stream.getvalue() == "<6>intake_resumed\n"


def test_lines_below_the_level_are_not_written() -> None:
    stream = io.StringIO()

    writer(stream, LogSettings(level=LogLevel.WARNING)).on_event(IntakeResumed())

    assert stream.getvalue() == ""


def test_new_settings_hold_from_the_next_line_on() -> None:
    stream = io.StringIO()
    log = writer(stream, is_journal=False)
    rejected = DropRejected(drop="a.eml", reason="empty", detail="bob@x.y", rejected_at=NOON)
    log.on_event(rejected)

    log.use(LogSettings(format=LogFormat.JSON, privacy=Privacy.FULL))
    log.on_event(rejected)

    assert stream.getvalue().splitlines() == [
        "2026-11-23T12:00:00.000Z warning drop_rejected drop=a.eml reason=empty detail=*@x.y",
        (
            '{"at": "2026-11-23T12:00:00.000Z", "level": "warning", "event": "drop_rejected", "drop": "a.eml", '
            '"reason": "empty", "detail": "bob@x.y"}'
        ),
    ]


class Counted(io.StringIO):
    """Notes how often it is written to."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


def test_lines_of_one_turn_of_the_event_loop_are_written_together() -> None:
    stream = Counted()
    log = writer(stream)

    async def scenario() -> None:
        log.on_event(IntakeResumed())
        log.on_event(IntakeResumed())
        assert stream.getvalue() == ""
        await asyncio.sleep(0)

    asyncio.run(scenario())

    assert (stream.writes, stream.getvalue()) == (1, "<6>intake_resumed\n" * 2)


def test_lines_that_follow_closely_gather_and_one_after_a_rest_does_not_wait() -> None:
    stream = Counted()
    log = writer(stream)

    async def scenario() -> None:
        for _ in range(3):
            log.on_event(IntakeResumed())
            await asyncio.sleep(0)
        assert stream.writes == 1
        await asyncio.sleep(0.03)
        assert (stream.writes, stream.getvalue().count("\n")) == (2, 3)
        await asyncio.sleep(1)
        log.on_event(IntakeResumed())
        await asyncio.sleep(0)

    run_virtual(scenario())

    assert (stream.writes, stream.getvalue().count("\n")) == (3, 4)


def test_what_is_worth_a_look_is_written_at_once_after_what_came_before() -> None:
    stream = Counted()
    log = writer(stream)

    async def scenario() -> None:
        log.on_event(IntakeResumed())
        log.write(line(LogLevel.WARNING, "look"))
        assert stream.getvalue() == "<6>intake_resumed\n<4>look\n"

    asyncio.run(scenario())


def test_a_flood_of_lines_is_not_held() -> None:
    stream = Counted()
    log = writer(stream)

    async def scenario() -> None:
        for _ in range(250):
            log.on_event(IntakeResumed())
        assert stream.getvalue().count("\n") == 200

    asyncio.run(scenario())


def test_a_stream_that_is_gone_stops_nothing() -> None:
    stream = io.StringIO()
    log = writer(stream)
    stream.close()
    log_line = line(LogLevel.ERROR, "x")

    log.write(log_line)


def test_what_libraries_say_stands_in_the_same_log() -> None:
    stream = io.StringIO()
    logger = logging.getLogger("tests.some.library")
    logger.propagate = False
    logger.addHandler(LibraryHandler(writer(stream)))

    logger.info("nothing of interest")
    logger.warning("slow callback for %s", "bob@x.y")
    logger.error("it broke", exc_info=ValueError("two\nlines"))

    assert stream.getvalue().splitlines() == [
        '<4>library_spoke logger=tests.some.library message="slow callback for *@x.y"',
        '<3>library_spoke logger=tests.some.library message="it broke: ValueError: two\\nlines"',
    ]


def test_every_line_names_the_generation_in_force_or_the_one_that_it_is_about() -> None:
    stream = io.StringIO()
    log = writer(stream)
    log.use(LogSettings(level=LogLevel.DEBUG), 7)

    log.on_event(MessageExpired(id=QueueId("01JD"), account=None))
    log.on_event(BreakerClosed(account="billing"))
    log.on_event(FileAccepted(file="a.yaml", generation=6))
    log.on_event(IntakeResumed())
    log.flush()

    assert stream.getvalue().splitlines() == [
        "<3>message_expired id=01JD generation=7",
        "<6>breaker_closed account=billing generation=7",
        "<6>file_accepted file=a.yaml generation=6",
        "<6>intake_resumed generation=7",
    ]


def test_no_planted_secret_gets_into_the_log_in_any_form() -> None:
    planted = "correct horse battery"
    for form in LogFormat:
        stream = io.StringIO()
        log = writer(stream, LogSettings(format=form, level=LogLevel.DEBUG, privacy=Privacy.FULL))
        log.hush.learn("billing", Secret(planted))
        log.on_event(LoginSuspended(account="billing", detail=f"535 no such login: {planted}"))
        log.write_text(LogLevel.WARNING, "library", f"sent {planted}")
        log.flush()

        assert planted not in stream.getvalue()
        assert len(stream.getvalue().splitlines()) == 2
