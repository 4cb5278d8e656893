"""What a full round of probes does to mail: the real daemon sends so many messages a second, and on top of it so many
accounts appear at once, each on a server of its own that takes 50 ms for every answer.

    .venv/bin/python -m tests.bench.probe_sending [--accounts 500] [--rate 300] [--delay 0.05]

Shown are the messages a second that arrive and how long they take from the drop to the sink, before the accounts appear
and until the last of them was probed, and how long that took from the first file to the last probe, the reload with it.
Needs `smtp-sink`.
"""

import argparse
import asyncio
import os
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from tests.bench.probe import address_of, servers
from tests.bench.sink import Sink, free_port
from tests.bench.site import Site, cpu_seconds, message, write_drop

ALONE_S: Final = 10.0
PORT: Final = 12525
_ACCOUNT: Final = """\
protocol: smtp
smtp: {{host: {host}, port: {port}, tls: {{mode: none}}, auth: plain}}
username: billing
email: a{number}@[127.0.0.1]
password: {{file: password}}
"""


class Dropper(threading.Thread):
    """Drops so many messages a second until it is told to end; `moments` has the time of each."""

    def __init__(self, site: Site, rate: int) -> None:
        super().__init__(daemon=True)
        self.moments: list[float] = []
        self.is_over = threading.Event()
        self._site, self._rate = site, rate

    def run(self) -> None:
        began_at = time.monotonic()
        while not self.is_over.is_set():
            number = len(self.moments)
            self.is_over.wait(max(0.0, began_at + number / self._rate - time.monotonic()))
            self.moments.append(time.monotonic())
            write_drop(self._site.layout.drop, number, message(number, 2000))


def probed(port: int) -> int:
    """How many of the new accounts were probed, by the daemon's metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return sum(
        line.endswith(" 1.0")
        for line in lines
        if line.startswith('maild_probe_success{account="a') and '"smtp"' in line
    )


def add_accounts(site: Site, count: int) -> None:
    """All of them in one breath, as a checkout brings them."""
    accounts = site.folder / "accounts"
    (accounts / "password").write_text("right")
    for number in range(count):
        text = _ACCOUNT.format(host=address_of(number), port=PORT, number=number)
        (accounts / f"a{number}.yaml").write_text(text)


def tell(title: str, dropped: list[float], arrived: list[float], span: tuple[float, float]) -> None:
    """The drops of this span, each with its arrival: they come in their order, near enough."""
    begin, end = span
    taken = [one - drop for drop, one in zip(dropped, arrived, strict=False) if begin <= drop < end]
    came = sum(begin <= one < end for one in arrived)
    cuts = quantiles(taken, n=100)
    print(
        f"{title}: {came / (end - begin):.0f} messages/s, from drop to sink {median(taken) * 1000:.0f} ms, "
        f"99 of 100 within {cuts[98] * 1000:.0f} ms"
    )


def measure(options: argparse.Namespace, folder: Path, web: int) -> None:
    """Ten seconds alone, then the round."""
    with Sink(folder) as sink:
        site = Site(folder=folder / "site", port=sink.port)
        site.write()
        settings = (site.folder / "maild.yaml").read_text().replace("127.0.0.1:0", f"127.0.0.1:{web}")
        (site.folder / "maild.yaml").write_text(f"{settings}default_account: bench\n")
        with site.running() as daemon:
            dropper = Dropper(site, options.rate)
            dropper.start()
            sink.wait_for(options.rate)
            alone = (time.monotonic(), time.monotonic() + ALONE_S)
            time.sleep(ALONE_S)
            cpu_s, began_at = cpu_seconds(daemon.pid), time.monotonic()
            add_accounts(site, options.accounts)
            while probed(web) < options.accounts:
                time.sleep(0.5)
            beside = (began_at, time.monotonic())
            cpu_s = cpu_seconds(daemon.pid) - cpu_s
            dropper.is_over.set()
            dropper.join()
            sink.wait_for(len(dropper.moments))
    tell("alone", dropper.moments, sink.moments, alone)
    tell("beside the round", dropper.moments, sink.moments, beside)
    print(
        f"{options.accounts} accounts appeared and were probed within {beside[1] - beside[0]:.1f} s, "
        f"{cpu_s:.1f} s of CPU with the mail; load {os.getloadavg()[0]:.1f}"
    )


async def within_servers(options: argparse.Namespace, folder: Path) -> None:
    """The measurement while the servers run."""
    async with servers(options):
        await asyncio.to_thread(measure, options, folder, free_port())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=500)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.set_defaults(tls=False)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        asyncio.run(within_servers(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
