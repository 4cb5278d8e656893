"""The metrics of the spool: intake and queue. Pure."""

from typing import Final

from maild.observe.metric import FSYNC_BUCKETS, counter, gauge, histogram

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
DISK_FREE: Final = gauge(
    "maild_spool_disk_free_bytes",
    "What is free for maild on the file system of the spool; absent when that cannot be told.",
    unit="bytes",
)
FSYNC_SECONDS: Final = histogram(
    "maild_spool_fsync_seconds",
    "How long the disk took until a transaction of the queue was durable; many messages share one.",
    FSYNC_BUCKETS,
)
QUEUE_TROUBLE: Final = counter("maild_queue_trouble", "Failures of the queue's storage; nothing is lost by them.")

METRICS: Final = (
    INTAKE_TAKEN,
    INTAKE_BYTES,
    INTAKE_REJECTED,
    INTAKE_REPEATED,
    INTAKE_CROWDED,
    INTAKE_PAUSED,
    SPOOL_MESSAGES,
    SPOOL_UNCERTAIN,
    SPOOL_OLDEST,
    DISK_FREE,
    FSYNC_SECONDS,
    QUEUE_TROUBLE,
)
"""In the order in which they are shown."""
