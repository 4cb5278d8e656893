from datetime import timedelta

from maild.spool.drop.listing import Found
from maild.spool.drop.outcome import Crowded
from maild.spool.drop.told import MAX_REMEMBERED, Told
from maild.spool.events import DropUnreadable, SpoolEvent, UserCrowded
from tests.spool.messages import NOW

FOUND = Found(mtime_ns=0, account="", name="a.eml", is_regular=True)


def test_a_drop_that_stays_is_told_of_once() -> None:
    events: list[SpoolEvent] = []
    told = Told(events.append)

    for _ in range(3):
        told.stays("a.eml", "it cannot be read")

    assert events == [DropUnreadable(drop="a.eml", detail="it cannot be read")]


def test_what_is_remembered_has_an_end() -> None:
    events: list[SpoolEvent] = []
    told = Told(events.append)

    for number in range(2 * MAX_REMEMBERED):
        told.stays(f"{number}.eml", "")

    assert len(events) == MAX_REMEMBERED


def test_a_crowded_user_is_told_of_once_for_as_long_as_he_waits() -> None:
    events: list[SpoolEvent] = []
    told = Told(events.append)
    crowded = Crowded(found=FOUND, user=1000, wait_ns=60 * 1_000_000_000)

    for minutes in (0, 0.5, 1, 1.5):
        told.crowded(crowded, NOW + timedelta(minutes=minutes))

    assert events == [
        UserCrowded(user=1000, drop="a.eml", until=NOW + timedelta(minutes=1)),
        UserCrowded(user=1000, drop="a.eml", until=NOW + timedelta(minutes=2)),
    ]
