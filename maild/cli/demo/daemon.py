"""The real daemon as a process of its own, started as anybody would, and asked over its own web port.

What can go wrong is one `DemoError`: it ended, or did not do in time what the demo waits for. The message holds the
last lines of its log.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar

import aiohttp

from maild.cli.demo.site import Scratch
from maild.errors import PermanentError

T = TypeVar("T")

POLL_S: Final = 0.05
LOG_LINES: Final = 15
STOP_S: Final = 15.0

_MAILD: Final = (sys.executable, "-P", "-m", "maild")
"""This very maild; -P because the folder that the demo is called from may hold another one."""

_NOT_FOR_THE_DAEMON: Final = ("STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET", "WATCHDOG_USEC")


class DemoError(PermanentError):
    """A step of the demo did not happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A maild command that ended: its status and what it wrote on both outputs."""

    status: int
    output: str


async def run_maild(scratch: Scratch, *arguments: str) -> Finished:
    """Run one maild command to its end, in the scratch folder."""
    process = await asyncio.create_subprocess_exec(
        *_MAILD,
        *arguments,
        cwd=scratch.root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=_environment(),
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return Finished(status=process.returncode, output=output.decode("utf-8", "replace"))


class Daemon:
    """`maild run`, from start to stop."""

    def __init__(self, scratch: Scratch, process: asyncio.subprocess.Process) -> None:
        self._scratch = scratch
        self._process = process
        self.url = ""

    @classmethod
    async def start(cls, scratch: Scratch) -> "Daemon":
        """Start it and wait until it says that it is ready."""
        with scratch.log.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *_MAILD,
                "run",
                cwd=scratch.root,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
            )
        daemon = cls(scratch, process)
        daemon.url = await daemon.until("the daemon to listen", daemon._listens)
        await daemon.until("the daemon to be ready", daemon._is_ready)
        return daemon

    async def until(self, what: str, look: Callable[[], Awaitable[T | None]], *, seconds: float = 15) -> T:
        """What `look` finds, as soon as it finds something.

        Raises:
            DemoError: the daemon ended, or nothing was found in time.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while loop.time() < deadline:
            found = await look()
            if found is not None:
                return found
            if self._process.returncode is not None:
                raise DemoError(f"The daemon ended with status {self._process.returncode}.\n{self._last_lines()}")
            await asyncio.sleep(POLL_S)
        raise DemoError(f"Waited {seconds:g} s for {what}, in vain.\n{self._last_lines()}")

    async def get(self, path: str) -> str:
        """The text that its web port answers."""
        try:
            async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
                return await answer.text()
        except aiohttp.ClientError as error:
            raise DemoError(f"The daemon's web port does not answer: {error}\n{self._last_lines()}") from error

    async def status(self) -> Mapping[str, Any]:
        """What it says of itself."""
        status = json.loads(await self.get("/status"))
        assert isinstance(status, dict)
        return status

    async def stop(self) -> int:
        """Ask it to stop as systemd would, and return its exit status."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                return await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            raise DemoError(f"The daemon did not stop within {STOP_S:g} s.\n{self._last_lines()}") from None

    async def _listens(self) -> str | None:
        complete, _, _ = self._scratch.log.read_text("utf-8", "replace").rpartition("\n")
        for line in complete.splitlines():
            if line.startswith("{"):
                said = json.loads(line)
                if said.get("event") == "daemon_started":
                    return f"http://{said['listen']}"
        return None

    async def _is_ready(self) -> bool | None:
        try:
            async with aiohttp.ClientSession() as session, session.get(self.url + "/-/ready") as answer:
                return True if answer.status == HTTPStatus.OK else None
        except aiohttp.ClientError:
            return None  # it just ended, which `until` says better

    def _last_lines(self) -> str:
        return "\n".join(self._scratch.log.read_text("utf-8", "replace").splitlines()[-LOG_LINES:])


def _environment() -> dict[str, str]:
    """This process's environment without what would lead maild to another site than the demo's."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _NOT_FOR_THE_DAEMON and not name.startswith("MAILD_")
    }
