import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.daemon.notify import MAX_STATUS_CHARS, Notifier
from tests.rows import each_row


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        # An empty abstract name lets the kernel choose one that is free.
        receiver.bind(str(tmp_path / "notify") if request.param == "path" else "")
        receiver.settimeout(5)
        yield receiver


def address_of(manager: socket.socket) -> str:
    name = manager.getsockname()
    return f"@{name[1:].decode()}" if isinstance(name, bytes) else str(name)


def test_the_service_manager_hears_every_state(manager: socket.socket) -> None:
    notifier = Notifier(address_of(manager))

    notifier.ready("2 accounts")
    notifier.status("3 messages wait")
    notifier.watchdog()
    notifier.stopping("SIGTERM")

    heard = [manager.recv(4096).decode() for _ in range(4)]
    assert heard == [
        "READY=1\nSTATUS=2 accounts",
        "STATUS=3 messages wait",
        "WATCHDOG=1",
        "STOPPING=1\nSTATUS=SIGTERM",
    ]


def test_a_reload_carries_the_monotonic_time(manager: socket.socket) -> None:
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000

    Notifier(address_of(manager)).reloading()

    first, second = manager.recv(4096).decode().split("\n")
    assert first == "RELOADING=1"
    name, _, microseconds = second.partition("=")
    assert name == "MONOTONIC_USEC"
    assert before <= int(microseconds) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def test_a_status_cannot_smuggle_in_a_second_message(manager: socket.socket) -> None:
    Notifier(address_of(manager)).status("a\nREADY=1\n" + "x" * 500)

    assert manager.recv(4096).decode() == f"STATUS=a READY=1 {'x' * (MAX_STATUS_CHARS - 10)}"


@each_row("address", [None, "", "relative/path", "/nowhere/notify"])
def test_without_a_service_manager_nothing_happens(address: str | None) -> None:
    Notifier(address).ready("fine")


def test_a_service_manager_that_does_not_read_stops_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        notifier = Notifier(str(tmp_path / "deaf"))

        for _ in range(2000):
            notifier.watchdog()


@each_row(
    ("environ", "watchdog_s"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdogs_time_comes_from_the_environment(environ: dict[str, str], watchdog_s: float | None) -> None:
    assert Notifier.of(environ, pid=7).watchdog_s == watchdog_s
