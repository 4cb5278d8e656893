"""The server's streams: standard input and output of this process. Shell code.

pygls would read in a thread, and a thread that waits for an editor that has said goodbye keeps the process alive.
"""

import asyncio
import sys
from threading import Event
from typing import BinaryIO, Final

from pygls.io_ import run_async
from pygls.lsp.server import LanguageServer


class _Output:
    """Writes whole messages; closed when the editor says goodbye, which leaves standard output itself open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream: Final = stream

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


def serve(server: LanguageServer) -> int:
    """Serves until the editor says goodbye or is gone; the exit status that the protocol wants."""
    server.protocol.set_writer(_Output(sys.stdout.buffer))
    try:
        asyncio.run(_serve(server, sys.stdin.buffer))
    except SystemExit as goodbye:
        return goodbye.code if isinstance(goodbye.code, int) else 0
    except (asyncio.IncompleteReadError, ValueError):
        # The input ended inside of a message, or is no protocol at all: there is nobody to tell.
        return 1
    return 0


async def _serve(server: LanguageServer, stream: BinaryIO) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
    await run_async(Event(), reader, server.protocol, error_handler=server.report_server_error)
