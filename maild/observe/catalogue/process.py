"""The metrics of the process: versions, health, the event loop, what it uses of the machine. Pure.

Those that begin with process_ are named as every client library names them, so that what knows others knows this one.
"""

from typing import Final

from maild.observe.metric import LAG_BUCKETS, counter, gauge, histogram

BUILD_INFO: Final = gauge("maild_build_info", "Versions; always 1.", "version", "python", "openssl")
START_TIME: Final = gauge("maild_start_timestamp_seconds", "When the daemon started.", unit="seconds")
HEALTHY: Final = gauge("maild_healthy", "1 when /-/healthy says so.")
READY: Final = gauge("maild_ready", "1 when /-/ready says so.")
LOOP_LAG: Final = histogram(
    "maild_event_loop_lag_seconds",
    "How late the event loop came to a task that is due about once a second: a sample, which misses most short ones.",
    LAG_BUCKETS,
)
LOOP_TASKS: Final = gauge("maild_event_loop_tasks", "Tasks that the event loop has to do with now.")
CLOCK: Final = gauge(
    "maild_clock_timestamp_seconds",
    "The time by the clock that retries and lifetimes go by; compare it with the time of the scrape.",
    unit="seconds",
)
WEB_FILE_OK: Final = gauge(
    "maild_web_config_last_reload_successful",
    "1 when `web.config_file`, if there is one, is in force as it is on disk, 0 when an older version of it is.",
)
SERIES: Final = gauge("maild_metric_series", "How many time series this scrape has.")
CPU_SECONDS: Final = counter("process_cpu_seconds", "Processor time used, by user and system together.")
RESIDENT_BYTES: Final = gauge("process_resident_memory_bytes", "Memory in use.", unit="bytes")
OPEN_FDS: Final = gauge("process_open_fds", "Open file descriptors.")
MAX_FDS: Final = gauge("process_max_fds", "How many may be open.")

METRICS: Final = (
    BUILD_INFO,
    START_TIME,
    HEALTHY,
    READY,
    LOOP_LAG,
    LOOP_TASKS,
    CLOCK,
    WEB_FILE_OK,
    SERIES,
    CPU_SECONDS,
    RESIDENT_BYTES,
    OPEN_FDS,
    MAX_FDS,
)
"""In the order in which they are shown."""
