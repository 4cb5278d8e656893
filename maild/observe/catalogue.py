"""Every metric of maild, in one list: name, kind, unit, labels with where their values come from, meaning. Pure.

Names are public: alerts and dashboards are built on them. A label's values are bounded by the configuration
(`account`) or by a closed set in the code; never a recipient, an address, a queue id or a server's words. Counters'
names stand here without `_total`, which the exposition adds.
"""

from typing import Final

from maild.observe.metric import (
    ATTEMPT_BUCKETS,
    DELIVERY_BUCKETS,
    LAG_BUCKETS,
    VALIDATE_BUCKETS,
    counter,
    gauge,
    histogram,
)

BUILD_INFO: Final = gauge("maild_build_info", "Versions; always 1.", "version", "python", "openssl")
START_TIME: Final = gauge("maild_start_timestamp_seconds", "When the daemon started.", unit="seconds")
HEALTHY: Final = gauge("maild_healthy", "1 when /-/healthy says so.")
READY: Final = gauge("maild_ready", "1 when /-/ready says so.")
LOOP_LAG: Final = histogram(
    "maild_event_loop_lag_seconds", "How late the event loop came to a task that was due.", LAG_BUCKETS
)

CONFIG_GENERATION: Final = gauge("maild_config_generation", "Number of the configuration in force.")
CONFIG_RELOAD_OK: Final = gauge(
    "maild_config_last_reload_successful", "1 when everything on disk is in force, 0 when an older version of it is."
)
CONFIG_RELOAD_SUCCESS_AT: Final = gauge(
    "maild_config_last_reload_success_timestamp_seconds", "When everything on disk was last in force.", unit="seconds"
)
CONFIG_RELOADS: Final = counter(
    "maild_config_reloads",
    "Looks at the configuration folder, by what caused and what came of them.",
    "trigger",
    "result",
)
CONFIG_FILES: Final = gauge(
    "maild_config_files", "Configuration files by standing: accepted, last_good, rejected.", "state"
)
CONFIG_FINDINGS: Final = gauge("maild_config_findings", "Diagnostics of the configuration now.", "severity")
CONFIG_FILE_VALID: Final = gauge(
    "maild_config_file_valid",
    "1 when what is on disk is in force, 0 when it is rejected. Of a thousand files; the rejected ones come first.",
    "file",
)
CONFIG_FILE_STALE: Final = gauge(
    "maild_config_file_stale", "1 when an older version of the file is in force, 0 when not.", "file"
)
CONFIG_FILE_LAST_GOOD: Final = gauge(
    "maild_config_file_last_good_timestamp_seconds",
    "When the version of the file that is in force was accepted; absent when none is.",
    "file",
    unit="seconds",
)
CONFIG_DIAGNOSTICS: Final = gauge(
    "maild_config_diagnostics",
    "Diagnostics of a file now, by rule. Five hundred series at most, the worst first; maild_config_findings has all.",
    "file",
    "code",
    "severity",
)
CONFIG_HASH_INFO: Final = gauge(
    "maild_config_hash_info",
    "Always 1; `hash` names the contents of all files on disk, `git_commit` what is checked out where they lie.",
    "hash",
    "git_commit",
)
CONFIG_VALIDATE_SECONDS: Final = histogram(
    "maild_config_validate_duration_seconds",
    "Parsing and judging the files that had changed, with rests for the sake of the mail.",
    VALIDATE_BUCKETS,
)
CONFIG_PENDING_RESTART: Final = gauge(
    "maild_config_pending_restart",
    "1 when the setting was changed since the start and takes effect at the next one, 0 when not.",
    "field",
)
CONFIG_CANARY_FILES: Final = gauge(
    "maild_config_canary_files",
    "Changed accounts that are held back: running until a try says yes or no, failed after one that said no.",
    "state",
)
CONFIG_CANARY_RUNS: Final = counter(
    "maild_config_canary_runs",
    "Tries of changed accounts before they are used, by what came of them: passed, failed, untold, waived.",
    "result",
)
CONFIG_WATCH_ALIVE: Final = gauge(
    "maild_config_watch_alive", "1 when changes are noticed by file system events, 0 when by polling or rescans only."
)
CONFIG_WATCH_REBUILDS: Final = counter("maild_config_watch_rebuilds", "Times the watches had to be built anew.")
CONFIG_WATCH_OVERFLOWS: Final = counter(
    "maild_config_watch_overflows", "Times the kernel dropped file system events; a rescan followed at once."
)
CONFIG_WATCH_MISSED: Final = counter(
    "maild_config_watch_missed_changes", "Changed files that a rescan found and no event had told of."
)
CREDENTIAL_CHANGES: Final = counter(
    "maild_config_credential_changes", "Accounts whose password's or certificates' file changed, each time."
)

