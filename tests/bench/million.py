"""A million queued messages: how soon the first leaves after the start, what memory it takes, and what one costs.

    .venv/bin/python -m tests.bench.million [--messages 1000000] [--drained 20000] [--few 1000] [--senders 1]

The same daemon drains a small queue before and the first of the million after; both are measured by the processor time
it took for each message, from the first hundred on. The queue is filled beforehand, with copies of one message that
was no drop.
"""

import argparse
import os
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from maild.spool.arrival import NORMAL_STREAM
from maild.spool.stream import STREAMS_EACH
from tests.bench.sink import Sink
from tests.bench.site import Site, cpu_seconds, memory_mib

SKIP = 100
"""The first messages are not counted: sessions are being opened."""


@dataclass(frozen=True, kw_only=True)
class Drained:
    """What a drain took: until the first message came, processor time of one, memory at its peak."""

    first_s: float
    first_cpu_s: float
    cpu_us: float
    rate: float
    peak_mib: float

    def __str__(self) -> str:
        return (
            f"first after {self.first_s:5.2f} s, {self.first_cpu_s:.2f} s of CPU   {self.cpu_us:5.0f} us of CPU "
            f"a message   {self.rate:5.0f} messages/s   {self.peak_mib:4.0f} MiB at its peak"
        )


def drain(folder: Path, count: int, drained: int, options: argparse.Namespace) -> Drained:
    """Fill a queue with so many messages, and measure until so many are sent."""
    folder.mkdir()
    with Sink(folder) as sink:
        site = Site(folder=folder, port=sink.port, connections=options.connections)
        site.write()
        began = time.monotonic()
        site.fill_without_receipts(1, options.size)
        multiply(site.layout.queue_file, count, options.senders)
        size = site.layout.queue_file.stat().st_size / 2**20
        print(f"filled with {count} in {time.monotonic() - began:.0f} s: {size:.0f} MiB", flush=True)
        began = time.monotonic()
        with site.running() as daemon:
            sink.wait_for(1, seconds=120)
            first_s, first_cpu_s = sink.moments[0] - began, cpu_seconds(daemon.pid)
            sink.wait_for(SKIP)
            before, at = cpu_seconds(daemon.pid), len(sink.moments)
            sink.wait_for(drained)
            spent, seen = cpu_seconds(daemon.pid) - before, len(sink.moments)
            peak = memory_mib(daemon.pid, "VmHWM")
            rate = (seen - at) / (sink.moments[seen - 1] - sink.moments[at - 1])
    return Drained(first_s=first_s, first_cpu_s=first_cpu_s, cpu_us=spent / (seen - at) * 1e6, rate=rate, peak_mib=peak)


def multiply(queue: Path, count: int, senders: int) -> None:
    """Make so many of the one message that is in a queue, of so many senders."""
    database = sqlite3.connect(queue)
    database.execute("PRAGMA synchronous = OFF")
    for table, others in (
        ("messages", {"id": "printf('01KB%022d', n)", "stream": f"{NORMAL_STREAM} + n % {min(senders, STREAMS_EACH)}"}),
        ("contents", {}),
        ("recipients", {}),
    ):
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        values = ", ".join({"number": "n", **others}.get(column, column) for column in columns)
        database.execute(
            f"WITH RECURSIVE more(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM more WHERE n < {count}) "
            f"INSERT INTO {table} SELECT {values} FROM more, {table} WHERE number = 1"
        )
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--drained", type=int, default=20_000)
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--senders", type=int, default=1)
    options = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        few = drain(Path(scratch) / "few", options.few, options.few, options)
        print(f"{options.few:9} queued: {few}", flush=True)
        many = drain(Path(scratch) / "many", options.messages, min(options.drained, options.messages), options)
        print(f"{options.messages:9} queued: {many}")
        print(f"a message of many costs {many.cpu_us / few.cpu_us:.2f} times what one of few does")


if __name__ == "__main__":
    main()
