"""The metrics of the process: versions, health, the event loop. Pure."""

from typing import Final

from maild.observe.metric import LAG_BUCKETS, gauge, histogram

BUILD_INFO: Final = gauge("maild_build_info", "Versions; always 1.", "version", "python", "openssl")
START_TIME: Final = gauge("maild_start_timestamp_seconds", "When the daemon started.", unit="seconds")
HEALTHY: Final = gauge("maild_healthy", "1 when /-/healthy says so.")
READY: Final = gauge("maild_ready", "1 when /-/ready says so.")
LOOP_LAG: Final = histogram(
    "maild_event_loop_lag_seconds", "How late the event loop came to a task that was due.", LAG_BUCKETS
)
WEB_FILE_OK: Final = gauge(
    "maild_web_config_last_reload_successful",
    "1 when `web.config_file`, if there is one, is in force as it is on disk, 0 when an older version of it is.",
)
SERIES: Final = gauge("maild_metric_series", "How many time series this scrape has.")

METRICS: Final = (
    BUILD_INFO,
    START_TIME,
    HEALTHY,
    READY,
    LOOP_LAG,
    WEB_FILE_OK,
    SERIES,
)
"""In the order in which they are shown."""
