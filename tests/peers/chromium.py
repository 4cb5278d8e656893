"""A real Chromium without a screen, driven over its DevTools protocol: opens a page, looks at it, asks it.

Needs the Debian package chromium. Where it is missing, tests that ask for it are skipped and say so. It may talk to
loopback only: every other name leads nowhere.
"""

import asyncio
import base64
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

START_S: Final = 30.0
PATIENCE_S: Final = 30.0

_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
    "about:blank",
)


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.complaints: list[str] = []
        """What the page wrote to the console as an error, and what the browser refused it."""

    async def call(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 -- JSON of many shapes
        """One command of the protocol; its result."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told = await self._socket.receive_json()
                self._note(told)
                if told.get("id") == self._number:
                    assert "error" not in told, told["error"]
                    return told["result"]

    async def ask(self, script: str) -> Any:  # noqa: ANN401 -- JSON of many shapes
        """The value of an expression in the page, awaited when it is a promise."""
        told = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    async def open(self, url: str) -> None:
        """Go to a page and wait until it is there."""
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=url)
        await self.until(f"document.readyState === 'complete' && location.href.startsWith({json.dumps(url)})")

    async def until(self, script: str) -> None:
        """Wait until an expression is true: the page changes by itself, so there is nothing better than to look."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.ask(script):  # noqa: ASYNC110 -- nobody sets an event for us
                await asyncio.sleep(0.05)

    async def look(self, *, width: int, height: int, is_dark: bool = False) -> None:
        """Give the page a size and the person's taste in colours."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def picture(self, file: Path) -> None:
        """Keep what is seen, for a person."""
        told = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        await asyncio.to_thread(file.write_bytes, base64.b64decode(told["data"]))

    async def press(self, key: str) -> None:
        """Press a key."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text)

    def _note(self, told: dict[str, Any]) -> None:
        if told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["params"]["exceptionDetails"]))
        if told.get("method") == "Log.entryAdded" and told["params"]["entry"]["level"] == "error":
            self.complaints.append(told["params"]["entry"]["text"])


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Page]:
    """Start it with an empty profile in `folder`, and end it by its process."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed (Debian: chromium)")
    await asyncio.to_thread(folder.mkdir)
    process = await asyncio.create_subprocess_exec(
        program,
        f"--user-data-dir={folder}",
        *_FLAGS,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    drain: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(START_S):
            while (found := re.search(rb"ws://(127\.0\.0\.1:\d+)/", await process.stderr.readline())) is None:
                assert process.returncode is None
        drain = asyncio.create_task(process.stderr.read())
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://{found[1].decode()}/json/list") as answer:
                (target, *_) = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=2**26) as socket:
                yield Page(socket)
    finally:
        process.kill()
        await process.wait()
        if drain is not None:
            await drain
