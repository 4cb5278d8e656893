"""How near to the wire: long lines, one loopback connection, a narrow line. Postfix's client and aiosmtplib beside it.

    .venv/bin/python -m tests.bench.wire [--rtt 0.05] [--connections 20] [--messages 3000] [--no-postfix]

Far: the daemon drains a full queue over a proxy with that round trip, to a server with PIPELINING and CHUNKING and to
one without CHUNKING; the most there could be is a message for each connection and round trip, or two round trips.
Near: one session on loopback, no queue, beside aiosmtplib's own `sendmail`; with what the process computed for each
message, the loop and the kernel included, and what of it is the session's own. Narrow: 25 MB at 100 Mbit/s.
"""

import argparse
import asyncio
import os
import ssl
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosmtplib

from maild.config.model import TlsMode
from maild.daemon.eventloop import run_on_loop
from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.net.resolver import SystemResolver
from maild.net.smtp import Accepted, Content, SmtpServer, SmtpSession, open_session
from tests.bench.helper import Helper
from tests.bench.mirror import MirrorTransport
from tests.bench.pinger import Pinger
from tests.bench.postfix_relay import PostfixRelay, missing
from tests.bench.site import Site, message
from tests.fakes.certificates import certificates

SKIP = 200
SENDER, RECIPIENT = Mailbox("bench", "bench.example"), Mailbox("to", "sink.example")
ENVELOPE = Envelope(sender=SENDER, recipients=(RECIPIENT,))


async def no_queue(recipients: tuple[Mailbox, ...]) -> None:
    """Nothing is written down before the dot."""


def far(folder: Path, options: argparse.Namespace, *, without: tuple[str, ...]) -> None:
    """A full queue over a long line."""
    names = [f"--without={name}" for name in without]
    trips = 2 if without else 1
    most = options.connections / options.rtt / trips
    label = "PIPELINING alone" if without else "PIPELINING and CHUNKING"
    with (
        Helper("receiver", *names) as server,
        Helper("proxy", "--to", str(server.port), f"--rtt={options.rtt}") as line,
    ):
        site = Site(folder=folder / f"maild{trips}", port=line.port, connections=options.connections)
        site.write()
        site.fill_without_receipts(options.messages, options.size)
        with site.running(), Pinger(line.port) as pinger:
            server.wait_for(options.messages)
        rate, real = server.rate(skip=SKIP), options.connections / pinger.trip_s / trips
        print(
            f"far, {label:24} maild    {rate:6.0f} messages/s, {rate / most:.2f} of {most:.0f}; round trips took "
            f"{pinger.trip_s * 1000:.0f} ms: {rate / real:.2f} of {real:.0f}",
            flush=True,
        )


def far_postfix(folder: Path, options: argparse.Namespace) -> None:
    """Postfix's client over the same line; it has no CHUNKING, and twenty connections by its defaults."""
    count = min(options.messages, 1000)
    with Helper("receiver", "--without=CHUNKING") as server, _line_to(server, options) as line:
        relay = PostfixRelay(folder, line.port)
        relay.fill(count, options.size)
        with relay.draining():
            server.wait_for(count)
        print(f"far, PIPELINING alone         Postfix  {server.rate(skip=SKIP):6.0f} messages/s", flush=True)


def _line_to(server: Helper, options: argparse.Namespace, *more: str) -> Helper:
    return Helper("proxy", f"--to={server.port}", f"--rtt={options.rtt}", *more)


async def loopback(server: Helper, options: argparse.Namespace, *, has_tls: bool) -> None:
    """One connection, ours and aiosmtplib's in turn; the best of three."""
    content = message(1, options.size).replace(b"\n", b"\r\n")
    session = await _open(server.port, has_tls=has_tls)
    context = ssl.create_default_context(cafile=certificates().ca_file) if has_tls else None
    client = aiosmtplib.SMTP(
        hostname="localhost", port=server.port, use_tls=has_tls, start_tls=False, tls_context=context
    )
    await client.connect()

    async def ours() -> None:
        answers = await session.send(ENVELOPE, Content.of(content), before_dot=no_queue)
        assert isinstance(answers[RECIPIENT], Accepted)

    async def theirs() -> None:
        await client.sendmail(str(SENDER), [str(RECIPIENT)], content)

    rounds = [(await _rate(ours, options.near), await _rate(theirs, options.near)) for _ in range(3)]
    (rate, cost_us), (their_rate, their_us) = max(one for one, _ in rounds), max(two for _, two in rounds)
    least_us = min(one[1] for one, _ in rounds)
    client.close()
    await session.quit()
    print(
        f"near, {'TLS' if has_tls else 'no TLS':7}                 maild    {rate:6.0f} messages/s, "
        f"{min(least_us, cost_us):.0f} us of CPU each; aiosmtplib {their_rate:.0f}, {their_us:.0f} us; "
        f"{rate / their_rate:.1f} times as many",
        flush=True,
    )


