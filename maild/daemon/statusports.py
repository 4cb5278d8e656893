"""What is asked for the status and for health: every part of the running daemon, as far as it can be asked. A value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.clock import Clock
from maild.daemon.configloop import ConfigLoop
from maild.daemon.heartbeat import Heartbeat
from maild.daemon.memory import Memory
from maild.delivery.snapshot import DeliverySnapshot
from maild.observe.status import CanaryStatus
from maild.spool.layout import Layout
from maild.spool.queue import Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPorts:
    """What is asked. `snapshot` is the engine's, `trouble` what its queue suffers from, `turned_at_s` when it last
    looked for work, `is_running` tells whether a task of this name is at work, `canary` how far the try of a file is,
    `web_problem` why a changed `web.config_file` is not in force.
    """

    clock: Clock
    pid: int
    started_at: datetime
    layout: Layout
    queue: Queue
    config: ConfigLoop
    memory: Memory
    heartbeat: Heartbeat
    snapshot: Callable[[], DeliverySnapshot]
    trouble: Callable[[], str]
    is_running: Callable[[str], bool]
    places: Callable[[], Sequence[str]]
    canary: Callable[[str], CanaryStatus | None]
    turned_at_s: Callable[[], float | None]
    web_problem: Callable[[], str]
    vital_tasks: tuple[str, ...]
