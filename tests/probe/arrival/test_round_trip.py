from datetime import timedelta

from maild.probe.arrival import Arrival
from maild.probe.arrival.round_trip import NAME, Trip, Trips, ended, refused, unread, unsent
from maild.probe.owner import Owner
from maild.probe.result import CheckVerdict, Told
from tests.fakes.clock import START

HEAD = b"Authentication-Results: mx.test; spf=pass; dkim=%b; dmarc=%b\n"


def arrived(dkim: bytes = b"pass", dmarc: bytes = b"pass", seconds: float = 3.0) -> Trip:
    return ended(Arrival(head=HEAD % (dkim, dmarc), seconds=seconds), within_s=60, now=START, before=None)


def figures(trip: Trip) -> dict[str, float]:
    return {" ".join(filter(None, (one.name, one.label))): one.value for one in trip.check.figures}


def test_a_message_that_arrives_is_told_with_its_delay_and_the_receiver_s_opinion() -> None:
    trip = arrived()
    assert (trip.check.check, trip.check.verdict, trip.check.owner) == (NAME, CheckVerdict.PASS, None)
    assert trip.check.summary == "the test message arrived after 3.0 s; mx.test says spf=pass dkim=pass dmarc=pass"
    assert figures(trip) == {
        "round_trip_seconds": 3.0,
        "round_trip_authentication spf": True,
        "round_trip_authentication dkim": True,
        "round_trip_authentication dmarc": True,
        "round_trip_received": START.timestamp(),
    }


def test_what_is_wrong_says_whose_turn_it_is() -> None:
    doubted, late = arrived(dkim=b"none", dmarc=b"fail"), arrived(seconds=40)
    assert (doubted.check.verdict, doubted.check.owner) == (CheckVerdict.WARN, Owner.DNS)
    assert [one.code for one in doubted.check.diagnostics] == ["ML789"]
    assert [one.code for one in late.check.diagnostics] == ["ML751"]
    silent = ended(Arrival(head=b"To: a\n", seconds=1), within_s=60, now=START, before=None)
    assert figures(silent) == {"round_trip_seconds": 1, "round_trip_received": START.timestamp()}


def test_a_message_that_does_not_arrive_or_is_refused_is_a_failure_that_remembers_the_last_arrival() -> None:
    later = START + timedelta(hours=6)
    lost = ended(Arrival(head=None, seconds=60), within_s=60, now=later, before=arrived())
    sent_back = refused("the server refused it: 550 no", now=later, before=lost)
    for trip, code in ((lost, "ML788"), (sent_back, "ML738")):
        assert (trip.check.verdict, trip.check.owner) == (CheckVerdict.FAIL, Owner.PROVIDER)
        assert [one.code for one in trip.check.diagnostics] == [code]
        assert trip.check.told == Told(verdict=CheckVerdict.FAIL, at=later)
        assert figures(trip) == {"round_trip_received": START.timestamp()}


def test_what_could_not_be_sent_or_looked_for_leaves_what_was_known() -> None:
    later = START + timedelta(hours=6)
    for trip in (
        unsent("the account cannot send now", now=later, before=arrived()),
        unread("The server refused the mailbox.", now=later, before=arrived()),
    ):
        assert trip.check.verdict is CheckVerdict.INDETERMINATE
        assert trip.check.told == Told(verdict=CheckVerdict.PASS, at=START)
        assert figures(trip) == {"round_trip_received": START.timestamp()}
    first = unsent("the account cannot send now", now=later, before=None)
    assert (first.check.told, first.check.figures) == (None, ())
    assert first.check.summary == "the test message was not sent: the account cannot send now"


def test_the_last_trip_of_an_account_is_kept_as_long_as_the_account() -> None:
    trips = Trips()
    assert (trips.last("a"), trips.check("a")) == (None, None)
    for name in ("a", "b"):
        trips.put(name, arrived())
    trips.keep({"a"})
    assert (trips.check("a"), trips.last("b")) == (arrived().check, None)
