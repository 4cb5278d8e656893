"""Taking in drops, and how long a drop takes to the sink.

    .venv/bin/python -m tests.bench.intake [--drops 20000] [--size 4096] [--singles 200]

Three figures. Intake alone: so many drops lie in the folder and are taken into the queue, each with its receipt, by the
daemon's own parts in one process. A burst: the daemon runs and idles, then the drops appear; when did the sink see the
first one? Singles: one drop at a time on a warm session, from its renaming to the sink.

Where nullmailer-queue or msmtp are installed (or named in $NULLMAILER_QUEUE, $MSMTP), the same messages are handed to
them one by one, which is what a program that sends mail does with them.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.bench.sink import Sink
from tests.bench.site import Site, message, write_drop


def intake_alone(folder: Path, options: argparse.Namespace) -> None:
    """Drops a second into the queue."""
    site = Site(folder=folder, port=9)
    site.write()
    site.drop(options.drops, options.size)
    began_at = time.monotonic()
    site.fill()
    seconds = time.monotonic() - began_at
    receipts = sum(1 for path in site.layout.receipts.glob("*.json"))
    left = sum(1 for _ in site.layout.drop.glob("*.eml"))
    print(f"intake alone    {options.drops / seconds:6.0f} drops/s, {receipts} receipts, {left} left")


def burst_and_singles(folder: Path, options: argparse.Namespace) -> None:
    """Latencies with the daemon running."""
    with Sink(folder) as sink:
        site = Site(folder=folder, port=sink.port)
        site.write()
        with site.running():
            write_drop(site.layout.drop, 0, message(0, options.size))
            sink.wait_for(1)
            waits: list[float] = []
            for number in range(1, options.singles + 1):
                content = message(number, options.size)
                began_at = time.monotonic()
                write_drop(site.layout.drop, number, content)
                sink.wait_for(number + 1)
                waits.append((sink.moments[number] - began_at) * 1000)
                time.sleep(0.02)
            late = quantiles(waits, n=100)[98]
            print(f"singles         median {median(waits):.1f} ms, p99 {late:.1f} ms from renaming to the sink")
            burst = min(options.drops, 2000)
            known = len(sink.moments)
            began_at = time.monotonic()
            for number in range(burst):
                write_drop(site.layout.drop, 1_000_000 + number, message(number, options.size))
            dropped_s = time.monotonic() - began_at
            sink.wait_for(known + burst)
            first_ms = (sink.moments[known] - began_at) * 1000
            total_s = sink.moments[-1] - began_at
            print(
                f"burst of {burst}   first at the sink after {first_ms:.0f} ms, all after {total_s:.1f} s "
                f"({dropped_s:.1f} s of it for dropping)"
            )


def others(folder: Path, options: argparse.Namespace) -> None:
    """Programs that take one message a process."""
    count = min(options.drops, 200)
    nullmailer = os.environ.get("NULLMAILER_QUEUE") or shutil.which("nullmailer-queue")
    if nullmailer is not None:
        spool = folder / "nullmailer"
        for name in ("queue", "tmp"):
            (spool / name).mkdir(parents=True)
        os.mkfifo(spool / "trigger")
        content = b"bench@bench.example\nto@sink.example\n\n" + message(1, options.size)
        rate = rate_of([nullmailer], content, count, {"NULLMAILER_SPOOL": str(spool)})
        print(f"nullmailer-queue {rate:5.0f} messages/s, one process each (where its spool cannot be moved: refusals)")
    msmtp = os.environ.get("MSMTP") or shutil.which("msmtp")
    if msmtp is not None:
        with Sink(folder) as sink:
            argv = [msmtp, "--host=127.0.0.1", f"--port={sink.port}", "--from=bench@bench.example", "to@sink.example"]
            rate = rate_of(argv, message(1, options.size), count, {})
            print(
                f"msmtp           {rate:6.0f} messages/s, one process and session each, {len(sink.moments)} at the sink"
            )


def rate_of(argv: list[str], content: bytes, count: int, more: dict[str, str]) -> float:
    """Runs of a program a second."""
    began_at = time.monotonic()
    for _ in range(count):
        subprocess.run(argv, input=content, env={**os.environ, **more}, check=False, capture_output=True)
    return count / (time.monotonic() - began_at)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drops", type=int, default=20_000)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--singles", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / name for name in ("alone", "daemon", "others")]
        for folder in folders:
            folder.mkdir()
        intake_alone(folders[0], options)
        burst_and_singles(folders[1], options)
        others(folders[2], options)


if __name__ == "__main__":
    main()
