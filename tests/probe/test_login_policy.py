from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.step import NetError, Reason
from maild.probe.login_policy import (
    AcceptedAt,
    BackingOff,
    KnownBad,
    KnownGood,
    LoginAccepted,
    LoginDeferred,
    LoginNotReached,
    LoginOutcome,
    LoginRejected,
    LoginState,
    MayLogIn,
    NotNow,
    Permission,
    Suspended,
    Untried,
    after,
    are_passwords_off,
    decide,
    during,
    is_failure,
    outcome_of,
    recent_failures,
)
from tests.fakes.clock import START as NOW
from tests.rows import each_row

SIX_HOURS = timedelta(hours=6)
HALF_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)
BAD = Suspended(since=NOW - timedelta(days=3), detail="535 no")
BUSY = BackingOff(until=NOW + SECOND, delay=HALF_HOUR, detail="454 later")


def permission(state: LoginState, *failures: timedelta) -> Permission:
    return decide(state, host_failures=tuple(NOW - ago for ago in failures), now=NOW, auth_interval=SIX_HOURS)


@each_row(
    ("state", "expected"),
    [
        (Untried(), MayLogIn()),
        (AcceptedAt(at=NOW), KnownGood(at=NOW, next_at=NOW + SIX_HOURS)),
        (AcceptedAt(at=NOW - SIX_HOURS + SECOND), KnownGood(at=NOW - SIX_HOURS + SECOND, next_at=NOW + SECOND)),
        (AcceptedAt(at=NOW - SIX_HOURS), MayLogIn()),
        (BAD, KnownBad(since=BAD.since, detail="535 no")),
        (BUSY, NotNow(until=NOW + SECOND, detail="454 later")),
        (BackingOff(until=NOW, delay=HALF_HOUR, detail=""), MayLogIn()),
    ],
)
def test_each_state_has_its_permission(state: LoginState, expected: Permission) -> None:
    assert permission(state) == expected


@pytest.mark.parametrize(
    "state",
    [AcceptedAt(at=NOW + SECOND), BackingOff(until=NOW + SIX_HOURS + SECOND, delay=HALF_HOUR, detail="")],
)
def test_an_instant_written_by_a_wrong_clock_forbids_nothing(state: LoginState) -> None:
    assert permission(state) == MayLogIn()


def test_three_failures_within_an_hour_close_a_host_to_everybody() -> None:
    ago = (timedelta(minutes=10), timedelta(minutes=40), timedelta(minutes=20))

    assert permission(Untried(), *ago[:2]) == MayLogIn()
    assert permission(Untried(), *ago) == NotNow(
        until=NOW + timedelta(minutes=20),
        detail="3 logins at this server failed within an hour; one more could get us locked out",
    )


def test_the_host_opens_when_fewer_than_three_failures_are_left_in_the_hour() -> None:
    answer = permission(Untried(), *(timedelta(minutes=minutes) for minutes in (50, 40, 30, 20)))

    assert isinstance(answer, NotNow)
    assert answer.until == NOW + timedelta(minutes=20)


def test_failures_an_hour_old_or_in_the_future_do_not_count() -> None:
    hour = timedelta(hours=1)

    assert recent_failures((NOW - hour, NOW + SECOND, NOW, NOW - hour + SECOND), now=NOW) == (NOW - hour + SECOND, NOW)
    assert permission(Untried(), hour, -SECOND, SECOND) == MayLogIn()


@each_row(
    ("state", "outcome", "expected"),
    [
        (Untried(), LoginAccepted(), AcceptedAt(at=NOW)),
        (BAD, LoginAccepted(), AcceptedAt(at=NOW)),
        (BUSY, LoginAccepted(), AcceptedAt(at=NOW)),
        (Untried(), LoginRejected(detail="535"), Suspended(since=NOW, detail="535")),
        (BUSY, LoginRejected(detail="535"), Suspended(since=NOW, detail="535")),
        (BAD, LoginRejected(detail="535 again"), BAD),
        (BAD, LoginDeferred(detail="454"), BAD),
        (Untried(), LoginDeferred(detail="454"), BackingOff(until=NOW + HALF_HOUR, delay=HALF_HOUR, detail="454")),
        (AcceptedAt(at=NOW), LoginNotReached(), AcceptedAt(at=NOW)),
        (BUSY, LoginNotReached(), BUSY),
    ],
)
def test_each_outcome_leads_to_its_state(state: LoginState, outcome: LoginOutcome, expected: LoginState) -> None:
    assert after(state, outcome, now=NOW) == expected


