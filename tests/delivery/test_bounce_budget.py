from datetime import UTC, datetime, timedelta

from maild.delivery.bounce_budget import MAX_PLACES, BounceBudget

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def room(budget: BounceBudget, place: str = "a", *, minutes: float = 0) -> int:
    return budget.room(place, per_hour=3, now=NOON + timedelta(minutes=minutes))


def test_room_comes_back_an_hour_later_for_each_that_went() -> None:
    budget = BounceBudget()
    budget.spend("a", NOON)
    budget.spend("a", NOON + timedelta(minutes=30))

    assert [room(budget, minutes=minutes) for minutes in (30, 59.9, 60, 90)] == [1, 1, 2, 3]
    assert room(budget, "b") == 3


def test_a_lowered_limit_leaves_no_negative_room() -> None:
    budget = BounceBudget()
    for _ in range(5):
        budget.spend("a", NOON)

    assert room(budget) == 0


def test_destinations_are_forgotten_when_their_hour_is_over() -> None:
    budget = BounceBudget()
    for number in range(MAX_PLACES):
        budget.spend(str(number), NOON)
    later = NOON + timedelta(hours=2)
    budget.spend("new", later)
    budget.spend("new", later)

    assert budget.room("0", per_hour=3, now=NOON) == 3
    assert budget.room("new", per_hour=3, now=later) == 1
