"""A server that takes every message and forgets it, with CHUNKING, which Postfix's `smtp-sink` does not have.

    .venv/bin/python -m tests.bench.receiver [--without CHUNKING]... [--cert FILE --key FILE]

Prints the port it listens on, then a line for every hundredth of a second in which messages came: the time by
`time.monotonic` and how many there are now. Serves until its standard input is closed. With a certificate it speaks
TLS from the first byte. It believes its clients: what is no command is an error, and that is all.
"""

import argparse
import asyncio
import ssl
import sys
import time
from typing import Final, cast

from maild.daemon.eventloop import run_on_loop

EXTENSIONS: Final = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 0", "CHUNKING")

TOLD_EVERY_S: Final = 0.01

_END: Final = b"\r\n.\r\n"
_OK: Final = b"250 2.0.0 Ok\r\n"


class Tally:
    """How many messages came."""

    def __init__(self) -> None:
        self._count = self._told = 0

    def add(self) -> None:
        """One more."""
        self._count += 1

    async def tell(self) -> None:
        """Print the number as it grows."""
        while True:
            await asyncio.sleep(TOLD_EVERY_S)
            if self._count > self._told:
                self._told = self._count
                print(f"{time.monotonic():.4f} {self._count}", flush=True)


class Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, greeting: bytes, tally: Tally) -> None:
        self._greeting: Final = greeting
        self._tally: Final = tally
        self._buffer = b""
        self._chunk_left = 0
        self._is_last = self._is_data = False
        self._replies: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The banner."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 receiver ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer all that is complete, in one write."""
        if self._chunk_left > len(data) and not self._buffer:
            # A large chunk is not gathered first.
            self._chunk_left -= len(data)
            return
        self._buffer += data
        while self._step():
            pass
        if self._replies:
            self._transport.write(b"".join(self._replies))
            self._replies.clear()

    def _step(self) -> bool:
        if self._is_data:
            return self._take_data()
        if self._chunk_left:
            return self._take_chunk()
        line, end, rest = self._buffer.partition(b"\r\n")
        if not end:
            return False
        self._buffer = rest
        self._answer(line)
        return True

    def _take_data(self) -> bool:
        end = self._buffer.find(_END)
        if end < 0:
            # Only what may be the beginning of the end is kept.
            self._buffer = self._buffer[-(len(_END) - 1) :]
            return False
        self._buffer = self._buffer[end + len(_END) :]
        self._is_data = False
        self._take_message()
        return True

    def _take_chunk(self) -> bool:
        taken = min(self._chunk_left, len(self._buffer))
        self._buffer = self._buffer[taken:]
        self._chunk_left -= taken
        if self._chunk_left:
            return False
        if self._is_last:
            self._take_message()
        else:
            self._replies.append(_OK)
        return True

    def _take_message(self) -> None:
        self._tally.add()
        self._replies.append(_OK)

    def _answer(self, line: bytes) -> None:
        match line[:4].upper():
            case b"EHLO":
                self._replies.append(self._greeting)
            case b"MAIL" | b"RCPT" | b"RSET" | b"NOOP":
                self._replies.append(_OK)
            case b"DATA":
                self._is_data = True
                # The end of an empty message is a dot alone.
                self._buffer = b"\r\n" + self._buffer
                self._replies.append(b"354 Go on\r\n")
            case b"BDAT":
                words = line.split()
                self._chunk_left, self._is_last = int(words[1]), len(words) > 2
            case b"QUIT":
                self._replies.append(b"221 Bye\r\n")
            case _:
                self._replies.append(b"500 What?\r\n")


async def serve(without: frozenset[str], context: ssl.SSLContext | None) -> None:
    """Until standard input ends."""
    offers = ["receiver", *(one for one in EXTENSIONS if one.split()[0] not in without)]
    lines = [f"250-{one}" for one in offers[:-1]] + [f"250 {offers[-1]}"]
    greeting = "".join(f"{line}\r\n" for line in lines).encode()
    tally, loop = Tally(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(greeting, tally), "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    telling = loop.create_task(tally.tell())
    await asyncio.to_thread(sys.stdin.read)
    telling.cancel()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--cert")
    parser.add_argument("--key")
    options = parser.parse_args()
    context = None
    if options.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
    run_on_loop(serve(frozenset(options.without), context))


if __name__ == "__main__":
    main()
