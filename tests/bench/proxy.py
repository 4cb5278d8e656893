"""A line to a server that is long or narrow: a proxy on loopback that delays, and paces, what it passes on.

    .venv/bin/python -m tests.bench.proxy --to PORT [--rtt 0.05] [--mbits 100]

Prints the port it listens on, and serves until its standard input is closed. Each direction of each connection has a
delay of half the round trip, and of the time its bytes take on the narrow line, which has a short buffer as real ones
have: who sends too fast is made to wait. The beginning of a connection takes its round trip too.
"""

import argparse
import asyncio
import sys
from collections import deque
from dataclasses import dataclass
from typing import Final

from maild.daemon.eventloop import run_on_loop

BUFFER_S: Final = 0.02
"""What the narrow line holds back at most: 250 kB at 100 Mbit/s."""

SEGMENT_BYTES: Final = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Line:
    """A round trip in seconds, and bytes a second in each direction; 0: as many as there are."""

    rtt_s: float
    bytes_per_s: float


class Direction:
    """One direction of one connection."""

    def __init__(self, line: Line, writer: asyncio.StreamWriter) -> None:
        self._line = line
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._free_at_s = 0.0
        self._flight: deque[bytes] = deque()

    async def carry(self, reader: asyncio.StreamReader) -> None:
        """Pass on until the end."""
        while data := await reader.read(SEGMENT_BYTES):
            now = self._loop.time()
            if self._line.bytes_per_s:
                self._free_at_s = max(self._free_at_s, now) + len(data) / self._line.bytes_per_s
            arrives_at_s = max(self._free_at_s, now) + self._line.rtt_s / 2
            self._flight.append(data)
            self._loop.call_at(arrives_at_s, self._arrive)
            ahead_s = self._free_at_s - now
            if ahead_s > BUFFER_S:
                await asyncio.sleep(ahead_s - BUFFER_S)
        await asyncio.sleep(self._line.rtt_s / 2 + max(0.0, self._free_at_s - self._loop.time()))
        self._writer.close()

    def _arrive(self) -> None:
        if not self._writer.is_closing():
            self._writer.write(self._flight.popleft())


async def serve(port: int, line: Line) -> None:
    """Until standard input ends."""

    tasks: set[asyncio.Task[None]] = set()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(line.rtt_s)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        ways = (Direction(line, far_writer).carry(reader), Direction(line, writer).carry(far_reader))
        await asyncio.gather(*ways, return_exceptions=True)

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(connect(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async with await asyncio.start_server(begin, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--rtt", type=float, default=0.0)
    parser.add_argument("--mbits", type=float, default=0.0)
    options = parser.parse_args()
    run_on_loop(serve(options.to, Line(rtt_s=options.rtt, bytes_per_s=options.mbits * 1e6 / 8)))


if __name__ == "__main__":
    main()
