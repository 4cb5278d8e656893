"""A host is stopped in the middle of its work for longer than a lease lasts, and then goes on: the long form.

    .venv/bin/python -m tests.peers.paused_host [--messages 300]

Another host must send everything; nothing may be lost, and nothing may come twice but what was at its dot when the
first one was stopped. Takes a minute and a half.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.dumping_sink import running_sink
from tests.peers.postgres import running_postgres
from tests.peers.shared_site import SharedSite, until

CONNECTIONS = 20
"""More are at their dots at no moment."""


@contextmanager
def running(config: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A daemon."""
    argv = [sys.executable, "-m", "maild", "run", "--config", str(config)]
    daemon = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield daemon
    finally:
        daemon.send_signal(signal.SIGCONT)
        daemon.terminate()
        daemon.wait(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300)
    messages = parser.parse_args().messages
    with running_postgres() as database, tempfile.TemporaryDirectory(prefix="maild-paused-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running_sink(folder / "sink") as sink:
            site = SharedSite(database, folder, sink.port)
            first, second = site.host("first"), site.host("second")
            site.command("first", "queue", "migrate")
            with running(first) as paused:
                drops = site.drop("first", messages)
                until(lambda: len(list(sink.folder.iterdir())) > messages // 5, lambda: "nothing arrives")
                paused.send_signal(signal.SIGSTOP)
                begun_s = time.monotonic()
                with running(second):
                    # What the first one has in its outbox still is for itself to forward.
                    until(lambda: not site.listed("second"), lambda: site.listed("second"))
                    print(f"the other host was done after {time.monotonic() - begun_s:.0f} s")
                    paused.send_signal(signal.SIGCONT)
                    until(lambda: site.states("first", drops) == {"sent"}, lambda: site.states("first", drops))
            arrived = Counter(one.recipients[0] for one in sink.taken())
    twice = sum(1 for count in arrived.values() if count > 1)
    print(f"{len(arrived)} of {messages} arrived, {twice} of them twice")
    if len(arrived) != messages or twice > CONNECTIONS:
        sys.exit("that is not what is promised")


if __name__ == "__main__":
    main()
