"""Kills the daemon at random moments under load, again and again, and counts: nothing lost, nothing twice unsaid.

    .venv/bin/python -m tests.peers.kills [--rounds 2000] [--seed 1] [--folder DIR]

In each round messages are dropped before and while the daemon works; it is killed some milliseconds after its start or
its first message, in the midst of starting, recovering, taking in or sending; then the queue is asked which messages
may have been sent without anybody knowing. After every fifty rounds the spool is drained in peace and all is counted:
what was accepted came whole, and came again at most as often as it was said to be uncertain.
"""

import argparse
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from maild.mail.address import Mailbox
from maild.spool.drop import write_drop
from maild.spool.layout import Layout, make_folders
from maild.spool.sidecar import Sidecar
from tests.peers.dumping_sink import Dumped, DumpingSink, running_sink
from tests.peers.killed_daemon import Stem

EPOCH: Final = 50
"""So many rounds one spool is used."""
DRAIN_S: Final = 400.0
PATIENCE_S: Final = 10.0
SENDING: Final = 0.7
"""In so many rounds it is killed after it began to send, in the others while it starts."""

_SITE: Final = """\
spool: {{path: ../spool}}
web: {{listen: []}}
dns: {{resolvers: ["127.0.0.1:1"]}}
probe: {{interval: 1h}}
delivery: {{retry: [50ms], lifetime: 1h}}
"""
_ACCOUNT: Final = """\
protocol: smtp
smtp: {{host: 127.0.0.1, port: {port}, auth: none, tls: {{mode: none}}}}
email: billing@example.com
limits: {{connections: 10}}
"""
_DOUBTFUL: Final = """\
SELECT messages.drop_name, recipients.local FROM recipients JOIN messages USING (number)
WHERE messages.state = 'sending' AND recipients.dot_at IS NOT NULL
"""
"""Drops and recipients that may have been sent to when the daemon died."""
_STATES: Final = "SELECT state, count(*) FROM messages GROUP BY state"


@dataclass(slots=True)
class Tally:
    """What was counted."""

    rounds: int = 0
    accepted: int = 0
    delivered: int = 0
    doubted: int = 0
    again: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.rounds} kills, {self.accepted} messages accepted, {self.delivered} deliveries to recipients, "
            f"{self.doubted} times uncertain, {self.again} delivered again"
        )


@dataclass(slots=True)
class Load:
    """Drops messages: `<number>` for one or two recipients, every tenth large, every fifth with an envelope file."""

    layout: Layout
    random: Random
    dropped: dict[str, int] = field(default_factory=dict)
    """Those that are accepted: number by drop."""
    next_number: int = 0

    def drop(self, count: int) -> None:
        for _ in range(count):
            number, self.next_number = self.next_number, self.next_number + 1
            recipients = recipients_of(number)
            envelope = Sidecar(recipients=tuple(map(Mailbox.parse, recipients))) if number % 5 == 0 else None
            self.dropped[write_drop(self.layout, content_of(number), envelope=envelope)] = number

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Drops a few at a time in the meantime."""
        over = threading.Event()

        def work() -> None:
            while not over.wait(0.01):
                self.drop(1)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def recipients_of(number: int) -> tuple[str, ...]:
    return tuple(f"r{number}-{which}@example.org" for which in range(1 + number % 3 % 2))


def content_of(number: int) -> bytes:
    return f"To: {', '.join(recipients_of(number))}\nSubject: kill {number}\n\n".encode() + body_of(number)


def body_of(number: int) -> bytes:
    lines = 30_000 if number % 40 == 13 else 1_000 if number % 10 == 3 else 10
    return b"".join(b"line %d of %d, which is long enough to be worth it\n" % (line, number) for line in range(lines))


def run_kills(folder: Path, rounds: int, random: Random) -> Tally:
    """As many rounds, in spools of their own in the folder."""
    stem, tally = Stem(), Tally()
    with running_sink(folder / "sink") as sink:
        while tally.rounds < rounds:
            begun_at = time.monotonic()
            _run_epoch(folder / str(tally.rounds), min(EPOCH, rounds - tally.rounds), (stem, sink), random, tally)
            print(f"{tally}; {time.monotonic() - begun_at:.0f} s", flush=True)
    return tally


def _run_epoch(folder: Path, rounds: int, peers: tuple[Stem, DumpingSink], random: Random, tally: Tally) -> None:
    stem, sink = peers
    config, layout = folder / "configs", Layout(folder / "spool")
    (config / "accounts").mkdir(parents=True)
    (config / "maild.yaml").write_text(_SITE.format())
    (config / "accounts" / "billing.yaml").write_text(_ACCOUNT.format(port=sink.port))
    make_folders(layout)
    load, doubts = Load(layout, random), Counter[tuple[str, str]]()
    for _ in range(rounds):
        load.drop(random.randrange(40))
        with load.going_on(), stem.daemon(config):
            if random.random() < SENDING:
                sink.wait_for_more(PATIENCE_S)
            time.sleep(random.uniform(0, 0.2))
        doubts.update(_ask(layout, _DOUBTFUL))
        tally.rounds += 1
    status = stem.drain(config, DRAIN_S)
    assert status == 0, f"draining ended with {status}: {_ask(layout, _STATES)}"
    _count(load, doubts, sink.taken(), tally)


def _ask(layout: Layout, query: str) -> list[tuple[str, str]]:
    """What the queue's database says while nobody else has it open."""
    if not layout.queue_file.exists():
        return []
    with closing(sqlite3.connect(layout.queue_file, timeout=10)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            # Killed before the first table was made.
            return []


def _count(load: Load, doubts: Counter[tuple[str, str]], taken: list[Dumped], tally: Tally) -> None:
    drops = {number: drop for drop, number in load.dropped.items()}
    times: Counter[tuple[int, str]] = Counter()
    for one in taken:
        number = _number_in(one.content)
        if not one.content.rstrip(b"\n").endswith(b"\n\n" + body_of(number).rstrip(b"\n")):
            tally.faults[f"message {number} came mutilated"] += 1
        times.update((number, recipient) for recipient in one.recipients)
    for number, drop in drops.items():
        receipt = load.layout.receipt(drop)
        if b'"state":"sent"' not in (receipt.read_bytes() if receipt.exists() else b""):
            tally.faults[f"the receipt of {number} does not say that it was sent"] += 1
        for recipient in recipients_of(number):
            came = times.pop((number, recipient), 0)
            doubted = doubts[drop, recipient.partition("@")[0]]
            tally.delivered += came
            tally.again += max(0, came - 1)
            if came == 0:
                tally.faults[f"message {number} is lost for {recipient}"] += 1
            if came > 1 + doubted:
                tally.faults[f"message {number} came {came} times to {recipient}, {doubted} times uncertain"] += 1
    for number, recipient in times:
        tally.faults[f"message {number} came to {recipient}, and nobody sent it to him"] += 1
    tally.accepted += len(drops)
    tally.doubted += doubts.total()


def _number_in(content: bytes) -> int:
    _, _, rest = content.partition(b"\nSubject: kill ")
    return int(rest.partition(b"\n")[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=None, help="where the spools are made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maild-kills-", dir=options.folder) as scratch:
        Path(scratch).chmod(0o755)
        tally = run_kills(Path(scratch), options.rounds, Random(options.seed))
    for fault, count in tally.faults.most_common(50):
        print(f"{count:6d}  {fault}")
    sys.exit(bool(tally.faults))


if __name__ == "__main__":
    main()
