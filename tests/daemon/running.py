"""`maild run` as a process of its own, for tests: its site, its log, and ways to wait for what it does."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.fakes.certificates import certificates

PATIENCE_S: Final = 45.0
POLL_S: Final = 0.02

SITE: Final = """\
spool: {path: ../spool}
web: {listen: "127.0.0.1:0"}
dns: {resolvers: ["127.0.0.1:1"]}
log: {format: json, level: debug}
"""
"""The name server does not answer: nothing of a test may leave this machine, not even a question about MX."""


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so: real files, real processes, so there is nothing better than to look again."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 -- nobody sets an event for us
            await asyncio.sleep(POLL_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchSite:
    """A configuration folder and a spool below a test's own folder."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "configs"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @classmethod
    def make(cls, root: Path, site: str = SITE) -> Self:
        made = cls(root=root)
        (made.config / "accounts").mkdir(parents=True)
        (made.config / "maild.yaml").write_text(site)
        return made

    def write_account(self, name: str, port: int, *, mode: str = "implicit") -> None:
        tls = f"{{mode: {mode}, ca_file: {certificates().ca_file}}}" if mode != "none" else "{mode: none}"
        (self.config / "accounts" / f"{name}.yaml").write_text(
            "protocol: smtp\n"
            f"smtp: {{host: 127.0.0.1, port: {port}, tls: {tls}}}\n"
            "username: billing@example.com\n"
            "password: {file: password}\n"
        )
        (self.config / "accounts" / "password").write_text("secret\n")

    def drop(self, name: str, to: str = "bob@example.org", text: str = "hello") -> None:
        """The blessed way: written under a name that is not read, then renamed."""
        folder = self.spool / "drop"
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{name}.tmp"
        temporary.write_text(f"To: {to}\nSubject: {name}\n\n{text}\n")
        temporary.rename(folder / name)

    def receipt(self, name: str) -> Mapping[str, Any]:
        """The receipt as it is now; empty when there is none yet."""
        try:
            receipt = json.loads((self.spool / "receipts" / f"{name}.json").read_text())
        except FileNotFoundError:
            return {}
        assert isinstance(receipt, dict)
        return receipt

    def states(self) -> list[str]:
        """The states in all receipts."""
        names = [path.name.removesuffix(".json") for path in (self.spool / "receipts").glob("*.json")]
        return [self.receipt(name).get("state", "") for name in names]


class RunningDaemon:
    """`async with RunningDaemon(site) as daemon`: started, and killed at the end if it still runs."""

    def __init__(
        self,
        site: ScratchSite,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        launcher: Sequence[str] = (),
    ) -> None:
        """Args: launcher: a command that becomes the daemon, such as one that takes rights away before."""
        self.site = site
        self._launcher = launcher
        self._arguments = arguments
        self._environ = {**os.environ, **(environ or {})}
        self._log = site.root / "log"

    async def __aenter__(self) -> Self:
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self._launcher,
                sys.executable,
                "-m",
                "maild",
                "run",
                "--config",
                str(self.site.config),
                *self._arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environ,
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def events(self, name: str) -> list[Mapping[str, Any]]:
        """The log lines of this event so far."""
        lines = (json.loads(line) for line in self.log.splitlines() if line.startswith("{") and line.endswith("}"))
        return [line for line in lines if line["event"] == name]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so; fails with the log when the daemon ends before, or it takes too long."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    assert self.process.returncode is None, self.log
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise AssertionError(f"waited in vain; the log:\n{self.log}") from None

    async def started(self) -> str:
        """Wait for its start; returns where it listens."""
        await self.until(lambda: self.events("daemon_started"))
        listen = self.events("daemon_started")[-1]["listen"]
        assert isinstance(listen, str)
        return listen

    async def ended(self) -> int:
        """Wait for its end; returns the exit status."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    def send_signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def get(self, path: str) -> str:
        """What its port answers."""
        host, _, port = self.events("daemon_started")[-1]["listen"].rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        text = (await reader.read()).decode()
        writer.close()
        return text.partition("\r\n\r\n")[2]
