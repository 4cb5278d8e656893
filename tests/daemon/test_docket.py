from dataclasses import replace

import pytest

from maild.daemon.canary import Failing, Passed, Waived
from maild.daemon.docket import MOST_UNTOLD, Docket, Progress
from maild.probe.findings.login import LOGIN_REJECTED
from maild.probe.findings.server import SERVER_UNREACHABLE
from maild.probe.result import CheckResult, CheckVerdict, ProbeResult
from tests.daemon.test_canary import candidate
from tests.daemon.test_reload import NOW

ONE = candidate()
FILE = ONE.file


def result(verdict: CheckVerdict) -> ProbeResult:
    check = CheckResult(check="smtp", verdict=verdict, summary="words")
    return ProbeResult(account="billing", started_at=NOW, seconds=0.1, checks=(check,))


YES, NO, UNTOLD = map(result, (CheckVerdict.PASS, CheckVerdict.FAIL, CheckVerdict.INDETERMINATE))


def docket() -> Docket:
    made = Docket()
    made.use({FILE: ONE}, now_s=0.0)
    return made


def test_a_candidate_is_due_at_once_and_while_it_is_tried_not_again() -> None:
    one = docket()

    assert len(one) == 1
    assert one.take(now_s=0.0, most=8) == ((ONE,), None)
    assert one.take(now_s=100.0, most=8) == ((), None)
    assert one.progress(FILE) == Progress(tries=0, untold=0, due_s=None)
    assert one.progress("another") is None


def test_one_that_passes_is_decided() -> None:
    one = docket()
    one.take(now_s=0.0, most=8)

    assert one.finished(ONE, YES, now_s=1.0) == Passed(content="c")
    assert one.take(now_s=1000.0, most=8) == ((), None)


def test_the_pauses_double_up_to_five_minutes_and_one_that_failed_is_never_waived() -> None:
    one = docket()
    now_s, pauses = 0.0, []
    for turn in range(MOST_UNTOLD + 4):
        assert one.take(now_s=now_s, most=8)[0] == (ONE,)
        verdict = one.finished(ONE, NO if turn == 0 else UNTOLD, now_s=now_s)
        assert isinstance(verdict, Failing) == (turn == 0)
        due_s = one.take(now_s=now_s, most=8)[1]
        assert due_s is not None
        pauses.append(due_s - now_s)
        now_s = due_s

    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300, 300, 300]
    assert one.progress(FILE) == Progress(tries=10, untold=9, due_s=now_s)


def test_the_same_failure_again_is_no_news_and_another_one_is() -> None:
    one = docket()
    found = [SERVER_UNREACHABLE.diagnostic("1"), SERVER_UNREACHABLE.diagnostic("2"), LOGIN_REJECTED.diagnostic("3")]
    told = []
    for now_s, finding in enumerate(found):
        (check,) = NO.checks
        no = replace(NO, checks=(replace(check, diagnostics=(finding,)),))
        verdict = one.finished(ONE, no, now_s=float(now_s))
        told.append(verdict.cause if isinstance(verdict, Failing) else None)

    assert told == ["ML720", None, "ML726"]


def test_one_of_which_nothing_can_be_told_is_waived_after_about_five_minutes() -> None:
    one = docket()
    now_s = 0.0
    for _ in range(MOST_UNTOLD - 1):
        one.take(now_s=now_s, most=8)
        assert one.finished(ONE, UNTOLD, now_s=now_s) is None
        now_s = one.take(now_s=now_s, most=8)[1] or 0.0

    one.take(now_s=now_s, most=8)
    assert one.finished(ONE, UNTOLD, now_s=now_s) == Waived(content="c")
    assert now_s == 310.0


def test_no_more_are_taken_than_there_is_room_for() -> None:
    one = Docket()
    many = {f"{number}.yaml": replace(ONE, loaded=replace(ONE.loaded, file=f"{number}.yaml")) for number in range(5)}
    one.use(many, now_s=0.0)

    first, wake_s = one.take(now_s=0.0, most=3)
    second, _ = one.take(now_s=0.0, most=3)

    assert (len(first), wake_s, len(second)) == (3, None, 2)
    assert {one.file for one in (*first, *second)} == many.keys()


def test_an_edit_makes_a_new_candidate_and_an_answer_about_the_old_one_says_nothing() -> None:
    one = docket()
    one.take(now_s=0.0, most=8)
    edited = replace(ONE, content="d")
    one.use({FILE: edited}, now_s=1.0)

    assert one.take(now_s=1.0, most=8) == ((edited,), None)
    assert one.finished(ONE, YES, now_s=2.0) is None
    assert one.finished(edited, YES, now_s=2.0) == Passed(content="d")


def test_what_is_held_back_no_more_is_dropped_and_what_still_is_goes_on() -> None:
    one = docket()
    one.take(now_s=0.0, most=8)
    one.finished(ONE, NO, now_s=0.0)
    one.use({FILE: ONE}, now_s=5.0)
    assert one.take(now_s=5.0, most=8) == ((), 10.0)

    one.use({}, now_s=6.0)

    assert one.finished(ONE, NO, now_s=7.0) is None
    assert one.take(now_s=1000.0, most=8) == ((), None)


@pytest.mark.parametrize("accounts", [None, ("billing",)])
def test_who_asks_has_it_tried_now(accounts: tuple[str, ...] | None) -> None:
    one = docket()
    one.take(now_s=0.0, most=8)
    one.finished(ONE, NO, now_s=0.0)

    one.hurry(("another",), now_s=1.0)
    assert one.take(now_s=1.0, most=8) == ((), 10.0)
    one.hurry(accounts, now_s=2.0)

    assert one.take(now_s=2.0, most=8) == ((ONE,), None)


def test_a_password_that_changes_during_a_try_has_another_one_follow_at_once() -> None:
    one = docket()
    one.take(now_s=0.0, most=8)
    one.hurry(now_s=0.5)
    one.hurry(("billing",), now_s=0.5)

    one.finished(ONE, NO, now_s=1.0)
    assert one.take(now_s=1.0, most=8) == ((ONE,), None)
    one.finished(ONE, NO, now_s=2.0)
    assert one.take(now_s=2.0, most=8) == ((), 22.0)
