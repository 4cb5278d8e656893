"""A daemon for a long time among servers that misbehave in every way: does it leak, and does it lose anything?

    .venv/bin/python -m tests.bench.soak [--minutes 60] [--rate 4] [--calm-every 10] [--seed 1]

Five accounts: clear text, STARTTLS, implicit TLS, and two whose TLS can never work. Every few seconds each server draws
a new way of misbehaving (`weather`). From time to time comes a calm: nothing is dropped, the servers are fair and hang
up, and when all is quiet the daemon is measured: tasks, threads, objects, descriptors, sockets, memory. Leaks show in
the calms, because what is held in a storm is another amount each time.

At the end every drop has to be accounted for: sent and seen whole by a server, or failed with a receipt and kept; those
for the accounts that never work wait, because their clocks stand still.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from maild.spool.drop import write_drop
from maild.spool.layout import Layout, make_folders
from tests.bench.sink import free_port
from tests.bench.site import cpu_seconds, memory_mib
from tests.bench.weather import make_fair, make_foul
from tests.fakes.certificates import certificates
from tests.fakes.smtp_server import ScriptedSmtpServer

CHANGES_S: Final = 3.0
NEVER: Final = ("expired", "notls")
"""The accounts whose TLS can never work."""
QUIET_S: Final = 25.0
"""Longer than an unused session is kept."""

_SITE: Final = """\
spool: {{path: {spool}}}
web: {{listen: "127.0.0.1:{web}"}}
dns: {{resolvers: ["127.0.0.1:1"]}}
default_account: clear
probe: {{interval: 1m, auth_interval: 1m}}
delivery: {{retry: [2s, 5s, 10s], lifetime: 10m}}
"""
_ACCOUNT: Final = """\
protocol: smtp
smtp: {{host: 127.0.0.1, port: {port}, auth: none, tls: {{mode: {mode}{authority}}}}}
email: {name}@soak.example
limits: {{connections: 5}}
"""


@dataclass
class Soak:
    """One run."""

    options: argparse.Namespace
    folder: Path
    random: Random
    servers: dict[str, ScriptedSmtpServer] = field(default_factory=dict)
    dropped: dict[int, str] = field(default_factory=dict)
    seen: Counter[int] = field(default_factory=Counter)
    mutilated: int = 0
    weathers: Counter[str] = field(default_factory=Counter)
    held: dict[str, Any] = field(default_factory=dict)
    is_calm: bool = True
    web: int = field(default_factory=free_port)

    @property
    def layout(self) -> Layout:
        return Layout(self.folder / "spool")

    async def run(self) -> int:
        async with AsyncExitStack() as stack:
            await self._open_servers(stack)
            self._write_site()
            daemon = await stack.enter_async_context(self._daemon())
            async with asyncio.TaskGroup() as group:
                work = [
                    group.create_task(one)
                    for one in (
                        self._listen(daemon),
                        self._change_weather(),
                        self._drop(),
                        self._collect(),
                        self._look(),
                    )
                ]
                calms = await self._measure(daemon)
                for task in work:
                    task.cancel()
            return self._judge(calms)

    async def _open_servers(self, stack: AsyncExitStack) -> None:
        good, bad = certificates().good, certificates().expired
        self.servers = {
            "clear": ScriptedSmtpServer(),
            "starttls": ScriptedSmtpServer(tls="starttls", certificate=good),
            "implicit": ScriptedSmtpServer(tls="implicit", certificate=good),
            "expired": ScriptedSmtpServer(tls="implicit", certificate=bad),
            "notls": ScriptedSmtpServer(),
        }
        for server in self.servers.values():
            await stack.enter_async_context(server)

    def _write_site(self) -> None:
        accounts = self.folder / "accounts"
        accounts.mkdir()
        (self.folder / "maild.yaml").write_text(_SITE.format(spool=self.layout.root, web=self.web))
        for name, server in self.servers.items():
            mode = {"clear": "none", "starttls": "starttls"}.get(name, "implicit")
            authority = "" if mode == "none" else f", ca_file: {certificates().ca_file}"
            text = _ACCOUNT.format(port=server.port, mode=mode, authority=authority, name=name)
            (accounts / f"{name}.yaml").write_text(text)
        make_folders(self.layout)

    @asynccontextmanager
    async def _daemon(self) -> AsyncIterator[asyncio.subprocess.Process]:
        argv = [sys.executable, "-m", "tests.bench.watched_daemon", str(self.folder)]
        daemon = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
        try:
            yield daemon
        finally:
            if daemon.returncode is None:
                daemon.terminate()
            print("the daemon ended with", await asyncio.wait_for(daemon.wait(), 60))

    async def _listen(self, daemon: asyncio.subprocess.Process) -> None:
        assert daemon.stdout is not None
        while line := await daemon.stdout.readline():
            self.held = json.loads(line)
        raise RuntimeError(f"the daemon ended with {await daemon.wait()}")

    async def _change_weather(self) -> None:
        while True:
            for name, server in self.servers.items():
                if self.is_calm:
                    make_fair(server)
                elif self.random.random() < 0.5:
                    self.weathers[make_foul(server, self.random)] += 1
                if name == "notls" and not self.is_calm:
                    server.drop_at = frozenset({"EHLO"})
            await asyncio.sleep(CHANGES_S)

    async def _drop(self) -> None:
        while True:
            await asyncio.sleep(self.random.expovariate(self.options.rate))
            if self.is_calm:
                continue
            number = len(self.dropped)
            account = self.random.choices(("clear", "starttls", "implicit", "expired", "notls"), (5, 5, 5, 1, 1))[0]
            self.dropped[number] = await asyncio.to_thread(write_drop, self.layout, content(number), account=account)

    async def _collect(self) -> None:
        """Also keeps this process from remembering all that it heard."""
        while True:
            await asyncio.sleep(1)
            for server in self.servers.values():
                taken = server.transactions[:]
                server.transactions.clear()
                server.commands.clear()
                server.logins.clear()
                for one in taken:
                    number = number_of(one.data)
                    if number is not None:
                        self.mutilated += not one.data.endswith(b"\r\n\r\n" + body(number))
                        self.seen[number] += 1

    async def _look(self) -> None:
        """As Prometheus does, and a person who reloads the page."""
        paths = ("/metrics", "/status", "/healthz")
        while True:
            await asyncio.sleep(5)
            for path in paths:
                with suppress(OSError):  # it may not listen yet
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.web)
                    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                    await reader.read()
                    writer.close()

    async def _measure(self, daemon: asyncio.subprocess.Process) -> list[dict[str, float]]:
        began_at, calms = time.monotonic(), []
        print("minute  tasks threads objects fds sockets   MiB  cpu_s  dropped  seen  states")
        await asyncio.sleep(QUIET_S)
        calms.append(self._figures(daemon.pid, began_at))
        self.is_calm = False
        for round_number in range(max(1, round(self.options.minutes / self.options.calm_every))):
            await asyncio.sleep(self.options.calm_every * 60 * 0.8)
            self.is_calm = True
            await asyncio.sleep(CHANGES_S + 1)
            for server in self.servers.values():
                await server.hang_up()
            rest_s = self.options.calm_every * 60 * 0.2
            is_last = round_number + 1 == max(1, round(self.options.minutes / self.options.calm_every))
            await asyncio.sleep(max(QUIET_S, rest_s))
            if is_last:
                await self._until_drained()
            calms.append(self._figures(daemon.pid, began_at))
            self.is_calm = False
        return calms

    async def _until_drained(self) -> None:
        deadline = time.monotonic() + 15 * 60
        while self._is_waiting() and time.monotonic() < deadline:  # noqa: ASYNC110 -- files of another process
            await asyncio.sleep(5)
        await asyncio.sleep(QUIET_S)

    def _figures(self, pid: int, began_at: float) -> dict[str, float]:
        links = [path.readlink().name for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]
        figures = {
            "minute": (time.monotonic() - began_at) / 60,
            **{name: self.held.get(name, 0) for name in ("tasks", "threads", "objects")},
            "fds": len(links),
            "sockets": sum(1 for link in links if link.startswith("socket:")),
            "mib": memory_mib(pid),
        }
        print(
            "{minute:6.1f} {tasks:6d} {threads:7d} {objects:7d} {fds:3d} {sockets:7d} {mib:6.1f}".format(**figures),
            f"{cpu_seconds(pid):6.0f} {len(self.dropped):8d} {len(self.seen):5d}  {dict(self._states())}",
            flush=True,
        )
        print("        ", self.held.get("names"), flush=True)
        return figures

    def _is_waiting(self) -> bool:
        return any(self._state(drop) in {"queued", "sending"} for drop in self._hopeful().values())

    def _hopeful(self) -> dict[int, str]:
        """The drops of the accounts that can work."""
        return {number: drop for number, drop in self.dropped.items() if not drop.startswith(NEVER)}

    def _states(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for path in self.layout.receipts.rglob("*.json"):
            found[str(json.loads(path.read_text()).get("state"))] += 1
        return found

    def _judge(self, calms: list[dict[str, float]]) -> int:
        states = {number: self._state(drop) for number, drop in self._hopeful().items()}
        waiting = Counter(self._state(drop) for drop in self.dropped.values() if drop.startswith(NEVER))
        unseen = [number for number, state in states.items() if state == "sent" and number not in self.seen]
        open_ = [number for number, state in states.items() if state not in {"sent", "failed"}]
        kept = {path.stem for path in self.layout.failed.glob("*.eml")}
        again = sum(count - 1 for count in self.seen.values())
        print(f"dropped {len(self.dropped)}, {len(kept)} kept in failed/")
        print(f"of accounts that can work: {dict(Counter(states.values()))}, that cannot: {dict(waiting)}")
        print(f"seen by the servers: {len(self.seen)}, {again} times again, {self.mutilated} mutilated")
        print(f"sent but never seen: {unseen[:5]}; neither sent nor failed: {open_[:5]}")
        print("weathers:", dict(self.weathers))
        for name in ("tasks", "threads", "objects", "fds", "sockets", "mib"):
            print(f"{name:8} in the calms:", *(f"{one[name]:.0f}" for one in calms))
        return 1 if unseen or open_ or self.mutilated else 0

    def _state(self, drop: str) -> str:
        try:
            return str(json.loads(self.layout.receipt(drop).read_text())["state"])
        except FileNotFoundError:
            return "no receipt"


def content(number: int) -> bytes:
    """A message; some are large."""
    head = f"To: to@sink.example\nSubject: soak {number}\n\n".encode()
    return head + body(number).replace(b"\r\n", b"\n")


def body(number: int) -> bytes:
    """With dots at the beginnings of lines; every message another."""
    lines = 30_000 if number % 50 == 7 else 20
    return b"".join(b"%s line %d of message %d\r\n" % (b"." * (one % 3), one, number) for one in range(lines))


def number_of(data: bytes) -> int | None:
    """The number in the subject; None: it is a report about another."""
    _, found, rest = data.partition(b"\r\n\r\n")[0].partition(b"\r\nSubject: soak ")
    digits = rest.split(b"\r\n", 1)[0]
    return int(digits) if found and digits.isdigit() else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=4, help="drops a second")
    parser.add_argument("--calm-every", type=float, default=10, help="minutes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maild-soak-") as scratch:
        sys.exit(asyncio.run(Soak(options=options, folder=Path(scratch), random=Random(options.seed)).run()))


if __name__ == "__main__":
    main()
