from maild.daemon.fanout import Fanout
from maild.observe.events import Event, TaskFailed
from maild.spool.events import IntakeResumed


def test_every_observer_is_told_in_order_and_one_may_join_later() -> None:
    told: list[tuple[str, Event]] = []
    fanout = Fanout([lambda event: told.append(("first", event))])
    fanout.emit(IntakeResumed())

    fanout.add(lambda event: told.append(("second", event)))
    fanout.emit(IntakeResumed())

    assert [name for name, _ in told] == ["first", "first", "second"]


def test_an_observer_that_fails_hurts_nobody_and_the_others_hear_of_it() -> None:
    told: list[Event] = []

    def broken(event: Event) -> None:
        raise KeyError("bob@example.org")

    def broken_too(event: Event) -> None:
        if isinstance(event, TaskFailed):
            raise KeyError

    fanout = Fanout([broken, broken_too, told.append])

    fanout.emit(IntakeResumed())

    failure = TaskFailed(task="observer", detail="KeyError while an event was told")
    assert told == [failure, IntakeResumed()]