def test_the_pause_doubles_from_half_an_hour_to_six_hours() -> None:
    state: LoginState = Untried()
    pauses = []
    for _ in range(6):
        state = after(state, LoginDeferred(detail="421"), now=NOW)
        assert isinstance(state, BackingOff)
        pauses.append(state.delay / timedelta(hours=1))

    assert pauses == [0.5, 1, 2, 4, 6, 6]


def test_a_login_that_was_begun_and_never_ended_is_followed_by_a_pause() -> None:
    assert during(AcceptedAt(at=NOW - SIX_HOURS), now=NOW) == BackingOff(
        until=NOW + HALF_HOUR, delay=HALF_HOUR, detail="a login was begun and its end is not known"
    )


def net_error(phase: Phase, reason: Reason, reply: str | None = None) -> NetError:
    return NetError(phase, reason, "words", reply=None if reply is None else Reply.of(int(reply[:3]), reply[4:]))


@each_row(
    ("error", "expected"),
    [
        (None, LoginAccepted()),
        (net_error(Phase.MAIL, Reason.REPLY, "550 5.7.1 no"), LoginAccepted()),
        (net_error(Phase.QUIT, Reason.LOST), LoginAccepted()),
        (net_error(Phase.CONNECT, Reason.TIMEOUT), LoginNotReached()),
        (net_error(Phase.BANNER, Reason.REPLY, "554 go away"), LoginNotReached()),
        (net_error(Phase.CERTIFICATE, Reason.CERTIFICATE), LoginNotReached()),
        (net_error(Phase.AUTH, Reason.NO_MECHANISM), LoginNotReached()),
        (net_error(Phase.AUTH, Reason.CLEARTEXT), LoginNotReached()),
        (net_error(Phase.AUTH, Reason.REPLY, "535 5.7.8 no"), LoginRejected(detail="535 5.7.8 no")),
        (net_error(Phase.AUTH, Reason.REPLY, "534 5.7.9 app"), LoginRejected(detail="534 5.7.9 app")),
        (net_error(Phase.AUTH, Reason.REPLY, "530 5.7.0 no"), LoginRejected(detail="530 5.7.0 no")),
        (net_error(Phase.AUTH, Reason.REPLY, "550 5.7.30 off"), LoginRejected(detail="550 5.7.30 off")),
        (net_error(Phase.AUTH, Reason.REPLY, "535 no code"), LoginRejected(detail="535 no code")),
        (net_error(Phase.AUTH, Reason.REPLY, "454 4.7.0 many"), LoginDeferred(detail="454 4.7.0 many")),
        (net_error(Phase.AUTH, Reason.REPLY, "421 4.7.0 many"), LoginDeferred(detail="421 4.7.0 many")),
        (net_error(Phase.AUTH, Reason.REPLY, "535 4.7.8 many"), LoginDeferred(detail="535 4.7.8 many")),
        (net_error(Phase.AUTH, Reason.LOST), LoginDeferred(detail="words")),
        (net_error(Phase.AUTH, Reason.TIMEOUT), LoginDeferred(detail="words")),
    ],
)
def test_the_end_of_a_conversation_tells_how_the_login_went(error: NetError | None, expected: LoginOutcome) -> None:
    assert outcome_of(error) == expected


def test_only_refusals_and_deferrals_count_as_failed_logins() -> None:
    outcomes = (LoginAccepted(), LoginRejected(detail=""), LoginDeferred(detail=""), LoginNotReached())

    assert [is_failure(outcome) for outcome in outcomes] == [False, True, True, False]


@each_row(
    ("reply", "expected"),
    [("550 5.7.30 Basic", True), ("535 5.7.139 Authentication", True), ("535 5.7.8 bad", False), ("535 bad", False)],
)
def test_passwords_switched_off_by_the_provider_are_recognised(reply: str, expected: bool) -> None:  # noqa: FBT001
    assert are_passwords_off(Reply.of(int(reply[:3]), reply[4:])) is expected


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([LoginAccepted(), LoginDeferred(detail=""), LoginNotReached()]), st.integers(0, 90_000)
        )
    )
)
def test_what_was_rejected_is_only_tried_again_when_a_login_succeeded(
    history: list[tuple[LoginOutcome, int]],
) -> None:
    state = after(Untried(), LoginRejected(detail="535"), now=NOW)
    now = NOW
    for outcome, seconds in history:
        now += timedelta(seconds=seconds)
        state = after(state, outcome, now=now)

    was_let_in = any(isinstance(outcome, LoginAccepted) for outcome, _ in history)
    answer = decide(state, host_failures=(), now=now, auth_interval=SIX_HOURS)
    assert isinstance(answer, KnownBad) is not was_let_in
