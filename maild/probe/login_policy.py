r"""When a probe may log in: often enough to notice a changed password, never so often that an account is locked.

Pure: (state, now) to a permission, (state, outcome, now) to the next state. The state of one credential (host, user
and the secret's fingerprint) is kept across restarts by `login_memory`. Providers count failed logins: some lock the
account, some block the sender's address for weeks, so one rejection is enough. Replies as in RFC 4954 §4 and §6.

    UNTRIED --accepted--> ACCEPTED   next login after the login interval, or never while real mail is logging in
       |  \--rejected--> SUSPENDED  no login until the secret, the user or the host changes: another fingerprint
       \----deferred--> BACKING OFF 30 minutes, doubling to 6 hours

A server that does not offer the mechanism is a mistake in the file: no login was tried and nothing changes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias, assert_never

from maild.mail.phase import Phase
from maild.mail.reply import EnhancedCode, Reply
from maild.net.step import NetError, Reason

FIRST_BACKOFF: Final = timedelta(minutes=30)
MAX_BACKOFF: Final = timedelta(hours=6)
FAILURE_WINDOW: Final = timedelta(hours=1)
MAX_FAILURES_PER_HOST: Final = 3
"""Failed logins at one host within the window, all accounts together: providers also count by our address."""

NOTE_INTERVAL: Final = timedelta(minutes=10)
"""Real mail logs in all the time; an acceptance younger than this is not written down again."""

# Microsoft's words for "passwords are switched off here"; no other password can help.
_PASSWORDS_OFF: Final = frozenset(
    {EnhancedCode(class_=5, subject=7, detail=30), EnhancedCode(class_=5, subject=7, detail=139)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Untried:
    """Nothing is known of these credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedAt:
    """The server let us in, then."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """The server refused these credentials; they are not tried again. `detail` are its words."""

    since: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackingOff:
    """The server said "not now"; `delay` is what the next one doubles."""

    until: datetime
    delay: timedelta
    detail: str


LoginState: TypeAlias = Untried | AcceptedAt | Suspended | BackingOff


@dataclass(frozen=True, slots=True, kw_only=True)
class MayLogIn:
    """Log in, once, with one mechanism."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGood:
    """No need: the credentials worked `at` and will be tried again at `next_at`."""

    at: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBad:
    """No use: the credentials were refused and have not changed since."""

    since: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Too dangerous before `until`; nothing is known of the credentials meanwhile."""

    until: datetime
    detail: str


Permission: TypeAlias = MayLogIn | KnownGood | KnownBad | NotNow


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAccepted:
    """The server let us in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRejected:
    """The server refused the credentials, in these words."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginDeferred:
    """The server would not decide now, or was lost while deciding."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginNotReached:
    """The conversation ended before a login was tried."""


LoginOutcome: TypeAlias = LoginAccepted | LoginRejected | LoginDeferred | LoginNotReached


def decide(
    state: LoginState, *, host_failures: tuple[datetime, ...], now: datetime, auth_interval: timedelta
) -> Permission:
    """Whether a probe may log in now. `host_failures` are the failed logins at the same host, of every account."""
    match state:
        case Suspended(since=since, detail=detail):
            return KnownBad(since=since, detail=detail)
        # An instant in the future was written by a clock that was wrong: it must not forbid logins for years.
        case AcceptedAt(at=at) if at <= now < at + auth_interval:
            return KnownGood(at=at, next_at=at + auth_interval)
        case BackingOff(until=until, detail=detail) if now < until <= now + MAX_BACKOFF:
            return NotNow(until=until, detail=detail)
        case Untried() | AcceptedAt() | BackingOff():
            return _decide_by_host(recent_failures(host_failures, now=now))
        case _:
            assert_never(state)


def after(state: LoginState, outcome: LoginOutcome, *, now: datetime) -> LoginState:
    """The state that the outcome of a login leads to."""
    match outcome:
        case LoginAccepted():
            return AcceptedAt(at=now)
        case LoginRejected(detail=detail):
            # A later refusal of what is suspended already keeps the first date: that is when it broke.
            return state if isinstance(state, Suspended) else Suspended(since=now, detail=detail)
        case LoginDeferred(detail=detail):
            if isinstance(state, Suspended):
                return state
            delay = min(state.delay * 2, MAX_BACKOFF) if isinstance(state, BackingOff) else FIRST_BACKOFF
            return BackingOff(until=now + delay, delay=delay, detail=detail)
        case LoginNotReached():
            return state
        case _:
            assert_never(outcome)


def during(state: LoginState, *, now: datetime) -> LoginState:
    """The state to write down before a login begins, so that a crash in the middle of it is followed by a pause and
    not by the same login at every start.
    """
    return after(state, LoginDeferred(detail="a login was begun and its end is not known"), now=now)


def recent_failures(failures: tuple[datetime, ...], *, now: datetime) -> tuple[datetime, ...]:
    """Those that still count, oldest first."""
    return tuple(sorted(at for at in failures if now - FAILURE_WINDOW < at <= now))


def is_failure(outcome: LoginOutcome) -> bool:
    """Whether the provider counts it as a failed login, as far as we can know."""
    return isinstance(outcome, LoginRejected | LoginDeferred)


def outcome_of(error: NetError | None) -> LoginOutcome:
    """What the end of a conversation in which a login was wanted says about the login; None is a good end.

    An error after the login counts as accepted: the server had let us in.
    """
    if error is None:
        return LoginAccepted()
    order = list(Phase)
    if order.index(error.phase) > order.index(Phase.AUTH):
        return LoginAccepted()
    if error.phase is not Phase.AUTH or error.reason in {Reason.NO_MECHANISM, Reason.CLEARTEXT}:
        return LoginNotReached()
    reply = error.reply
    if reply is None:
        return LoginDeferred(detail=error.detail)
    return LoginRejected(detail=str(reply)) if _is_rejection(reply) else LoginDeferred(detail=str(reply))


def are_passwords_off(reply: Reply) -> bool:
    """Whether the server says that it takes no passwords at all any more."""
    return reply.enhanced in _PASSWORDS_OFF


def _is_rejection(reply: Reply) -> bool:
    # Any 5yz, not only 530, 534 and 535: whatever the server dislikes for good, saying it again can only cost. But
    # 5yz with a 4.7.x code is what some servers say when an attacker, or we, tried too often.
    return reply.is_permanent and (reply.enhanced is None or reply.enhanced.class_ != 4)


def _decide_by_host(recent: tuple[datetime, ...]) -> Permission:
    if len(recent) < MAX_FAILURES_PER_HOST:
        return MayLogIn()
    return NotNow(
        until=recent[-MAX_FAILURES_PER_HOST] + FAILURE_WINDOW,
        detail=f"{len(recent)} logins at this server failed within an hour; one more could get us locked out",
    )
