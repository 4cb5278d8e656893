"""Our probe and tools of others, asked about one server: posttls-finger, swaks, blackbox_exporter.

Where they can tell, they must agree with us; where they cannot (a name for a certificate's defect in swaks, its end in
blackbox_exporter when it was not accepted), ours says more. All are run once for each server of the table.
"""

import asyncio
import contextlib
import re
import shutil
import socket
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from maild.config.model import TlsMode
from maild.probe.result import CheckResult, CheckVerdict
from maild.probe.smtp import check
from tests.fakes.certificates import ServerCertificate, certificates
from tests.fakes.probe_subject import smtp_account, subject
from tests.fakes.smtp_server import ScriptedSmtpServer

USERS = {"billing@shop.example": "right"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LIMIT_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the others said: posttls-finger's word about the certificate, swaks' exit status, blackbox's success."""

    finger: str
    swaks: int
    blackbox: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """A server, what we make of it (the verdict, and the code and the certificate's defect), and what others make."""

    name: str
    certificate: ServerCertificate
    verdict: CheckVerdict
    code: str
    problem: str | None
    others: Seen
    password: str = "right"


FAIL, PASS = CheckVerdict.FAIL, CheckVerdict.PASS
STALE = Seen(finger="certificate has expired", swaks=29, blackbox=0)
CASES = [
    Case(
        name="good",
        certificate=certificates().good,
        verdict=PASS,
        code="",
        problem=None,
        others=Seen(finger="Verified", swaks=0, blackbox=1),
    ),
    Case(
        name="expired",
        certificate=certificates().expired,
        verdict=FAIL,
        code="ML725",
        problem="expired",
        others=STALE,
    ),
    Case(
        name="self-signed",
        certificate=certificates().self_signed,
        verdict=FAIL,
        code="ML725",
        problem="self_signed",
        others=Seen(finger="self-signed certificate", swaks=29, blackbox=0),
    ),
    Case(
        name="unknown authority",
        certificate=certificates().untrusted_root,
        verdict=FAIL,
        code="ML725",
        problem="untrusted_root",
        others=Seen(finger="untrusted issuer", swaks=29, blackbox=0),
    ),
    Case(
        name="another host's",
        certificate=certificates().wrong_host,
        verdict=FAIL,
        code="ML725",
        problem="name_mismatch",
        # swaks 20201014 verifies the chain and not the name.
        others=Seen(finger="hostname mismatch", swaks=0, blackbox=0),
    ),
    Case(
        name="wrong password",
        certificate=certificates().good,
        verdict=FAIL,
        code="ML726",
        problem=None,
        others=Seen(finger="Verified", swaks=28, blackbox=1),
        password="wrong",
    ),
]


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


async def run(*argv: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(LIMIT_S):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode("utf-8", "replace")


async def finger(port: int) -> str:
    """The word for the certificate's standing, or its defect."""
    options = ("-c", "-l", "secure", "-F", str(certificates().ca_file), "-L", "summary,certmatch,verbose")
    _, text = await run(program("posttls-finger"), *options, f"[127.0.0.1]:{port}", "localhost")
    return text


def digest_in(words: str, name: str) -> str:
    """A fingerprint as posttls-finger prints it."""
    found = re.search(rf"\b{name}=([0-9A-F:]+)", words)
    assert found is not None, words
    return found[1].replace(":", "").lower()


async def swaks(port: int, password: str) -> int:
    options = ("--server", "localhost", "--port", str(port), "--quit-after", "AUTH", "--timeout", "10")
    login = ("--auth", "PLAIN", "--auth-user", "billing@shop.example", "--auth-password", password)
    tls = ("--tls", "--tls-verify", "--tls-ca-path", str(certificates().ca_file))
    status, text = await run(program("swaks"), *options, *login, *tls, "--to", "billing@shop.example")
    assert status != 10, text
    return status


MODULE = """\
modules:
  smtp:
    prober: tcp
    timeout: 5s
    tcp:
      preferred_ip_protocol: ip4
      query_response:
        - expect: "^220 "
        - send: "EHLO prober"
        - expect: "^250[ -]STARTTLS"
        - send: "STARTTLS"
        - expect: "^220"
        - starttls: true
        - send: "EHLO prober"
        - expect: "^250[ -]"
        - send: "QUIT"
      tls_config: {{ca_file: {ca_file}, server_name: localhost}}
"""


@contextlib.asynccontextmanager
async def blackbox(folder: Path) -> AsyncIterator[int]:
    """The exporter; gives its port."""
    (folder / "blackbox.yml").write_text(MODULE.format(ca_file=certificates().ca_file))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = (f"--config.file={folder / 'blackbox.yml'}", f"--web.listen-address=127.0.0.1:{port}")
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        program("prometheus-blackbox-exporter"), *options, stdout=quiet, stderr=quiet
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            while not await _listens(port):  # noqa: ASYNC110 -- a program of its own, which tells nobody
                await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def blackbox_success(exporter: int, port: int) -> int:
    url = f"http://127.0.0.1:{exporter}/probe?module=smtp&target=localhost:{port}"

    def fetch() -> str:
        with urllib.request.urlopen(url, timeout=LIMIT_S) as answer:
            data: bytes = answer.read()
        return data.decode()

    text = await asyncio.to_thread(fetch)
    found = re.search(r"^probe_success (\d)", text, re.MULTILINE)
    assert found is not None
    return int(found[1])


async def ours(server: ScriptedSmtpServer, folder: Path, password: str) -> CheckResult:
    (folder / "password").write_text(password)
    return await check(subject(smtp_account(server, mode=TlsMode.STARTTLS), folder))


def test_others_say_what_we_say(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with blackbox(tmp_path) as exporter:
            for case in CASES:
                folder = tmp_path / case.name.replace(" ", "-")
                folder.mkdir()
                # Keywords after STARTTLS: the exporter waits for a line end that the last one has not.
                async with ScriptedSmtpServer(tls="starttls", certificate=case.certificate, users=USERS) as server:
                    await compare(case, server, exporter, folder)

    asyncio.run(scenario())


async def compare(case: Case, server: ScriptedSmtpServer, exporter: int, folder: Path) -> None:
    result = await ours(server, folder, case.password)
    found = [one.code for one in result.diagnostics]
    problem = None if result.certificate is None else result.certificate.problem
    assert (case.name, result.verdict, "".join(found), problem) == (case.name, case.verdict, case.code, case.problem)

    words = await finger(server.port)
    if result.certificate is not None:
        assert result.certificate.sha256 == digest_in(words, "fingerprint")
    if result.offer is not None and result.offer.key:
        assert result.offer.key == digest_in(words, "pkey_fingerprint")
    seen = Seen(
        finger=case.others.finger if case.others.finger in words else words,
        swaks=await swaks(server.port, case.password),
        blackbox=await blackbox_success(exporter, server.port),
    )
    assert (case.name, seen) == (case.name, case.others)
