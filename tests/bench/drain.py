"""Draining a full queue, one account, full durability: maild and Postfix with its defaults beside it, to one sink.

    .venv/bin/python -m tests.bench.drain [--messages 5000] [--connections 20] [--size 4096] [--rounds 1] [--no-postfix]

Both queues are filled before, and both are measured where the messages arrive: from the first ones to the last, so
that no start-up counts. maild's messages were dropped, so each has a receipt that is brought up to date when it is
sent. Ends with what the last second cost maild's processor, and how many receipts say "sent".
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.bench.postfix_relay import PostfixRelay, missing
from tests.bench.sink import Sink
from tests.bench.site import Site, cpu_seconds, memory_mib

SKIP = 100
"""The first messages are not counted: sessions are being opened."""


def drain_maild(folder: Path, options: argparse.Namespace) -> float:
    """Messages a second."""
    with Sink(folder) as sink:
        site = Site(folder=folder, port=sink.port, connections=options.connections)
        site.write()
        site.drop(options.messages, options.size)
        site.fill()
        with site.running() as daemon:
            sink.wait_for(SKIP)
            before, cpu = time.monotonic(), cpu_seconds(daemon.pid)
            sink.wait_for(options.messages)
            spent, taken_s = cpu_seconds(daemon.pid) - cpu, time.monotonic() - before
            peak = memory_mib(daemon.pid, "VmHWM")
        rate = sink.rate(skip=SKIP)
        per_message = spent / (options.messages - SKIP) * 1e6
        print(
            f"maild      {rate:6.0f} messages/s   {per_message:4.0f} us of CPU a message, {spent / taken_s:.0%} core, "
            f"{peak:.0f} MiB at its peak, {site.sent()} of {options.messages} receipts say sent"
        )
        return rate


def drain_postfix(folder: Path, options: argparse.Namespace) -> float:
    """Messages a second."""
    with Sink(folder) as sink:
        relay = PostfixRelay(folder, sink.port)
        relay.fill(options.messages, options.size)
        with relay.draining():
            sink.wait_for(options.messages)
        rate = sink.rate(skip=SKIP)
        print(f"Postfix    {rate:6.0f} messages/s")
        return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-postfix", action="store_true")
    options = parser.parse_args()
    why_not = "not asked for" if options.no_postfix else missing()
    if why_not:
        print(f"Postfix    is left out: {why_not}")
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as scratch:
            Path(scratch).chmod(0o755)
            folders = [Path(scratch) / name for name in ("maild", "postfix")]
            for folder in folders:
                folder.mkdir()
            ours = drain_maild(folders[0], options)
            if not why_not:
                theirs = drain_postfix(folders[1], options)
                print(f"ratio      {ours / theirs:6.2f}")


if __name__ == "__main__":
    main()