PROBES: Final = counter("maild_probes", "Checks finished, by verdict.", "account", "check", "verdict")
PROBE_FAILURES: Final = counter(
    "maild_probe_failures", "Failed checks by the phase that failed.", "account", "check", "phase"
)
PROBE_SUCCESS: Final = gauge(
    "maild_probe_success",
    "1 when the check last passed, 0 when it failed; kept while it cannot be told.",
    "account",
    "check",
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
CERTIFICATE_NOT_AFTER: Final = gauge(
    "maild_tls_certificate_not_after_timestamp_seconds",
    "When the server's certificate ends; known even of one that was not accepted.",
    "account",
    unit="seconds",
)
CERTIFICATE_VALID: Final = gauge(
    "maild_tls_certificate_valid", "1 when the server's certificate was accepted, 0 when it has a defect.", "account"
)
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

INTAKE_TAKEN: Final = counter("maild_intake_messages", "Drops that became messages of the queue.")
INTAKE_BYTES: Final = counter("maild_intake_bytes", "Size of the drops that became messages.")
INTAKE_REJECTED: Final = counter("maild_intake_rejected", "Drops that are no messages, by reason.", "reason")
INTAKE_REPEATED: Final = counter(
    "maild_intake_repeated", "Drops that were a message already, by their idempotency key, and were not taken in again."
)
INTAKE_CROWDED: Final = counter(
    "maild_intake_crowded", "Times a user had dropped as much as intake.per_user allows, so that his drops wait."
)
INTAKE_PAUSED: Final = gauge("maild_intake_paused", "1 while no drops are taken in; they wait in the drop folder.")
SPOOL_MESSAGES: Final = gauge("maild_spool_messages", "Messages in the queue by state.", "state")
SPOOL_UNCERTAIN: Final = gauge(
    "maild_spool_uncertain_messages", "Messages in the queue that may have been delivered: their answer was lost."
)
SPOOL_OLDEST: Final = gauge(
    "maild_spool_oldest_message_timestamp_seconds",
    "Arrival of the oldest message that waits; absent when none does.",
    unit="seconds",
)
QUEUE_TROUBLE: Final = counter("maild_queue_trouble", "Failures of the queue's storage; nothing is lost by them.")

ATTEMPTS: Final = counter("maild_delivery_attempts", "Tries to send a message through an account.", "account")
ATTEMPT_FAILURES: Final = counter(
    "maild_delivery_attempt_failures",
    "Recipients that a try did not deliver to, by phase and class of the server's reply (4xx, 5xx, none).",
    "account",
    "phase",
    "reply_class",
)
RECIPIENTS: Final = counter("maild_delivery_recipients", "Verdicts on recipients.", "account", "verdict")
ATTEMPT_SECONDS: Final = histogram(
    "maild_delivery_attempt_duration_seconds", "Length of one try to send.", ATTEMPT_BUCKETS, "account"
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
BREAKER_OPENINGS: Final = counter("maild_breaker_openings", "Times the breaker opened.", "account", "phase", "reason")
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
    "maild_session_open_duration_seconds", "From look-up to login of a new session.", ATTEMPT_BUCKETS, "account"
)

METRICS: Final = (
    BUILD_INFO,
    START_TIME,
    HEALTHY,
    READY,
    LOOP_LAG,
    CONFIG_GENERATION,
    CONFIG_RELOAD_OK,
    CONFIG_RELOAD_SUCCESS_AT,
    CONFIG_RELOADS,
    CONFIG_FILES,
    CONFIG_FINDINGS,
    CONFIG_FILE_VALID,
    CONFIG_FILE_STALE,
    CONFIG_FILE_LAST_GOOD,
    CONFIG_DIAGNOSTICS,
    CONFIG_HASH_INFO,
    CONFIG_VALIDATE_SECONDS,
    CONFIG_PENDING_RESTART,
    CONFIG_CANARY_FILES,
    CONFIG_CANARY_RUNS,
    CONFIG_WATCH_ALIVE,
    CONFIG_WATCH_REBUILDS,
    CONFIG_WATCH_OVERFLOWS,
    CONFIG_WATCH_MISSED,
    CREDENTIAL_CHANGES,
    PROBES,
    PROBE_FAILURES,
    PROBE_SUCCESS,
    PROBE_LAST_RUN,
    PROBE_INTERVAL,
    PROBE_PHASE,
    CERTIFICATE_NOT_AFTER,
    CERTIFICATE_VALID,
    AUTH_ATTEMPTS,
    AUTH_REJECTIONS,
    AUTH_SUSPENDED,
    OAUTH_TOKEN_EXPIRY,
    OAUTH_RENEWALS,
    INTAKE_TAKEN,
    INTAKE_BYTES,
    INTAKE_REJECTED,
    INTAKE_REPEATED,
    INTAKE_CROWDED,
    INTAKE_PAUSED,
    SPOOL_MESSAGES,
    SPOOL_UNCERTAIN,
    SPOOL_OLDEST,
    QUEUE_TROUBLE,
    ATTEMPTS,
    ATTEMPT_FAILURES,
    RECIPIENTS,
    ATTEMPT_SECONDS,
    DELIVERY_SECONDS,
    UNCERTAIN,
    UNROUTABLE,
    REPORTS,
    EXPIRED,
    BREAKER_OPEN,
    BREAKER_OPENINGS,
    IN_FLIGHT,
    WAITING,
    LIMITED,
    DAY_LEFT,
    SESSIONS,
    SESSION_SECONDS,
)
"""In the order in which they are shown."""
