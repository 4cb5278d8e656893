"""A full round of probes: so many accounts, each on a server of its own that takes 50 ms for every answer.

    .venv/bin/python -m tests.bench.probe [--accounts 500] [--delay 0.05] [--tls]

The servers are a process of their own, one loopback address each, so that nothing is serialised but what the prober
itself serialises; loop and threads are the daemon's. Shown are the seconds from the first probe to the last, the CPU
time, the greatest lag of the event loop beside them, what a second round costs (the memory of logins is warm then), and
the memory an account takes. On a busy machine a lag is mostly other processes' turns: the longest that the loop's own
thread computed without coming back is shown beside it.
"""

import argparse
import asyncio
import ctypes
import gc
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from maild.clock import SystemClock
from maild.config.model import Account, SmtpSettings, Tls, TlsMode
from maild.config.probe_settings import ProbeSettings
from maild.daemon.app import THREADS
from maild.daemon.eventloop import run_on_loop
from maild.mail.address import Mailbox
from maild.net.passwords import Passwords
from maild.net.resolver import SystemResolver
from maild.probe.events import ProbeEvent, ProbeFinished
from maild.probe.prober import Prober, ProberPorts
from maild.probe.result import CheckVerdict
from maild.secret import FileRef
from tests.fakes.certificates import certificates

PORT: Final = 12525
LAG_STEP_S: Final = 0.005
WARM_UP: Final = 100
_REPLIES: Final = {
    b"EHLO": b"250-mail.test\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250 AUTH PLAIN LOGIN\r\n",
    b"AUTH": b"235 2.7.0 welcome\r\n",
    b"MAIL": b"250 2.1.0 ok\r\n",
    b"RCPT": b"250 2.1.5 ok\r\n",
    b"RSET": b"250 2.0.0 ok\r\n",
    b"QUIT": b"221 2.0.0 bye\r\n",
}


def address_of(number: int) -> str:
    """The loopback address of a server."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


class _Server(asyncio.Protocol):
    """Answers everything after the delay."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say(b"220 mail.test ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        for line in data.splitlines():
            self._say(_REPLIES.get(line[:4].upper(), b"500 what\r\n"))

    def _say(self, reply: bytes) -> None:
        self._loop.call_later(self._delay_s, self._transport.write, reply)


async def serve(accounts: int, delay_s: float, *, has_tls: bool) -> None:
    """All servers, until standard input ends."""
    loop = asyncio.get_running_loop()
    context = certificates().good.context() if has_tls else None
    for number in range(accounts):
        await loop.create_server(lambda: _Server(delay_s), address_of(number), PORT, ssl=context, backlog=16)
    print(certificates().ca_file, flush=True)
    await asyncio.to_thread(sys.stdin.read)


@dataclass(kw_only=True)
class Round:
    """What came of one."""

    waited_for: int
    finished: int = 0
    verdicts: dict[CheckVerdict, int] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, event: ProbeEvent) -> None:
        """Count a probe."""
        if not isinstance(event, ProbeFinished):
            return
        verdict = event.result.checks[0].verdict
        self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1
        self.finished += 1
        if self.finished == self.waited_for:
            self.done.set()


@dataclass(kw_only=True)
class Lag:
    """The greatest lag of the event loop, and the most that its thread computed meanwhile, in seconds."""

    seen_s: float = 0.0
    own_s: float = 0.0

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            began_s, computed_s = time.perf_counter(), time.thread_time()
            await asyncio.sleep(LAG_STEP_S)
            self.seen_s = max(self.seen_s, time.perf_counter() - began_s - LAG_STEP_S)
            self.own_s = max(self.own_s, time.thread_time() - computed_s)


def accounts_of(options: argparse.Namespace, ca_file: str) -> dict[str, Account]:
    """Senders on this machine: their domain is in no DNS, so that no name server is asked."""
    mode = TlsMode.IMPLICIT if options.tls else TlsMode.NONE
    found: dict[str, Account] = {}
    for number in range(options.accounts):
        tls = Tls(mode=mode, verify=False, ca_file=PurePath(ca_file) if options.tls else None)
        found[f"a{number}"] = Account(
            name=f"a{number}",
            transport=SmtpSettings(host=address_of(number), port=PORT, tls=tls),
            username="billing",
            email=Mailbox("billing", "[127.0.0.1]"),
            password=FileRef(path=PurePath("password")),
        )
    return found


@asynccontextmanager
async def servers(options: argparse.Namespace) -> AsyncIterator[str]:
    """The other process."""
    words = ["--serve", "--accounts", str(options.accounts), "--delay", str(options.delay)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.probe",
        *words,
        *(["--tls"] if options.tls else []),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


async def run_round(prober: Prober, folder: Path, accounts: dict[str, Account], current: Round) -> None:
    """Every account is new to the prober, and so due at once."""
    prober.use({}, folder, ProbeSettings())
    prober.use(accounts, folder, ProbeSettings())
    running = asyncio.create_task(prober.run())
    await current.done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def measure(options: argparse.Namespace, folder: Path) -> None:
    """Two rounds."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    (folder / "password").write_text("right")
    async with servers(options) as ca_file:
        accounts = accounts_of(options, ca_file)
        warm_up = dict(list(accounts.items())[:WARM_UP])
        current = Round(waited_for=len(warm_up))

        def note(event: ProbeEvent) -> None:
            current.note(event)

        prober = Prober(
            ProberPorts(
                resolver=SystemResolver(()),
                clock=SystemClock(),
                random=lambda: 0.5,
                emit=note,
                keys=Passwords(),
                state_file=folder / "logins.sqlite3",
                offers_file=folder / "offers.sqlite3",
                verdicts_file=folder / "verdicts.sqlite3",
            )
        )
        lag = Lag()
        watching = asyncio.create_task(lag.watch())
        # What the process takes whatever the number of accounts comes with the first ones.
        await run_round(prober, folder, warm_up, current)
        gc.freeze()  # as the daemon does once it has started
        before_kib = memory_kib()
        for title in ("first round", "second round"):
            await asyncio.sleep(10 * LAG_STEP_S)  # what is under way belongs to nobody's round
            current, lag.seen_s, lag.own_s = Round(waited_for=len(accounts)), 0.0, 0.0
            began_s, cpu_s = time.perf_counter(), time.process_time()
            await run_round(prober, folder, accounts, current)
            took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
            told = ", ".join(f"{count} {verdict}" for verdict, count in current.verdicts.items())
            print(
                f"{title}: {took_s:.2f} s, {cpu_s:.2f} s of CPU, loop lag {lag.seen_s * 1000:.0f} ms at most, of its "
                f"own {lag.own_s * 1000:.0f} ms; {told}"
            )
        watching.cancel()
        kept = memory_kib() - before_kib
        print(f"memory {kept / (len(accounts) - WARM_UP):.1f} KiB an account; load {os.getloadavg()[0]:.2f}")


def memory_kib() -> float:
    """What this process has in memory now, without what the allocator keeps for the next connections."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=500)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.accounts, options.delay, has_tls=options.tls))
        return
    with tempfile.TemporaryDirectory() as folder:
        run_on_loop(measure(options, Path(folder)))


if __name__ == "__main__":
    main()
