"""What a scrape of a thousand accounts costs, and what twenty silent clients do to it.

    .venv/bin/python -m tests.bench.scrape [--accounts 1000] [--rounds 9]

The web app of the daemon on a loopback port, with a status and numbers as after a day: every account was probed, has
sent and has failed. For both formats: wall time of a whole request of another process, CPU time of this one for it, and
how late the event loop was meanwhile; medians. Then the same with twenty clients that connected and say nothing.
Over 150 ms of CPU time, or an answer that is not whole, is exit status 1. The load stands above the table.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import time
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from maild.config.model import Privacy
from maild.daemon.eventloop import run_on_loop
from maild.delivery.events import AttemptFinished, SessionOpened
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Fault
from maild.observe.connection import ConnectionLimits
from maild.observe.listener import Listener, TcpPlace
from maild.observe.metrics import Metrics
from maild.observe.page import PageRoutes
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.status import Health, Status
from maild.observe.web import build_web_app
from maild.probe.catalogue import CHECKS
from maild.probe.events import LoginTried, ProbeFinished
from maild.probe.result import CheckResult, CheckVerdict, PhaseResult, ProbeResult
from maild.spool.queue import MessageState, QueueId
from tests.observe.values import NOON, account, probe, status

MAX_CPU_S: Final = 0.150
SILENT: Final = 20
FORMATS: Final = {
    "text": "text/plain;version=0.0.4",
    "openmetrics": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5",
}
_CLIENT: Final = """
import json, socket, sys, time
print("ready", flush=True)
sys.stdin.readline()
begun = time.perf_counter()
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as peer:
    peer.sendall(f"GET /metrics HTTP/1.1\\r\\nHost: localhost\\r\\nAccept: {sys.argv[2]}\\r\\n\\r\\n".encode())
    body = b"".join(iter(lambda: peer.recv(2**20), b"")).decode()
print(json.dumps([time.perf_counter() - begun, body.count("\\n"), body[-500:]]), flush=True)
"""
_PHASES: Final = (
    Phase.SECRET,
    Phase.RESOLVE,
    Phase.CONNECT,
    Phase.BANNER,
    Phase.EHLO,
    Phase.TLS,
    Phase.CERTIFICATE,
    Phase.AUTH,
    Phase.QUIT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One request: seconds of wall time and of CPU time, the latest the loop was, and how long the answer is."""

    wall_s: float
    cpu_s: float
    lag_s: float
    lines: int


class Source:
    """A daemon with so many accounts, at rest."""

    def __init__(self, now: Status) -> None:
        self._now = now

    async def status(self, *, asks_git: bool) -> Status:
        del asks_git
        return self._now

    def health(self) -> Health:
        return self._now.health


def probed(name: str) -> ProbeResult:
    first = probe(name).checks[0]
    phases = tuple(PhaseResult(phase=one, verdict=CheckVerdict.PASS, seconds=0.0123) for one in _PHASES)
    others = [
        CheckResult(check=check.name, verdict=CheckVerdict.PASS, summary="")
        for check in CHECKS
        if check.name not in {"smtp", "http"}
    ]
    return replace(probe(name), checks=(replace(first, phases=phases), *others))


def site(count: int) -> tuple[Source, Metrics]:
    """A daemon of `count` accounts, and its numbers."""
    metrics = Metrics()
    names = [f"account-{number}" for number in range(count)]
    delivered, deferred = (
        Delivered(reply=Reply.of(250, "ok")),
        Deferred(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="full", reply=Reply.of(452, "full")),
    )
    for name in names:
        metrics.on_event(ProbeFinished(result=probed(name)))
        metrics.on_event(LoginTried(account=name, is_rejected=False))
        metrics.on_event(SessionOpened(account=name, seconds=0.3))
        metrics.on_event(
            AttemptFinished(
                id=QueueId("01JD0000000000000000000000"),
                account=name,
                generation=1,
                verdicts={Mailbox("a", "example.com"): delivered, Mailbox("b", "example.com"): deferred},
                state=MessageState.SENT,
                seconds=0.3,
                waited_seconds=20.0,
                next_at=None,
                finished_at=NOON,
            )
        )
    accounts = [replace(account(name), probe=probed(name)) for name in names]
    return Source(status(*accounts)), metrics


async def lag(stop: asyncio.Event) -> float:
    """How late the event loop came to a task at worst."""
    loop, worst = asyncio.get_running_loop(), 0.0
    while not stop.is_set():
        due = loop.time() + 0.005
        await asyncio.sleep(0.005)
        worst = max(worst, loop.time() - due)
    return worst


async def scrape(port: int, accept: str) -> Cost:
    """Let another process ask once."""
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _CLIENT, str(port), accept, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert client.stdin is not None
    assert client.stdout is not None
    await client.stdout.readline()
    stop = asyncio.Event()
    watch = asyncio.create_task(lag(stop))
    await asyncio.sleep(0)
    cpu = time.process_time()
    client.stdin.write(b"now\n")
    wall, lines, end = json.loads(await client.stdout.readline())
    cpu = time.process_time() - cpu
    stop.set()
    await client.wait()
    is_whole = end.endswith("# EOF\n") if "openmetrics" in accept else "maild_session_open" in end
    return Cost(wall_s=wall, cpu_s=cpu, lag_s=await watch, lines=lines if is_whole else 0)


async def measure(count: int, rounds: int) -> bool:
    """Print the table; whether everything kept within its limit."""
    source, metrics = site(count)
    veil = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")
    listener = Listener(
        build_web_app(source, metrics, PageRoutes(source, Recent(), lambda: veil), lambda: veil), ConnectionLimits()
    )
    await listener.open([TcpPlace(host="127.0.0.1", port=0)])
    port = int(listener.places[0].rpartition(":")[2])
    is_good = True
    silent: list[asyncio.StreamWriter] = []
    for clients in (0, SILENT):
        silent += [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(clients)]
        for name, accept in FORMATS.items():
            await scrape(port, accept)
            costs = [await scrape(port, accept) for _ in range(rounds)]
            cost = Cost(
                wall_s=median(one.wall_s for one in costs),
                cpu_s=median(one.cpu_s for one in costs),
                lag_s=median(one.lag_s for one in costs),
                lines=min(one.lines for one in costs),
            )
            is_good &= cost.cpu_s <= MAX_CPU_S and cost.lines > 0
            print(
                f"{name:12} {clients:3} silent  {cost.wall_s * 1000:7.1f} ms wall {cost.cpu_s * 1000:7.1f} ms cpu "
                f"{cost.lag_s * 1000:6.1f} ms lag {cost.lines:7} lines"
            )
    for writer in silent:
        writer.close()
    await listener.close()
    return is_good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    gc.freeze()  # as the daemon does with so many
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, {options.accounts} accounts")
    return 0 if run_on_loop(measure(options.accounts, options.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
