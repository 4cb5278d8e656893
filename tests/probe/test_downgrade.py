from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from maild.probe.downgrade import ACCEPTED_AFTER, MOST_KEYS, Change, Habit, Quality
from maild.probe.offer import Offer
from tests.fakes.clock import START

GOOD = Offer(
    clear=("SIZE 1", "STARTTLS"),
    encrypted=("AUTH SCRAM-SHA-256 PLAIN",),
    mechanisms=("SCRAM-SHA-256", "PLAIN"),
    protocol="TLSv1.3 X",
    key="aa",
)
KNOWN = Habit.of(GOOD)

words = st.lists(st.sampled_from(("PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2")), max_size=3).map(tuple)
offers = st.builds(
    Offer,
    clear=st.none() | st.lists(st.sampled_from(("STARTTLS", "SIZE 1")), max_size=2, unique=True).map(tuple),
    mechanisms=st.none() | words,
    protocol=st.sampled_from(("", "TLSv1.2 X", "TLSv1.3 X", "SSLv9 X")),
    key=st.sampled_from(("", "aa", "bb")),
)


def qualities(habit: Habit, offer: Offer, *, is_verified: bool = True) -> list[tuple[Quality, bool]]:
    return [(one.quality, one.is_weaker) for one in habit.changes_to(offer, is_verified=is_verified)]


def test_what_is_lost_is_found_with_before_and_after() -> None:
    for offer, expected in (
        (replace(GOOD, clear=("SIZE 1",)), [(Quality.STARTTLS, True)]),
        (replace(GOOD, mechanisms=()), [(Quality.AUTH, True)]),
        (replace(GOOD, mechanisms=("PLAIN",)), [(Quality.HIDDEN_PASSWORD, True)]),
        (replace(GOOD, mechanisms=("SCRAM-SHA-256",)), []),
        (replace(GOOD, protocol="TLSv1.2 X"), [(Quality.TLS_VERSION, True)]),
        (replace(GOOD, key="bb"), [(Quality.KEY, False)]),
        (replace(GOOD, clear=None, mechanisms=None, protocol="", key=""), []),
    ):
        assert qualities(KNOWN, offer) == expected

    assert qualities(KNOWN, replace(GOOD, key="bb"), is_verified=False) == [(Quality.KEY, True)]
    (change,) = KNOWN.changes_to(replace(GOOD, mechanisms=()), is_verified=True)
    assert str(change) == "auth: scram-sha-256 plain before, none now"


@given(offer=offers)
def test_a_server_is_not_weaker_than_itself(offer: Offer) -> None:
    known = Habit.of(offer)

    assert known.changes_to(offer, is_verified=False) == ()
    assert known.after(offer, (), now=START, is_kept=True) == known


@given(first=offers, second=offers, is_kept=st.booleans())
def test_what_is_no_weaker_becomes_the_habit(first: Offer, second: Offer, *, is_kept: bool) -> None:
    known = Habit.of(first)
    changes = known.changes_to(second, is_verified=True)
    after = known.after(second, changes, now=START, is_kept=is_kept)

    if any(change.is_weaker for change in changes):
        assert after == replace(known, weaker_since=START)
    else:
        assert after.changes_to(second, is_verified=False) == ()
        assert after.weaker_since is None


def test_what_was_weaker_for_a_week_is_normal_unless_it_is_held() -> None:
    weak = replace(GOOD, mechanisms=())
    changes = KNOWN.changes_to(weak, is_verified=True)
    first = KNOWN.after(weak, changes, now=START, is_kept=False)
    almost = first.after(weak, changes, now=START + ACCEPTED_AFTER - timedelta(seconds=1), is_kept=False)

    assert first == almost == replace(KNOWN, weaker_since=START)
    assert almost.after(weak, changes, now=START + ACCEPTED_AFTER, is_kept=True) == first
    assert almost.after(weak, changes, now=START + ACCEPTED_AFTER, is_kept=False).mechanisms == ()
    # A clock that was wrong then does not make it normal later or earlier.
    assert first.after(weak, changes, now=START - timedelta(days=1), is_kept=False).weaker_since == START - timedelta(
        days=1
    )
    assert first.after(GOOD, (), now=START + timedelta(days=1), is_kept=True).weaker_since is None


def test_servers_that_take_turns_are_all_known_and_their_number_is_bounded() -> None:
    habit = KNOWN
    for number in range(20):
        offer = replace(GOOD, key=f"{number}")
        habit = habit.after(offer, habit.changes_to(offer, is_verified=True), now=START, is_kept=False)

    assert len(habit.keys) == MOST_KEYS
    assert habit.after(replace(GOOD, key="15"), (), now=START, is_kept=False) == habit
    assert habit.keys[-1] == "19"


def test_a_change_is_a_sentence() -> None:
    assert str(Change(quality=Quality.STARTTLS, before="offered", after="not offered")) == (
        "starttls: offered before, not offered now"
    )
