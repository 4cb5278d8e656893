"""A scripted editor: speaks JSON-RPC with the language server in this process, over streams, in virtual time."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from pygls.io_ import run_async

from maild.cli.lsp.desk import Desk
from maild.cli.lsp.server import build_server
from maild.clock import Clock
from maild.rules.subject import SecretChecker
from tests.fakes.clock import FakeClock
from tests.rules.examine import NOW, KnownSecrets
from tests.virtual_time import run_virtual

T = TypeVar("T")
CAPABILITIES: Mapping[str, Any] = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


class Editor:
    """One connection; `published` holds the newest findings of each file, `said` everything the server sent."""

    def __init__(self, secrets: SecretChecker | None, clock: Clock) -> None:
        self._server = build_server(Desk(clock=clock, secrets=secrets))
        self._server.protocol.set_writer(self)
        self._reader = asyncio.StreamReader(limit=16 * 1024 * 1024)
        self._numbers = 0
        self.said: list[dict[str, Any]] = []
        self.published: dict[str, list[dict[str, Any]]] = {}

    def write(self, data: bytes) -> None:
        """What the server sends; each message comes in one piece."""
        _, _, body = data.partition(b"\r\n\r\n")
        message = json.loads(body)
        self.said.append(message)
        if message.get("method") == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]["diagnostics"]

    def close(self) -> None:
        """Nothing to close."""

    async def serve(self) -> None:
        """Runs the server until the editor hangs up."""
        await run_async(Event(), self._reader, self._server.protocol)

    def hang_up(self) -> None:
        """Ends the connection."""
        self._reader.feed_eof()

    def send(self, message: Mapping[str, Any]) -> None:
        """Any message at all."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._reader.feed_data(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    async def notify(self, method: str, **params: Any) -> None:  # noqa: ANN401 -- JSON
        """A notification, and everything that comes of it at once."""
        self.send({"method": method, "params": params})
        await self.settle()

    async def ask(self, method: str, **params: Any) -> Any:  # noqa: ANN401 -- JSON
        """A request and its answer."""
        self._numbers += 1
        self.send({"id": self._numbers, "method": method, "params": params})
        await self.settle()
        (answer,) = [message for message in self.said if message.get("id") == self._numbers and "method" not in message]
        return answer["result"]

    async def settle(self) -> None:
        """Lets the server read and answer, without time passing."""
        for _ in range(10):
            await asyncio.sleep(0)

    async def initialize(
        self, encodings: Sequence[str] | None = None, capabilities: Mapping[str, Any] = CAPABILITIES
    ) -> dict[str, Any]:
        """Both sides say what they can."""
        general = {} if encodings is None else {"general": {"positionEncodings": list(encodings)}}
        answer = await self.ask("initialize", processId=None, rootUri=None, capabilities={**capabilities, **general})
        await self.notify("initialized")
        assert isinstance(answer, dict)
        return answer

    async def open(self, path: Path | str, text: str) -> str:
        """Opens a file that need not be saved; its URI."""
        uri = path.as_uri() if isinstance(path, Path) else path
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        await self.notify("textDocument/didOpen", textDocument=document)
        return uri

    async def change(self, uri: str, text: str, version: int = 2) -> None:
        """Types, and has not paused yet."""
        document = {"uri": uri, "version": version}
        await self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    async def actions(self, uri: str, range_: Mapping[str, Any], only: Sequence[str] | None = None) -> Any:  # noqa: ANN401
        """What can be done there."""
        context = {"diagnostics": [], **({} if only is None else {"only": list(only)})}
        return await self.ask("textDocument/codeAction", textDocument={"uri": uri}, range=range_, context=context)

    async def at(self, method: str, uri: str, line: int, character: int) -> Any:  # noqa: ANN401 -- JSON
        """Asks about a place."""
        position = {"line": line, "character": character}
        return await self.ask(f"textDocument/{method}", textDocument={"uri": uri}, position=position)


def edit(
    script: Callable[[Editor], Awaitable[T]],
    *,
    secrets: SecretChecker | None = None,
    clock: Clock | None = None,
    encodings: Sequence[str] | None = None,
    capabilities: Mapping[str, Any] = CAPABILITIES,
) -> T:
    """Runs a script with an editor that has said hello."""

    async def run() -> T:
        editor = Editor(KnownSecrets() if secrets is None else secrets, clock or FakeClock(NOW))
        async with asyncio.TaskGroup() as group:
            group.create_task(editor.serve())
            await editor.initialize(encodings, capabilities)
            try:
                return await script(editor)
            finally:
                editor.hang_up()

    return run_virtual(run())


def rng(line: int, start: int, end: int) -> dict[str, Any]:
    """A range in one line."""
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