async def own_code(options: argparse.Namespace) -> None:
    """What the session's code takes of the processor, without network and kernel; the least of ten rounds."""
    content = message(1, options.size).replace(b"\n", b"\r\n")
    for label, extensions in (("one trip", ("PIPELINING", "CHUNKING", "SIZE")), ("two trips", ("PIPELINING", "SIZE"))):
        session = MirrorTransport(asyncio.get_running_loop()).session(*extensions)

        async def send(session: SmtpSession = session) -> None:
            await session.send(ENVELOPE, Content.of(content), before_dot=no_queue)

        costs = [(await _rate(send, options.near // 10))[1] for _ in range(10)]
        print(f"session's own code, {label:9} maild    {min(costs):6.0f} us a message", flush=True)


async def _rate(send: Callable[[], Awaitable[None]], count: int) -> tuple[float, float]:
    """Messages a second, and microseconds of this process for each."""
    began_s, cpu_s = time.perf_counter(), time.process_time()
    for _ in range(count):
        await send()
    spent_s = time.process_time() - cpu_s
    return count / (time.perf_counter() - began_s), spent_s / count * 1e6


async def narrow(server: Helper, folder: Path, options: argparse.Namespace) -> None:
    """One large message over a narrow line."""
    size = options.large * 1_000_000
    body = folder / "body"
    line = b"x" * 98 + b"\r\n"
    body.write_bytes(line * (size // len(line)))
    with _line_to(server, options, f"--mbits={options.mbits}") as proxy:
        session = await _open(proxy.port, has_tls=False)
        began_s = time.perf_counter()
        content = Content(start=b"Subject: large\r\n\r\n", file=body)
        answers = await session.send(ENVELOPE, content, before_dot=no_queue)
        taken_s = time.perf_counter() - began_s
        await session.quit()
    assert isinstance(answers[RECIPIENT], Accepted)
    least_s = size * 8 / (options.mbits * 1e6) + 2 * options.rtt
    print(
        f"narrow, {options.large} MB at {options.mbits:.0f} Mbit/s   maild    {taken_s:6.2f} s; "
        f"the wire and two round trips take {least_s:.2f} s: {taken_s / least_s - 1:+.1%}",
        flush=True,
    )


async def _open(port: int, *, has_tls: bool) -> SmtpSession:
    mode = TlsMode.IMPLICIT if has_tls else TlsMode.NONE
    ca_file = certificates().ca_file if has_tls else None
    server = SmtpServer(host="localhost", port=port, mode=mode, ca_file=ca_file)
    return await open_session(server, SystemResolver())


async def _near_and_narrow(folder: Path, options: argparse.Namespace) -> None:
    print(f"event loop: {type(asyncio.get_running_loop()).__module__}", flush=True)
    await own_code(options)
    good = certificates().good
    with Helper("receiver") as server:
        await loopback(server, options, has_tls=False)
        await narrow(server, folder, options)
    with Helper("receiver", f"--cert={good.cert_file}", f"--key={good.key_file}") as server:
        await loopback(server, options, has_tls=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rtt", type=float, default=0.05)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--near", type=int, default=3000)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--large", type=int, default=25)
    parser.add_argument("--mbits", type=float, default=100)
    parser.add_argument("--no-postfix", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        run_on_loop(_near_and_narrow(folder, options))
        far(folder, options, without=())
        far(folder, options, without=("CHUNKING",))
        why_not = "not asked for" if options.no_postfix else missing()
        if why_not:
            print(f"Postfix is left out: {why_not}")
        else:
            (folder / "postfix").mkdir()
            far_postfix(folder / "postfix", options)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
