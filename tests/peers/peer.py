"""A mail server of somebody else's that runs on loopback and keeps what it takes; how maild is set at one, and judged.

`deliver` drops every message, has the real program drain the spool, and compares what is stored with what was dropped,
byte for byte. Before what was dropped a server may only have put trace fields of its own.
"""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from maild.spool.drop.write import write_drop
from maild.spool.layout import Layout, make_folders
from tests.peers.shapes import Shape, number_of

USER: Final = "billing@shop.example"
PASSWORD: Final = "right=, {}\N{SNOWMAN} one"
"""Without a colon, which ends it in a file of passwords."""

_TRACE: Final = re.compile(
    rb"(?:(?:Received|Return-Path|Delivered-To|X-Original-To|Envelope-To):[^\n]*\n(?:[ \t][^\n]*\n)*)*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A running server.

    Attributes:
        tls: how TLS begins on this port.
        ca_file: what its certificate comes from.
        stored: every message that it took so far.
        said: what it logged.
        auth: the mechanism to log in by with `USER` and `PASSWORD`; None: it wants no login.
        longest_line: the longest that it takes.
    """

    port: int
    tls: Literal["implicit", "starttls", "none"]
    ca_file: Path
    stored: Callable[[], Sequence[bytes]]
    said: Callable[[], str]
    auth: str | None = None
    longest_line: int = sys.maxsize

    def account(self) -> str:
        """The account's file."""
        tls = {"mode": self.tls} if self.tls == "none" else {"mode": self.tls, "ca_file": str(self.ca_file)}
        smtp = {"host": "localhost", "port": self.port, "tls": tls, "auth": self.auth or "none"}
        login = {"username": USER, "password": {"file": "password"}} if self.auth else {"email": USER}
        return json.dumps({"protocol": "smtp", "smtp": smtp, "limits": {"connections": 2}, **login})

    def stored_once_there(self, count: int, *, seconds: float = 30) -> Sequence[bytes]:
        """What it stored, once there is so much; a server that queues takes a moment."""
        deadline = time.monotonic() + seconds
        while len(found := self.stored()) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} messages after {seconds:.0f} s:\n{self.said()}")
            time.sleep(0.05)
        return found


def deliver(peer: Peer, folder: Path, shapes: Sequence[Shape], *, also: bytes) -> dict[str, str]:
    """Send these and see that all arrive once and unchanged, those with a line that is too long excepted.

    Returns:
        What the receipt of the drop `also`, which is no message, says.
    """
    layout, config = _site(peer, folder)
    names = {write_drop(layout, shape.dropped): shape for shape in shapes}
    rejected = write_drop(layout, also)
    _drain(peer, config)

    fits = {shape.number: shape for shape in shapes if shape.longest_line <= peer.longest_line}
    stored = [(number, one) for one in peer.stored_once_there(len(fits)) if (number := number_of(one)) is not None]
    counted, expected = Counter(number for number, _ in stored), Counter(fits.keys())
    assert (counted - expected, expected - counted) == ({}, {}), (counted - expected, expected - counted, peer.said())
    for number, message in stored:
        _compare(message, fits[number])
    states = {names[name].number: str(_receipt(layout, name)["state"]) for name in names}
    assert states == {shape.number: "sent" if shape.number in fits else "failed" for shape in shapes}
    return _receipt(layout, rejected)


def _site(peer: Peer, folder: Path) -> tuple[Layout, Path]:
    config = folder / "configs"
    (config / "accounts").mkdir(parents=True)
    (config / "accounts" / "billing.yaml").write_text(peer.account())
    (config / "accounts" / "password").write_text(f"{PASSWORD}\n")
    (config / "accounts" / "password").chmod(0o600)
    (config / "maild.yaml").write_text("spool: {path: ../spool}\nweb: {listen: []}\n")
    layout = Layout(folder / "spool")
    make_folders(layout)
    return layout, config


def _drain(peer: Peer, config: Path) -> None:
    command = [sys.executable, "-m", "maild", "run", "--once", "--config", str(config)]
    try:
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    except subprocess.TimeoutExpired as late:
        raise AssertionError(f"{(late.stderr or b'').decode()[-5000:]}\n{peer.said()}") from None
    assert done.returncode in {0, 1}, f"{done.stderr[-5000:]}\n{peer.said()}"


def _receipt(layout: Layout, name: str) -> dict[str, str]:
    found = json.loads((layout.receipts / f"{name}.json").read_text())
    assert isinstance(found, dict)
    return found


def _compare(stored: bytes, shape: Shape) -> None:
    """Files have LF line ends, whatever the wire had."""
    found, expected = stored.replace(b"\r\n", b"\n"), shape.wire.replace(b"\r\n", b"\n")
    trace = _TRACE.match(found)
    assert trace is not None
    rest = found[trace.end() :]
    if rest != expected:
        # pytest would take minutes over the difference of a large message.
        at = next((at for at, (one, two) in enumerate(zip(rest, expected, strict=False)) if one != two), -1)
        where = slice(max(0, at - 60), at + 60)
        raise AssertionError(f"message {shape.number} differs at {at}: {rest[where]!r} is not {expected[where]!r}")
