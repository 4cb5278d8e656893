"""A Postfix of our own that relays everything to a sink, with its defaults: what it is compared with.

Needs root, as Postfix's master does. Its queue is filled while nothing takes messages out of it, as the queue of the
other contender is, so that draining alone is measured. Without a queue manager Postfix would take in one message a
second for each session (`in_flow_delay`), so that is off while the queue is filled and has no part in draining it.
"""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.bench.sink import free_port

_MASTER: Final = Path("/usr/lib/postfix/sbin/master")

FILLING_S: Final = 120
"""Five thousand messages take a few seconds; what takes longer than this hangs."""

_MAIN_CF: Final = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
myhostname = bench.localhost
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:{sink}
maillog_file = {root}/log
maillog_file_prefixes = {root}
smtpd_relay_restrictions = permit_mynetworks, reject
alias_maps =
alias_database =
"""

_TAKING_IN: Final = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup -o in_flow_delay=0
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

_SENDING: Final = """\
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
scache unix - - n - 1 scache
"""


def missing() -> str:
    """Why no Postfix can be run here; empty when one can."""
    if not _MASTER.exists():
        return f"{_MASTER} is not there (Debian: postfix)"
    programs = [name for name in ("postfix", "smtp-source") if shutil.which(name) is None]
    if programs:
        return f"{' and '.join(programs)} cannot be found on the PATH (Debian: postfix; its folder is /usr/sbin)"
    return "" if os.geteuid() == 0 else "its master must be started by root"


class PostfixRelay:
    """One instance in a folder that other users may enter; nothing runs outside of `filling` and `draining`."""

    def __init__(self, root: Path, sink: int) -> None:
        self._root = root
        self._port = free_port()
        user = pwd.getpwnam("postfix")
        for folder in ("conf", "queue", "data"):
            (root / folder).mkdir(parents=True)
        os.chown(root / "data", user.pw_uid, user.pw_gid)
        (root / "conf" / "main.cf").write_text(_MAIN_CF.format(root=root, sink=sink))

    def fill(self, count: int, size: int) -> None:
        """Put so many messages of that size into its queue."""
        with self._running(_TAKING_IN):
            argv = ["smtp-source", "-s", "20", "-l", str(size), "-m", str(count), "-f", "bench@bench.example"]
            try:
                subprocess.run(
                    [*argv, "-t", "to@sink.example", f"127.0.0.1:{self._port}"], check=True, timeout=FILLING_S
                )
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                log = (self._root / "log").read_text(errors="replace").splitlines()
                sys.exit("\n".join(["Postfix's queue could not be filled:", str(error), *log[-10:]]))

    @contextmanager
    def draining(self) -> Iterator[None]:
        """While inside, it sends what it has."""
        with self._running(_TAKING_IN + _SENDING):
            yield

    @contextmanager
    def _running(self, services: str) -> Iterator[None]:
        conf = self._root / "conf"
        (conf / "master.cf").write_text(services.format(port=self._port))
        subprocess.run(["postfix", "-c", conf, "check"], check=True, capture_output=True)
        # A process group of its own: that is what the master ends when it is told to end.
        master = subprocess.Popen(
            [_MASTER, "-c", conf, "-d"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            time.sleep(1)
            yield
        finally:
            master.terminate()
            master.wait(10)
