"""The metrics of sending: attempts, verdicts, breakers, budgets, sessions. Pure."""

from typing import Final

from maild.observe.metric import ATTEMPT_BUCKETS, DELIVERY_BUCKETS, SESSION_BUCKETS, counter, gauge, histogram

ATTEMPTS: Final = counter("maild_delivery_attempts", "Tries to send a message through an account.", "account")
ATTEMPT_FAILURES: Final = counter(
    "maild_delivery_attempt_failures",
    "Recipients that a try did not deliver to, by class of the server's reply.",
    "account",
    "reply_class",
)
FAILURE_PHASES: Final = counter(
    "maild_delivery_failure_phases",
    "The same over all accounts, by the phase in which they failed.",
    "phase",
    "reply_class",
)
RECIPIENTS: Final = counter("maild_delivery_recipients", "Verdicts on recipients.", "account", "verdict")
ATTEMPT_SECONDS: Final = histogram(
    "maild_delivery_attempt_duration_seconds",
    "Length of one try to send, over all accounts; its exemplars name a message.",
    ATTEMPT_BUCKETS,
)
DELIVERY_SECONDS: Final = histogram(
    "maild_delivery_duration_seconds", "From arrival in the queue to the last delivery.", DELIVERY_BUCKETS, "account"
)
UNCERTAIN: Final = counter(
    "maild_delivery_uncertain",
    "Messages sent to their end whose answer was lost, each time; account is empty where it is not known.",
    "account",
)
UNROUTABLE: Final = counter("maild_delivery_unroutable", "Times a message had no account to go through, and waits.")
REPORTS: Final = counter(
    "maild_reports",
    "Messages that somebody was told about because they failed, are late or were wished to be told of, by way.",
    "occasion",
    "way",
)
EXPIRED: Final = counter("maild_delivery_expired", "Messages that failed by reaching the end of their lifetime.")
BREAKER_OPEN: Final = gauge("maild_breaker_open", "1 while the account cannot be used; its messages wait.", "account")
BREAKER_TROUBLE: Final = gauge(
    "maild_breaker_trouble",
    "Always 1: what the account cannot be used for, and where that showed; absent while it can be.",
    "account",
    "phase",
    "reason",
)
BREAKER_OPENINGS: Final = counter("maild_breaker_openings", "Times the breaker opened.", "account")
IN_FLIGHT: Final = gauge("maild_delivery_in_flight", "Messages being sent now.", "account")
WAITING: Final = gauge("maild_delivery_waiting", "Messages that wait and last went, or are to go, by it.", "account")
LIMITED: Final = gauge(
    "maild_delivery_limited", "1 while messages wait because what the account may send in a time is used up.", "account"
)
DAY_LEFT: Final = gauge(
    "maild_delivery_day_recipients_left",
    "Recipients left of what the account may send to in a rolling day; absent without such a limit.",
    "account",
)
SESSIONS: Final = gauge("maild_delivery_sessions", "Open sessions with the account's server.", "account")
SESSION_SECONDS: Final = histogram(
    "maild_session_open_duration_seconds",
    "From look-up to login of a new session, over all accounts.",
    SESSION_BUCKETS,
)

METRICS: Final = (
    ATTEMPTS,
    ATTEMPT_FAILURES,
    FAILURE_PHASES,
    RECIPIENTS,
    ATTEMPT_SECONDS,
    DELIVERY_SECONDS,
    UNCERTAIN,
    UNROUTABLE,
    REPORTS,
    EXPIRED,
    BREAKER_OPEN,
    BREAKER_TROUBLE,
    BREAKER_OPENINGS,
    IN_FLIGHT,
    WAITING,
    LIMITED,
    DAY_LEFT,
    SESSIONS,
    SESSION_SECONDS,
)
"""In the order in which they are shown."""
