"""A real NSD with zones of our own, and a real unbound before it that checks signatures, on loopback.

`good.test` is signed, `bogus.test` is signed and then broken, `plain.test` and `test` above them are not signed. Needs
the Debian packages nsd, unbound and ldnsutils; their services need not run. Where one is missing, tests that ask for it
are skipped.
"""

import base64
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import dns.exception
import dns.message
import dns.query
import pytest

START_S: Final = 15.0

_HEAD: Final = """\
$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 30
@ NS ns
ns A 127.0.0.1
"""

_NSD: Final = """\
server:
  ip-address: 127.0.0.1@{port}
  zonesdir: "{folder}"
  pidfile: ""
  xfrdfile: ""
  zonelistfile: "{folder}/zones.list"
  username: ""
  chroot: ""
  database: ""
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""

_UNBOUND: Final = """\
server:
  interface: 127.0.0.1
  port: {port}
  directory: "{folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  do-ip6: no
  num-threads: 1
  module-config: "{modules}"
  do-not-query-localhost: no
  local-zone: "test." nodefault
  domain-insecure: "plain.test"
  ede: yes
{anchors}
remote-control:
  control-enable: no
{stubs}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServers:
    """Addresses as `dns.resolvers` takes them: a resolver that checks signatures, one that does not, and NSD itself."""

    validating: str
    trusting: str
    authoritative: str


@contextmanager
def running_name_servers(folder: Path, zones: Mapping[str, str]) -> Iterator[NameServers]:
    """Until the end of the block; `zones` has the records besides SOA and NS, by the zone's name."""
    for program in ("nsd", "unbound", "ldns-keygen", "ldns-signzone"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    anchors = [anchor for zone, text in zones.items() if (anchor := _write_zone(folder, zone, text)) is not None]
    nsd, validating, trusting = (_free_port() for _ in range(3))
    blocks = "".join(f"zone:\n  name: {zone}\n  zonefile: {zone}\n" for zone in zones)
    (folder / "nsd.conf").write_text(_NSD.format(port=nsd, folder=folder) + blocks)
    stubs = "".join(f"stub-zone:\n  name: {zone}\n  stub-addr: 127.0.0.1@{nsd}\n" for zone in zones)
    running = [_start(folder, "nsd", "nsd.conf")]
    for port, modules in ((validating, "validator iterator"), (trusting, "iterator")):
        texts = "".join(f'  trust-anchor-file: "{anchor}"\n' for anchor in anchors)
        text = _UNBOUND.format(port=port, folder=folder, modules=modules, anchors=texts, stubs=stubs)
        (folder / f"unbound-{port}.conf").write_text(text)
        running.append(_start(folder, "unbound", f"unbound-{port}.conf"))
    try:
        for port in (nsd, validating, trusting):
            _wait_for(port, next(iter(zones)), folder)
        yield NameServers(
            validating=f"127.0.0.1:{validating}", trusting=f"127.0.0.1:{trusting}", authoritative=f"127.0.0.1:{nsd}"
        )
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(START_S)


def _write_zone(folder: Path, zone: str, text: str) -> Path | None:
    """The zone's file; the trust anchor of a zone that is signed."""
    file = folder / zone
    file.write_text(f"$ORIGIN {zone}.\n{_HEAD}{text}\n")
    if zone == "test" or zone.startswith("plain"):
        return None
    made = subprocess.run(
        ["ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone], cwd=folder, check=True, capture_output=True, text=True
    )
    key = made.stdout.strip()
    subprocess.run(["ldns-signzone", "-f", f"{zone}.signed", zone, key], cwd=folder, check=True, capture_output=True)
    signed = (folder / f"{zone}.signed").read_text()
    file.write_text(_break(signed) if zone.startswith("bogus") else signed)
    return folder / f"{key}.ds"


def _break(signed: str) -> str:
    """Every signature with one bit turned."""

    def turn(found: re.Match[str]) -> str:
        signature = bytearray(base64.b64decode(found[2]))
        signature[10] ^= 1
        return found[1] + base64.b64encode(signature).decode()

    return re.sub(r"(\sRRSIG\s.*\s)(\S{86}==)", turn, signed)


def _start(folder: Path, program: str, settings: str) -> "subprocess.Popen[bytes]":
    log = (folder / f"{settings}.log").open("wb")
    with log:
        return subprocess.Popen([program, "-d", "-c", str(folder / settings)], cwd=folder, stdout=log, stderr=log)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _wait_for(port: int, zone: str, folder: Path) -> None:
    question = dns.message.make_query(zone, "SOA")
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            dns.query.udp(question, "127.0.0.1", timeout=0.2, port=port)
        except (OSError, dns.exception.DNSException):
            time.sleep(0.02)
        else:
            return
    logs = "\n".join(file.read_text("utf-8", "replace") for file in folder.glob("*.log"))
    raise AssertionError(f"no name server on port {port}:\n{logs}")
