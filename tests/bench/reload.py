"""What an edit costs the running daemon, and what it costs the mail that goes on meanwhile.

    .venv/bin/python -m tests.bench.reload [--accounts 1000 10000] [--rounds 15] [--rate 500] [--seconds 10]

For each number of accounts: from the write of one file to its being in force (settling included), the CPU time of that
edit, and the CPU time of a look that finds nothing new. Then, with the first number of accounts, messages are dropped
at a steady rate towards a loopback sink (Postfix's `smtp-sink`, which must be installed) while accounts are edited, one
at a time and two hundred at once; the event loop's lag is read from the daemon's own histogram.

The daemon is a process of its own, and its figures come from its port and from /proc.
"""

import argparse
import http.client
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.drops import free_port, start_sink
from tests.bench.process import environment, program

ACCOUNT = """\
version: 1
protocol: smtp
smtp:
  host: 127.0.0.1
  port: {port}
  tls: {{mode: none}}
  auth: none
email: bench{number}@bench.example
limits: {{connections: {connections}}}
"""

SITE = """\
version: 1
spool: {{path: {spool}}}
web: {{listen: ["127.0.0.1:{web}"]}}
probe: {{interval: 24h}}
default_account: a00000
reload: {{http: true, rescan: 1h}}
dns: {{resolvers: ["127.0.0.1:1"]}}
"""


