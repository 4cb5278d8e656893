"""The daemon as a child that is there at once, to be killed at any moment: forked from a process that has loaded it.

A fresh interpreter takes half a second to load maild, during which killing it proves nothing.
"""

import io
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maild.daemon.app import run_daemon
from maild.daemon.eventloop import run_on_loop
from maild.daemon.options import RunOptions


def run(config: Path, *, is_once: bool, log: Path | None = None) -> None:
    """In the child; what it logs goes into this file, or nowhere."""
    with io.StringIO() if log is None else log.open("a", buffering=1) as stream:
        options = RunOptions(config=config, environ={}, home=config, log=stream, is_once=is_once)
        raise SystemExit(run_on_loop(run_daemon(options)))


class Stem:
    """Where daemons are forked from."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.peers.killed_daemon"])

    @contextmanager
    def daemon(self, config: Path, *, log: Path | None = None, is_killed: bool = True) -> Iterator[None]:
        """A daemon that is killed, as `kill -9` does, at the end of the block; or told to stop."""
        process = self._context.Process(target=run, args=(config,), kwargs={"is_once": False, "log": log})
        process.start()
        try:
            yield
            assert process.exitcode is None, f"the daemon ended by itself with {process.exitcode}"
            if not is_killed:
                process.terminate()
                process.join(60)
                assert process.exitcode == 0
        finally:
            process.kill()
            process.join(10)

    def drain(self, config: Path, seconds: float) -> int:
        """Run until the spool is drained; returns the exit status, that of a kill if it takes longer than this."""
        process = self._context.Process(target=run, args=(config,), kwargs={"is_once": True})
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join(10)
        assert process.exitcode is not None
        return process.exitcode
