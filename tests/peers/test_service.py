"""The daemon under the restrictions of its unit, and with the sockets and words of a service manager."""

import asyncio
import os
import shutil
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.spool.drop.write import write_drop
from maild.spool.layout import Layout, make_folders
from tests.daemon.running import RunningDaemon, ScratchSite
from tests.fakes.certificates import certificates
from tests.fakes.smtp_server import ScriptedSmtpServer

UNIT = Path(__file__).parent.parent.parent / "systemd" / "maild.service"
USERS = {"billing@example.com": "secret"}

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can take rights away like systemd")


def sink() -> ScriptedSmtpServer:
    return ScriptedSmtpServer(tls="implicit", certificate=certificates().good, users=USERS)


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder outside of /tmp, as the spool is one."""
    with tempfile.TemporaryDirectory(prefix="maild-", dir="/var/lib") as folder:
        yield Path(folder)


@pytest.fixture
def words(root: Path) -> Iterator[socket.socket]:
    """Where the service manager hears how the daemon is doing."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as heard:
        heard.bind(str(root / "notify"))
        yield heard


def said(words: socket.socket) -> list[str]:
    lines = []
    try:
        while True:
            lines += words.recv(4096).decode().split("\n")
    except BlockingIOError:
        return lines


def limits_of(pid: int) -> set[str]:
    """What the kernel says of a process, a line each."""
    return set(Path(f"/proc/{pid}/status").read_text().splitlines())


@needs_systemd
@needs_root
def test_everything_works_under_the_restrictions_of_the_unit(root: Path, words: socket.socket) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(
            root, 'web: {listen: "127.0.0.1:0"}\ndns: {resolvers: ["127.0.0.1:1"]}\nlog: {format: json}\n'
        )
        state, credentials = root / "state", root / "credentials"
        state.mkdir()
        credentials.mkdir()
        (credentials / "billing").write_text("secret\n")
        async with sink() as server:
            site.write_account("billing", server.port)
            billing = site.config / "accounts" / "billing.yaml"
            by_file = billing.read_text()
            billing.write_text(by_file.replace("{file: password}", "{credential: billing}"))
            (site.config / "accounts" / "shop.yaml").write_text(
                by_file.replace("{file: password}", "{command: [cat, password]}")
            )
            environ = {
                "STATE_DIRECTORY": str(state),
                "CREDENTIALS_DIRECTORY": str(credentials),
                "NOTIFY_SOCKET": str(root / "notify"),
                "WATCHDOG_USEC": "2000000",
            }
            launcher = [sys.executable, "-m", "tests.peers.restrictions", str(UNIT), str(state), "--"]
            async with RunningDaemon(site, environ=environ, launcher=launcher) as daemon:
                await daemon.started()
                kernel = limits_of(daemon.process.pid)
                assert {"NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t" + "0" * 16, "CapBnd:\t" + "0" * 16} <= kernel

                spool = state / "spool"
                for account in ("billing", "shop"):
                    folder = spool / "drop" / account
                    folder.mkdir()
                    # Larger than what the database keeps itself.
                    (folder / "a.eml").write_text(
                        "To: bob@example.org\nSubject: a\n\n" + f"{account} {'x' * 70}\n" * 20_000
                    )
                await daemon.until(lambda: len(server.transactions) == 2)
                assert sorted({len(sent.data) > 1_000_000 for sent in server.transactions}) == [True]

                billing.write_text("protocol: smpt\n")
                await daemon.until(lambda: daemon.events("file_rejected"))
                daemon.send_signal(signal.SIGHUP)
                await daemon.until(lambda: "RELOADING=1" in hear())
                assert "maild_config_last_reload_successful 0.0\n" in await daemon.get("/metrics")

                daemon.send_signal(signal.SIGTERM)
                assert await daemon.ended() == 0
        assert {"READY=1", "WATCHDOG=1", "STOPPING=1"} <= hear()

    heard: set[str] = set()

    def hear() -> set[str]:
        heard.update(said(words))
        return heard

    asyncio.run(scenario())


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="systemd is not installed")
def test_a_socket_of_the_service_manager_is_served(root: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(root)
        site.write_account("billing", 1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        launcher = ["systemd-socket-activate", f"--listen=127.0.0.1:{port}"]
        async with RunningDaemon(site, launcher=launcher) as daemon:
            # The first one who asks has it started, and is answered by it.
            await daemon.until(lambda: "Listening on" in daemon.log)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
            writer.close()

            assert await daemon.started() == f"127.0.0.1:{port}"
            daemon.send_signal(signal.SIGTERM)
            assert await daemon.ended() == 0

    asyncio.run(scenario())


@needs_root
def test_a_member_of_the_group_drops_and_cannot_see_or_touch_what_others_dropped(root: Path) -> None:
    stranger, group = 65534, 65533
    layout = Layout(root / "spool")
    make_folders(layout)
    for folder in (root, layout.root, layout.drop):
        os.chown(folder, 0, group)
    root.chmod(0o750)
    layout.drop.chmod(0o3730)
    (layout.drop / "a.eml").write_text("another's")

    def in_group() -> None:
        name = write_drop(layout, b"To: bob@example.org\n\nhello\n")
        assert write_drop(layout, b"To: bob@example.org\n\nhello\n", account="billing").startswith("billing/")
        assert (layout.drop / name).stat().st_gid == group
        for touch in (
            lambda: list(layout.drop.iterdir()),
            (layout.drop / "a.eml").unlink,
            lambda: (layout.drop / "a.eml").rename(layout.drop / "b.eml"),
        ):
            with pytest.raises(PermissionError):
                touch()

    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setresgid(group, group, group)
            os.setresuid(stranger, stranger, stranger)
            in_group()
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (layout.drop / "a.eml").read_text() == "another's"
    assert stat.S_IMODE((layout.drop / "billing").stat().st_mode) == 0o2770
