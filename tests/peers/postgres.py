"""A real PostgreSQL of our own on loopback: a cluster in a scratch folder, made by initdb and ended with the test.

It refuses to run as root, so where the tests do, it runs as the user that the Debian package made. Where it is missing,
tests that ask for it are skipped and say so. fsync is off, unless a benchmark wants it: no
test of ours cuts its power.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

USER: Final = "postgres" if os.geteuid() == 0 else None
PASSWORD: Final = "right: one@/%"
START_S: Final = 60.0

_CONF: Final = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{root}'
fsync = {fsync}
wal_level = minimal
max_wal_senders = 0
jit = off
max_connections = 60
shared_buffers = 32MB
log_min_messages = warning
"""


@dataclass(slots=True, kw_only=True)
class Postgres:
    """A cluster with a database `maild`, which the role `maild` owns and reaches with a password."""

    programs: Path
    root: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """For the role that everything belongs to, without its password."""
        return f"postgresql://maild@127.0.0.1:{self.port}/maild"

    @property
    def local_uri(self) -> str:
        """The same by the socket, where nobody is asked for a password."""
        return f"postgresql://maild@/maild?host={self.root}&port={self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.root / "data"], stdout=log, stderr=log, user=USER
            )
        deadline = time.monotonic() + START_S
        while self._run("pg_isready", "-q", "-h", str(self.root), "-p", str(self.port), check=False) != 0:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError((self.root / "log").read_text(errors="replace")[-3000:])
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT ends its sessions, SIGQUIT is a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def sql(self, text: str, database: str = "maild") -> None:
        """Say something to it as its superuser."""
        place = ("-h", str(self.root), "-p", str(self.port), "-U", "postgres", "-d", database)
        self._run("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", *place, "-c", text)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        done = subprocess.run(
            [self.programs / program, *arguments], capture_output=True, user=USER, check=False, timeout=60, cwd="/"
        )
        if check and done.returncode:
            raise AssertionError(done.stderr.decode(errors="replace"))
        return done.returncode


@contextmanager
def running_postgres(*, is_durable: bool = False) -> Iterator[Postgres]:
    """Start one; skips where it is not installed."""
    pytest.importorskip("psycopg_pool")
    programs = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None)
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    # Not in pytest's folder, which other users cannot enter; and a socket's path must be short.
    root = Path(tempfile.mkdtemp(prefix="maild-postgres-"))
    if USER is not None:
        shutil.chown(root, USER)
    cluster = Postgres(programs=programs.parent, root=root, port=_free_port())
    try:
        with (root / "conf").open("w") as conf:
            conf.write(_CONF.format(port=cluster.port, root=root, fsync="on" if is_durable else "off"))
        data = root / "data"
        cluster._run("initdb", "-D", str(data), "-N", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
        with (data / "postgresql.conf").open("a") as conf:
            conf.write((root / "conf").read_text())
        (data / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        cluster.start()
        cluster.sql(f"CREATE ROLE maild LOGIN PASSWORD '{PASSWORD}'", "postgres")
        cluster.sql("CREATE DATABASE maild OWNER maild", "postgres")
        yield cluster
    finally:
        with suppress(ProcessLookupError):
            cluster.stop(signal.SIGQUIT)
        shutil.rmtree(root, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
