from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.config.model import Site
from maild.daemon.agenda import Agenda, Circumstances, Look, Trigger
from maild.watch.hint import Hint

A, B = Path("/c/accounts/a.yaml"), Path("/c/accounts/b.yaml")


def at(at_s: float, **more: object) -> Circumstances:
    return Circumstances(at_s=at_s, settings=Site().reload, **more)  # type: ignore[arg-type]


def looked_at(at_s: float) -> Agenda:
    agenda = Agenda()
    agenda.begin(Look(trigger=Trigger.RESCAN))
    agenda.end(Look(trigger=Trigger.RESCAN), at_s=at_s)
    return agenda


def touch(*paths: Path) -> Hint:
    return Hint(touched=frozenset(paths))


def test_who_asks_is_answered_at_once_even_while_git_is_at_work() -> None:
    agenda = looked_at(0.0)
    agenda.ask(Trigger.REQUEST)

    assert agenda.next(at(0.0, is_git_busy=True)) == Look(trigger=Trigger.REQUEST)


def test_hints_are_followed_when_it_has_been_quiet_and_name_the_files() -> None:
    agenda = looked_at(0.0)
    agenda.hint(touch(A), at_s=1.0)
    agenda.hint(touch(B), at_s=1.125)

    assert agenda.next(at(1.25)) == pytest.approx(0.175)
    assert agenda.next(at(1.5)) == Look(trigger=Trigger.EVENT, touched={A, B})


def test_a_hint_that_names_nothing_is_reason_to_look_at_everything() -> None:
    agenda = looked_at(0.0)
    for hint in (touch(A), Hint(), touch(B)):
        agenda.hint(hint, at_s=1.0)

    assert agenda.next(at(2.0)) == Look(trigger=Trigger.EVENT)


def test_a_folder_that_never_rests_is_looked_at_after_three_seconds() -> None:
    agenda = looked_at(0.0)
    for tenth in range(31):
        agenda.hint(touch(A), at_s=1.0 + tenth / 10)

    assert isinstance(agenda.next(at(4.0)), Look)


def test_what_is_hinted_at_during_a_look_is_looked_at_by_the_next() -> None:
    agenda = looked_at(0.0)
    agenda.hint(touch(A), at_s=1.0)
    agenda.begin(Look(trigger=Trigger.EVENT))
    has_hints = [agenda.has_hints]
    agenda.hint(touch(B), at_s=2.0)
    has_hints.append(agenda.has_hints)
    agenda.end(Look(trigger=Trigger.EVENT), at_s=2.5)

    assert has_hints == [False, True]
    assert agenda.next(at(3.0)) == Look(trigger=Trigger.EVENT, touched={B})


def test_now_and_then_everything_is_looked_at_sooner_on_a_network_and_to_miss_a_file_for_good() -> None:
    agenda = looked_at(10.0)

    assert agenda.next(at(10.0)) == 30.0
    assert agenda.next(at(10.0, is_remote=True)) == 5.0
    assert agenda.next(at(10.0, confirm_at_s=12.0)) == 2.0
    assert agenda.next(at(40.0)) == Look(trigger=Trigger.RESCAN)
    often = replace(Site().reload, rescan=timedelta(seconds=2))
    assert agenda.next(Circumstances(at_s=10.0, settings=often, is_remote=True)) == 2.0


def test_a_rescan_that_is_due_amid_hints_waits_for_their_end_and_is_one_with_it() -> None:
    agenda = looked_at(0.0)
    agenda.hint(touch(A), at_s=29.9)

    assert agenda.next(at(30.0)) == pytest.approx(0.2)
    assert agenda.next(at(30.5)) == Look(trigger=Trigger.EVENT)


def test_a_rescan_waits_for_git_but_not_for_ever() -> None:
    agenda = looked_at(0.0)

    assert agenda.next(at(30.0, is_git_busy=True)) == 0.3
    assert agenda.next(at(41.0, is_git_busy=True)) == Look(trigger=Trigger.RESCAN)


def test_somebody_asked_or_not() -> None:
    assert [trigger for trigger in Trigger if trigger.is_asked] == [Trigger.START, Trigger.SIGNAL, Trigger.REQUEST]


def test_a_verdict_of_the_canary_is_no_look_and_takes_none_away() -> None:
    agenda = looked_at(0.0)
    agenda.hint(touch(A), at_s=29.0)
    agenda.ask(Trigger.CANARY)
    verdict = agenda.next(at(29.0))
    assert isinstance(verdict, Look)
    agenda.begin(verdict)
    agenda.end(verdict, at_s=29.0)

    assert verdict == Look(trigger=Trigger.CANARY)
    assert agenda.next(at(29.0)) == pytest.approx(0.3)
    assert agenda.next(at(29.5)) == Look(trigger=Trigger.EVENT, touched={A})
    assert agenda.next(at(30.0)) == Look(trigger=Trigger.EVENT)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_several_who_ask_the_one_that_is_waited_for_is_answered(order: tuple[int, ...]) -> None:
    asking = (Trigger.CANARY, Trigger.REQUEST, Trigger.SIGNAL)
    agenda = looked_at(0.0)
    for number in order:
        agenda.ask(asking[number])

    assert agenda.next(at(0.0)) == Look(trigger=Trigger.SIGNAL)
