"""aiosmtpd on loopback: no PIPELINING, no CHUNKING, SMTPUTF8, and no lines beyond 1001 octets.

    .venv/bin/python -m tests.peers.aiosmtpd_peer FOLDER

A process of its own: it prints its port, keeps each message in a file, and serves until its standard input is closed.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.peers.peer import Peer
from tests.peers.shapes import LONGEST_LINE


class Keeping:
    """Keeps what it was given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- its name
        """Take it."""
        assert isinstance(envelope.original_content, bytes)
        hidden = self._folder / f".{next(self._numbers)}"
        hidden.write_bytes(envelope.original_content)
        hidden.rename(self._folder / hidden.name[1:])
        return "250 2.0.0 kept"


@contextmanager
def running_aiosmtpd(folder: Path, ca_file: Path) -> Iterator[Peer]:
    """Start it, without TLS; what it takes is kept in this folder."""
    folder.mkdir()
    argv = [sys.executable, "-m", "tests.peers.aiosmtpd_peer", str(folder)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        port = int(process.stdout.readline())
        try:
            yield Peer(
                port=port,
                tls="none",
                ca_file=ca_file,
                stored=lambda: [file.read_bytes() for file in sorted(folder.glob("[0-9]*"))],
                said=lambda: "",
                longest_line=LONGEST_LINE,
            )
        finally:
            process.stdin.close()
            process.wait(10)


async def serve(folder: Path) -> None:
    """Until standard input ends."""
    keeping, loop = Keeping(folder), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeping, hostname="peer", enable_SMTPUTF8=True, data_size_limit=100_000_000, loop=loop),
        "127.0.0.1",
        0,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
