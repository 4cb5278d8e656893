import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from maild.cli.outcome import (
    KEPT,
    Outcome,
    ReceiptsHiddenError,
    Watch,
    check_readable,
    parse_wait,
    wait_for_outcome,
)
from maild.errors import TemporaryError, UsageError
from maild.spool.layout import Layout, make_folders


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    return layout


class Passing:
    """Time that passes only while somebody sleeps; `events` happen after so many sleeps."""

    def __init__(self, *events: Callable[[], object]) -> None:
        self.now = 100.0
        self.events = list(events)
        self.is_served = True

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.events:
            self.events.pop(0)()

    def watch(self) -> Watch:
        return Watch(seconds=lambda: self.now, sleep=self.sleep, has_daemon=lambda _: self.is_served)


def recipient(state: str, reply: str | None = None, reason: str | None = None) -> dict[str, object]:
    return {"address": "ann@x.example", "state": state, "is_copy": False, "reply": reply, "reason": reason}


def write(layout: Layout, receipt: dict[str, object], drop: str = "a.eml") -> Callable[[], object]:
    return lambda: layout.receipt(drop).write_text(json.dumps(receipt))


@pytest.mark.parametrize(
    ("receipt", "outcome"),
    [
        ({"state": "sent"}, Outcome(status=0, sentence="sent: the server took it for every recipient.")),
        (
            {
                "state": "failed",
                "recipients": [recipient("failed", "550 5.1.1 who?", "no such user"), recipient("delivered")],
            },
            Outcome(status=67, sentence="It could not be delivered: ann@x.example: no such user (550 5.1.1 who?)."),
        ),
        (
            {
                "state": "failed",
                "recipients": [recipient("failed", "550 5.1.1 who?"), *[recipient("failed", None, "x")] * 3],
            },
            Outcome(
                status=69,
                sentence="It could not be delivered: ann@x.example: 550 5.1.1 who?; ann@x.example: x; "
                "ann@x.example: x; and 1 more.",
            ),
        ),
        (
            {"state": "rejected", "detail": "the file is empty"},
            Outcome(status=65, sentence="It is no message: the file is empty."),
        ),
        ({"state": "deleted"}, Outcome(status=69, sentence="Somebody deleted it from the queue.")),
        (
            {"state": "held"},
            Outcome(status=75, sentence="It is held until somebody releases it. Do not send it again."),
        ),
        ({"state": "repeated", "of": None}, Outcome(status=0, sentence="It was queued before, under the same key.")),
    ],
)
def test_a_receipt_that_says_the_end_is_the_outcome(
    layout: Layout, receipt: dict[str, object], outcome: Outcome
) -> None:
    passing = Passing(lambda: None, write(layout, {"state": "queued", "recipients": []}), write(layout, receipt))

    assert wait_for_outcome(layout, "a.eml", None, passing.watch()) == outcome


def test_a_drop_that_came_again_has_the_outcome_of_the_first(layout: Layout) -> None:
    write(layout, {"state": "repeated", "of": "b.eml"})()
    write(layout, {"state": "sent"}, "b.eml")()

    assert wait_for_outcome(layout, "a.eml", None, Passing().watch()).status == 0


def test_receipts_that_name_each_other_end_the_wait_at_its_limit(layout: Layout) -> None:
    write(layout, {"state": "repeated", "of": "b.eml"})()
    write(layout, {"state": "repeated", "of": "a.eml"}, "b.eml")()

    assert wait_for_outcome(layout, "a.eml", timedelta(seconds=1), Passing().watch()).status == 75


@pytest.mark.parametrize(
    ("receipt", "words"),
    [
        (None, "It was not taken in yet."),
        ({"state": "queued", "recipients": []}, "There is no outcome yet."),
        (
            {"state": "queued", "recipients": [recipient("waiting", "451 later", "greylisted")]},
            "There is no outcome yet: greylisted (451 later).",
        ),
    ],
)
def test_who_waited_long_enough_is_told_not_to_send_it_again(
    layout: Layout, receipt: dict[str, object] | None, words: str
) -> None:
    passing = Passing()
    if receipt is not None:
        write(layout, receipt)()

    outcome = wait_for_outcome(layout, "a.eml", timedelta(seconds=30), passing.watch())

    assert outcome == Outcome(status=75, sentence=f"{words} {KEPT}")
    assert passing.now == pytest.approx(130)


def test_without_a_daemon_nobody_waits(layout: Layout) -> None:
    passing = Passing()
    passing.is_served = False

    outcome = wait_for_outcome(layout, "a.eml", None, passing.watch())

    assert outcome.status == 75
    assert outcome.sentence == f"No daemon is at work on {layout.root}: it waits there. {KEPT}"


def test_receipts_that_may_not_be_read_are_known_before(layout: Layout) -> None:
    check_readable(layout)
    layout.receipts.rmdir()
    with pytest.raises(TemporaryError, match="no daemon has ever run on"):
        check_readable(layout)

    # As a folder that may not be entered; root may enter every folder.
    layout.receipts.write_text("")
    with pytest.raises(ReceiptsHiddenError, match="Nothing was queued"):
        check_readable(layout)


@pytest.mark.parametrize(("text", "limit"), [(None, None), ("", None), ("30s", timedelta(seconds=30))])
def test_a_wait_has_a_limit_or_none(text: str | None, limit: timedelta | None) -> None:
    assert parse_wait(text) == limit


def test_a_limit_that_is_no_duration_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="--wait=soon: a duration is a number and a unit"):
        parse_wait("soon")