class Daemon:
    """`maild run` on a folder of its own with so many accounts."""

    def __init__(self, folder: Path, accounts: int, sink: int) -> None:
        self.folder = folder
        self.spool = folder / "spool"
        self._web = free_port()
        self._sink = sink
        (folder / "accounts").mkdir()
        (folder / "maild.yaml").write_text(SITE.format(spool=self.spool, web=self._web))
        for number in range(accounts):
            self.write(number)

    @contextmanager
    def running(self) -> Iterator["Daemon"]:
        """Started and through with its first probes."""
        argv = [program("maild"), "run", "--config", str(self.folder)]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(argv, stdout=log, stderr=log, env=environment())
        try:
            self._wait(self._answers, 300)
            self._rest()
            yield self
        finally:
            self._process.terminate()
            self._process.wait(60)

    def write(self, number: int, connections: int = 1) -> None:
        """One account's file, as an editor would save it."""
        path = self.folder / "accounts" / f"a{number:05}.yaml"
        hidden = path.with_name(f".{path.name}.tmp")
        hidden.write_text(ACCOUNT.format(port=self._sink, number=number, connections=connections))
        hidden.rename(path)

    def edit(self, number: int, connections: int) -> float:
        """Seconds until an edit of this account is in force."""
        before = self._generations()
        started = time.perf_counter()
        self.write(number, connections)
        # The log tells when, and asking would cost the daemon CPU time.
        self._wait(lambda: self._generations() > before, 10, pause=0.002)
        return time.perf_counter() - started

    def reload(self) -> None:
        """A look that somebody asked for."""
        connection = http.client.HTTPConnection("127.0.0.1", self._web, timeout=60)
        connection.request("POST", "/-/reload")
        assert connection.getresponse().status == 200, "the configuration is not accepted"

    def cpu(self) -> float:
        """Its CPU time so far, to the nanosecond."""
        return (
            sum(
                int((task / "schedstat").read_text().split()[0])
                for task in Path(f"/proc/{self._process.pid}/task").iterdir()
            )
            / 1e9
        )

    def metric(self, name: str) -> float:
        """A number of its own."""
        return next(float(line.rpartition(" ")[2]) for line in self._metrics() if line.startswith(f"{name} "))

    def lags(self) -> dict[float, float]:
        """How often the event loop was at most so late, by the histogram's bounds."""
        found = (re.match(r'maild_event_loop_lag_seconds_bucket\{le="(.*)"\} (.*)', line) for line in self._metrics())
        return {float(match[1]): float(match[2]) for match in found if match is not None}

    def _metrics(self) -> list[str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._web, timeout=60)
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode().splitlines()

    def _answers(self) -> bool:
        try:
            self._metrics()
        except OSError:
            return False
        return True

    def _generations(self) -> float:
        found = re.findall(rb"config_reloaded.*?generation=(\d+)", (self.folder / "log").read_bytes())
        return float(found[-1]) if found else 0.0

    def _rest(self) -> None:
        """Wait until it has nothing to do any more."""
        while True:
            before = self.cpu()
            time.sleep(1)
            if self.cpu() - before < 0.05:
                return

    def _wait(self, is_true: Callable[[], bool], limit_s: float, pause: float = 0.05) -> None:
        deadline = time.monotonic() + limit_s
        while not is_true():
            if time.monotonic() > deadline or self._process.poll() is not None:
                sys.exit(f"waited in vain; the log:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(pause)


def idle_cpu(daemon: Daemon, seconds: float) -> float:
    """What it uses anyway in so many seconds."""
    before = daemon.cpu()
    time.sleep(seconds)
    return daemon.cpu() - before


def edits(daemon: Daemon, rounds: int) -> tuple[float, float]:
    """Median seconds until an edit is in force, and of CPU time that it cost."""
    waits, costs, idles = [], [], []
    for turn in range(rounds):
        # Probes and heartbeats come in bursts: what an idle second costs is measured as often, and the medians count.
        idles.append(idle_cpu(daemon, 1.0))
        before = daemon.cpu()
        waits.append(daemon.edit(7 + turn, 2 + turn % 3))
        time.sleep(max(0.0, 1.0 - waits[-1]))
        costs.append(daemon.cpu() - before)
        time.sleep(1.0)
    return median(waits), median(costs) - median(idles)


def rescans(daemon: Daemon, rounds: int) -> float:
    """Median CPU time of a look that finds nothing new, the answer over HTTP included."""
    costs = []
    for _ in range(rounds):
        before = daemon.cpu()
        daemon.reload()
        costs.append(daemon.cpu() - before)
        time.sleep(0.5)
    return median(costs)


def drop_at(daemon: Daemon, rate: int, seconds: float, between: Callable[[int], None]) -> int:
    """Drop messages at a steady rate; `between` is called every second. Returns how many."""
    drop = daemon.spool / "drop"
    body = "All work and no play makes this a rather long line of seventy-two chars.\n" * 14
    started, number, second = time.perf_counter(), 0, 0
    while (now := time.perf_counter() - started) < seconds:
        while number < now * rate:
            hidden = drop / f".{number}.tmp"
            hidden.write_text(f"To: to{number}@sink.example\nSubject: message {number}\n\n{body}")
            hidden.rename(drop / f"{number:07}.eml")
            number += 1
        if now > second + 1:
            second += 1
            between(second)
        time.sleep(0.005)
    return number


def under_load(daemon: Daemon, rate: int, seconds: float) -> None:
    """Print the event loop's lag, without reloads and with them."""

    def rest(second: int) -> None:
        del second

    def one(second: int) -> None:
        daemon.write(20 + second, 2 + second % 3)

    def many(second: int) -> None:
        for number in range(200):
            daemon.write(300 + number, 2 + second % 3)

    daemon.write(0, 20)
    time.sleep(1)
    for name, between in (("no reloads", rest), ("one edit a second", one), ("200 edits a second", many)):
        before = daemon.lags()
        dropped = drop_at(daemon, rate, seconds, between)
        time.sleep(1)
        after = daemon.lags()
        beats = {bound: after[bound] - before[bound] for bound in after}
        total = beats[float("inf")]
        worst = min((bound for bound, count in beats.items() if count == total), default=float("inf"))
        left = sum(1 for _ in (daemon.spool / "drop").glob("*.eml"))
        lag = f"lag at most {worst * 1000:.0f} ms in {total:.0f} beats"
        print(f"  {dropped / seconds:4.0f} messages/s, {name:18} {lag}; {left} drops left", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sink_port = free_port()
        sink = start_sink(sink_port, Path(scratch))
        try:
            for count in options.accounts:
                folder = Path(tempfile.mkdtemp(dir=scratch))
                with Daemon(folder, count, sink_port).running() as daemon:
                    wait, cost = edits(daemon, options.rounds)
                    nothing = rescans(daemon, options.rounds)
                    print(
                        f"{count:6} accounts  edit in force after {wait * 1000:4.0f} ms, {cost * 1000:4.0f} ms cpu; "
                        f"nothing new {nothing * 1000:4.0f} ms cpu"
                    )
                    if count == options.accounts[0]:
                        under_load(daemon, options.rate, options.seconds)
                shutil.rmtree(folder)
        finally:
            sink.terminate()
            sink.wait(10)


if __name__ == "__main__":
    main()
