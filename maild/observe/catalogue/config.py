"""The metrics of the configuration: files, findings, reloads, watches. Pure."""

from typing import Final

from maild.observe.metric import LAG_BUCKETS, VALIDATE_BUCKETS, counter, gauge, histogram

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
CONFIG_RELOAD_LAG: Final = histogram(
    "maild_config_reload_lag_seconds",
    "The longest that a reload held up the event loop, from its begin until a second after it, to five milliseconds;"
    " maild_event_loop_lag_seconds is sampled at all times, but seldom.",
    LAG_BUCKETS,
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

METRICS: Final = (
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
    CONFIG_RELOAD_LAG,
    CONFIG_PENDING_RESTART,
    CONFIG_CANARY_FILES,
    CONFIG_CANARY_RUNS,
    CONFIG_WATCH_ALIVE,
    CONFIG_WATCH_REBUILDS,
    CONFIG_WATCH_OVERFLOWS,
    CONFIG_WATCH_MISSED,
    CREDENTIAL_CHANGES,
)
"""In the order in which they are shown."""
