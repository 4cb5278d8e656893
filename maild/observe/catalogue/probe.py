"""The metrics of probes and logins, certificates and access tokens. Pure."""

from typing import Final

from maild.observe.metric import PHASE_BUCKETS, counter, gauge, histogram

PROBES: Final = counter(
    "maild_probes", "Checks of the server and of MX records that came to an end.", "account", "check"
)
PROBE_FAILURES: Final = counter("maild_probe_failures", "Of these, how many failed.", "account", "check")
FAILURE_REASONS: Final = counter(
    "maild_probe_failure_reasons", "Why conversations with servers failed, over all accounts.", "reason"
)
FAILING: Final = gauge(
    "maild_probe_failing",
    "Always 1: where the last conversation with the server failed, and why; absent while none does.",
    "account",
    "check",
    "phase",
    "reason",
)
PROBE_SUCCESS: Final = gauge(
    "maild_probe_success",
    "1 when the check last passed, 0 when it failed; kept while it cannot be told.",
    "account",
    "check",
)
PROBE_LAST_SUCCESS: Final = gauge(
    "maild_probe_last_success_timestamp_seconds",
    "When the check of the server or of MX records last passed; absent when it has not since the start.",
    "account",
    "check",
    unit="seconds",
)
PROBE_LAST_RUN: Final = gauge(
    "maild_probe_last_run_timestamp_seconds", "When the account was last probed.", "account", unit="seconds"
)
PROBE_INTERVAL: Final = gauge(
    "maild_probe_interval_seconds", "The configured time between two probes of an account.", unit="seconds"
)
PROBE_PHASE: Final = gauge(
    "maild_probe_last_phase_duration_seconds",
    "How long each phase took in the last probe.",
    "account",
    "check",
    "phase",
    unit="seconds",
)
PROBE_PHASE_SECONDS: Final = histogram(
    "maild_probe_phase_duration_seconds",
    "How long phases take, over all accounts; its exemplars name a probe's account and time.",
    PHASE_BUCKETS,
    "check",
    "phase",
)
CERTIFICATE_NOT_AFTER: Final = gauge(
    "maild_tls_certificate_not_after_timestamp_seconds",
    "When the server's certificate ends; known even of one that was not accepted.",
    "account",
    unit="seconds",
)
CERTIFICATE_VALID: Final = gauge(
    "maild_tls_certificate_valid", "1 when the server's certificate was accepted, 0 when it has a defect.", "account"
)
CERTIFICATE_PROBLEM: Final = gauge(
    "maild_tls_certificate_problem",
    "Always 1: the defect that the server's certificate has; absent when it was accepted.",
    "account",
    "problem",
)
CHAIN_NOT_AFTER: Final = gauge(
    "maild_tls_chain_not_after_timestamp_seconds",
    "When the first of all certificates that the server sends along ends.",
    "account",
    unit="seconds",
)
TLS_SESSION_INFO: Final = gauge(
    "maild_tls_session_info",
    "1 for the TLS version and cipher that the last probe got.",
    "account",
    "version",
    "cipher",
)
ADDRESSES: Final = gauge(
    "maild_probe_addresses", "Addresses of the server that the last probe looked at.", "account", "family"
)
ADDRESSES_FAILING: Final = gauge(
    "maild_probe_addresses_failing", "Addresses of the server that failed in the last probe.", "account", "family"
)
REPLY_CODE: Final = gauge(
    "maild_smtp_reply_code", "Code of the reply by which the last probe was refused; 0 when it was not.", "account"
)
CAPABILITY: Final = gauge(
    "maild_smtp_capability",
    "1 when the server offers the extension where mail goes, STARTTLS before it; 0 when it does not.",
    "account",
    "capability",
)
MECHANISM: Final = gauge(
    "maild_smtp_auth_mechanism",
    "Always 1: a way of logging in that the server offers where logins go; absent while it does not.",
    "account",
    "mechanism",
)
SIZE_LIMIT: Final = gauge(
    "maild_smtp_message_size_limit_bytes",
    "The largest message that the server takes, as it says.",
    "account",
    unit="bytes",
)
WEAKER: Final = gauge("maild_smtp_downgraded", "1 while the server offers less protection than it used to.", "account")
AUTH_ATTEMPTS: Final = counter("maild_auth_attempts", "Logins tried, by probes and deliveries.", "account")
AUTH_REJECTIONS: Final = counter("maild_auth_rejections", "Logins that the server refused.", "account")
AUTH_SUSPENDED: Final = gauge(
    "maild_auth_probe_suspended", "1 while probes do not log in, to keep the account from being locked.", "account"
)
OAUTH_TOKEN_EXPIRY: Final = gauge(
    "maild_oauth_token_expiry_timestamp_seconds",
    "When the account's access token ends; it is renewed long before.",
    "account",
    unit="seconds",
)
OAUTH_RENEWALS: Final = counter(
    "maild_oauth_renewals",
    "Access tokens asked for; result is granted, failed (is asked again) or refused (somebody has to do something).",
    "account",
    "result",
)

ROUND_TRIP_SECONDS: Final = gauge(
    "maild_round_trip_duration_seconds",
    "How long the last test message took from the server to its mailbox; absent when it did not arrive.",
    "account",
    unit="seconds",
)
ROUND_TRIP_RECEIVED: Final = gauge(
    "maild_round_trip_last_received_timestamp_seconds",
    "When a test message last arrived; absent when none has since the start.",
    "account",
    unit="seconds",
)
ROUND_TRIP_AUTHENTICATION: Final = gauge(
    "maild_round_trip_authentication_pass",
    "1 when the receiver of the last test message found its sender in order by this method, else 0.",
    "account",
    "method",
)

METRICS: Final = (
    PROBES,
    PROBE_FAILURES,
    FAILURE_REASONS,
    FAILING,
    PROBE_SUCCESS,
    PROBE_LAST_SUCCESS,
    PROBE_LAST_RUN,
    PROBE_INTERVAL,
    PROBE_PHASE,
    PROBE_PHASE_SECONDS,
    CERTIFICATE_NOT_AFTER,
    CERTIFICATE_VALID,
    CERTIFICATE_PROBLEM,
    CHAIN_NOT_AFTER,
    TLS_SESSION_INFO,
    ADDRESSES,
    ADDRESSES_FAILING,
    REPLY_CODE,
    CAPABILITY,
    MECHANISM,
    SIZE_LIMIT,
    WEAKER,
    AUTH_ATTEMPTS,
    AUTH_REJECTIONS,
    AUTH_SUSPENDED,
    OAUTH_TOKEN_EXPIRY,
    OAUTH_RENEWALS,
    ROUND_TRIP_SECONDS,
    ROUND_TRIP_RECEIVED,
    ROUND_TRIP_AUTHENTICATION,
)
"""In the order in which they are shown."""
