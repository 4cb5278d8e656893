"""The commands of README.md and CONTRIBUTING.md, run in a site like the reader's against a server on loopback.

Not run, because they need what a test must not touch: what begins with sudo, an editor, other people's servers, the
login at a provider, and another revision of a repository that is not there.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.daemon.running import RunningDaemon, ScratchSite
from tests.fakes.certificates import certificates
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.test_readme import ROOT, blocks

NOT_HERE: Final = re.compile(r"\bsudo\b|^editor |^openssl |account login|tests\.(peers|bench)")
USERS: Final = {"billing@example.com": "secret"}


def lines() -> list[str]:
    """Every line of the shell blocks that can be run here."""
    every = [line for block in blocks("sh") for line in block.text.splitlines() if line.strip()]
    return [line.removeprefix("exec ") for line in every if NOT_HERE.search(line) is None]


def reader(root: Path, port: int) -> ScratchSite:
    """A site with the account `billing`, a message and an attachment, and the repository's own configurations."""
    site = ScratchSite.make(root)
    site.write_account("billing", port)
    (site.config / "accounts" / "password").chmod(0o600)
    (root / "invoice.eml").write_text("To: ann@customer.example\nSubject: Invoice 7\n\nHere it is.\n")
    (root / "invoice.pdf").write_bytes(b"%PDF-1.7")
    return site


def run(line: str, root: Path) -> tuple[int, str]:
    """Exit status and output of a line, in the reader's shell."""
    programs = Path(sys.executable).parent
    # What asks a domain about itself would leave this machine.
    offline = line.replace("account init billing@gmail.com", "account init other@gmail.com --offline")
    done = subprocess.run(
        ["bash", "-c", offline],
        cwd=root,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, f"{line}\n{done.stdout}"


def test_every_command_does_what_it_is_shown_for(tmp_path: Path) -> None:
    async def scenario() -> None:
        certificate = certificates().good
        async with ScriptedSmtpServer(tls="implicit", certificate=certificate, users=USERS) as server:
            site = reader(tmp_path, server.port)
            async with RunningDaemon(site) as daemon:
                await daemon.started()
                (site.spool / "drop" / "billing").mkdir(exist_ok=True)
                for line in lines():
                    status, told = await asyncio.to_thread(run, line, tmp_path)
                    assert status == 0, told
                dropped = sum("spool/drop" in line or "maild send" in line or "sendmail" in line for line in lines())
                tests = sum("maild test" in line for line in lines())
                await daemon.until(lambda: len(server.transactions) == dropped + tests)

    asyncio.run(scenario())


def test_the_commands_that_people_copy_for_the_service_name_files_that_are_there() -> None:
    text = (ROOT / "README.md").read_text()

    assert shutil.which("bash") is not None
    for path in re.findall(r"(?<![\w/])(?:systemd|configs|schemas)/[\w./-]+", text):
        # What a reader has, and what he makes by following the text.
        if "accounts" not in path:
            assert (ROOT / path.rstrip("./")).exists(), path
