"""What this process uses of the machine, as client libraries name it. Shell code: it asks the kernel, and only Linux
tells all of it; what cannot be told has no series.
"""

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from maild.observe.catalogue import process
from maild.observe.metric import MetricInfo


def process_values() -> Iterator[tuple[MetricInfo, float]]:
    """The numbers at this moment."""
    used = os.times()
    yield process.CPU_SECONDS, used.user + used.system
    with suppress(OSError, ValueError):
        # A sandbox may refuse to say.
        yield process.MAX_FDS, float(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    with suppress(OSError):
        # The listing has one of its own.
        yield process.OPEN_FDS, float(sum(1 for _ in Path("/proc/self/fd").iterdir()) - 1)
    with suppress(OSError, IndexError, ValueError):
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
        yield process.RESIDENT_BYTES, float(pages * os.sysconf("SC_PAGE_SIZE"))
