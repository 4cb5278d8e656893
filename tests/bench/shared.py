"""Draining a queue that is shared, beside one of the spool's own: one daemon, one account, full durability, one sink.

    .venv/bin/python -m tests.bench.shared [--messages 3000] [--connections 20] [--size 4096] [--rounds 1]

The shared queue is a PostgreSQL on loopback with fsync, made for this run. Both queues are filled before with messages
that were no drops, and measured where they arrive, from the hundredth to the last.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

from maild.clock import SystemClock
from maild.spool.postgres.address import Address
from maild.spool.postgres.link import Link
from maild.spool.postgres.queue import PostgresQueue
from maild.spool.postgres.schema import any_tables, migrate
from tests.bench.drain import SKIP
from tests.bench.sink import Sink
from tests.bench.site import Site, bench_arrival, cpu_seconds
from tests.peers.postgres import Postgres, running_postgres


def share(site: Site, database: Postgres) -> None:
    """The site has its queue there from now on."""
    file = site.folder / "maild.yaml"
    spool = json.dumps({"path": str(site.layout.root), "queue": database.local_uri})
    file.write_text(f'version: 1\nspool: {spool}\nweb: {{listen: ["127.0.0.1:0"]}}\nprobe: {{interval: 1h}}\n')


async def fill(database: Postgres, folder: Path, options: argparse.Namespace) -> None:
    """Put messages into the shared queue."""
    address = Address(uri=database.local_uri)
    link = Link(address, any_tables)
    await link.run(migrate)
    await link.close()
    queue = PostgresQueue(address, host="filler", bodies=folder)
    now = SystemClock().now()
    for start in range(0, options.messages, 500):
        numbers = range(start, min(start + 500, options.messages))
        await queue.accept([bench_arrival(number, options.size, now) for number in numbers])
    await queue.close()


def drain(site: Site, sink: Sink, options: argparse.Namespace, name: str) -> float:
    """Messages a second."""
    with site.running() as daemon:
        sink.wait_for(SKIP)
        before, cpu = time.monotonic(), cpu_seconds(daemon.pid)
        sink.wait_for(options.messages)
        spent, taken_s = cpu_seconds(daemon.pid) - cpu, time.monotonic() - before
    rate = sink.rate(skip=SKIP)
    per_message = spent / (options.messages - SKIP) * 1e6
    print(f"{name:10} {rate:6.0f} messages/s   {per_message:4.0f} us of CPU a message, {spent / taken_s:.0%} core")
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as scratch, running_postgres(is_durable=True) as database:
            Path(scratch).chmod(0o755)
            rates = []
            for name in ("spool", "shared"):
                folder = Path(scratch) / name
                folder.mkdir()
                with Sink(folder) as sink:
                    site = Site(folder=folder, port=sink.port, connections=options.connections)
                    site.write()
                    if name == "spool":
                        site.fill_without_receipts(options.messages, options.size)
                    else:
                        share(site, database)
                        asyncio.run(fill(database, folder, options))
                    rates.append(drain(site, sink, options, name))
            print(f"ratio      {rates[1] / rates[0]:6.2f}")


if __name__ == "__main__":
    main()
