"""Drops a second from the spool folder to a loopback sink, with full durability, and what an idle daemon costs.

    .venv/bin/python -m tests.bench.drops [--messages 5000] [--connections 20] [--size 4096]

The sink is Postfix's `smtp-sink`, which must be installed; the messages lie in spool/drop/ before `maild run --once`
starts, so the figure includes taking in, queueing, sending, verdicts and receipts. The time of a run over an empty
spool is taken off.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.process import program, run_once

ACCOUNT = """\
version: 1
protocol: smtp
smtp: {{host: 127.0.0.1, port: {port}, tls: {{mode: none}}, auth: none}}
email: bench@bench.example
limits: {{connections: {connections}}}
"""

SITE = """\
version: 1
spool: {{path: {spool}}}
web: {{listen: ["127.0.0.1:0"]}}
probe: {{interval: 1h}}
"""


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_sink(port: int, folder: Path) -> "subprocess.Popen[bytes]":
    """Postfix's sink on a loopback port, listening when this returns."""
    sink = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/sbin")
    if sink is None:
        sys.exit("smtp-sink is not installed (Debian: postfix)")
    process = subprocess.Popen([sink, "-u", "nobody", f"127.0.0.1:{port}", "200"], cwd=folder)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    process.kill()
    sys.exit("smtp-sink did not begin to listen")


def write_site(folder: Path, port: int, connections: int) -> Path:
    """A configuration with one account towards the sink; returns its spool folder."""
    (folder / "accounts").mkdir()
    spool = folder / "spool"
    (folder / "accounts" / "bench.yaml").write_text(ACCOUNT.format(port=port, connections=connections))
    (folder / "maild.yaml").write_text(SITE.format(spool=spool))
    return spool


def write_drops(spool: Path, count: int, size: int) -> None:
    """So many messages of about `size` bytes, each renamed into place."""
    drop = spool / "drop"
    drop.mkdir(parents=True, exist_ok=True)
    line = "All work and no play makes this a rather long line of seventy-two chars.\n"
    body = line * max(1, (size - 200) // len(line))
    for number in range(count):
        hidden = drop / f".{number}.tmp"
        hidden.write_text(
            f"From: bench@bench.example\nTo: to{number}@sink.example\nSubject: message {number}\n\n{body}"
        )
        hidden.rename(drop / f"{number:07d}.eml")


def idle_cost(folder: Path, seconds: float) -> tuple[float, float]:
    """Resident memory in MiB and share of one CPU of a daemon that has nothing to do."""
    daemon = subprocess.Popen(
        [program("maild"), "run", "--config", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(3)
        before = cpu_seconds(daemon.pid)
        time.sleep(seconds)
        share = (cpu_seconds(daemon.pid) - before) / seconds
        status = Path(f"/proc/{daemon.pid}/status").read_text()
        resident_kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
        return resident_kib / 1024, share
    finally:
        daemon.terminate()
        daemon.wait(30)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--idle-seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        port = free_port()
        sink = start_sink(port, folder)
        try:
            spool = write_site(folder, port, options.connections)
            once = [program("maild"), "run", "--config", str(folder), "--once"]
            empty = run_once(once, folder=folder)
            write_drops(spool, options.messages, options.size)
            full = run_once(once, folder=folder)
            left = sum(1 for _ in (spool / "drop").glob("*.eml"))
            rate = options.messages / (full.wall_s - empty.wall_s)
            print(f"empty spool      {empty}")
            print(f"{options.messages} drops      {full}   {rate:.0f} messages/s, {left} left")
            resident, share = idle_cost(folder, options.idle_seconds)
            print(f"idle daemon      {resident:.0f} MiB resident, {share * 100:.2f} % of one CPU")
        finally:
            sink.terminate()
            sink.wait(10)


if __name__ == "__main__":
    main()
