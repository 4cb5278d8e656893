"""`maild-sendmail` behaves as sendmail's callers expect, down to the exit status."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from maild.cli.sendmail import read_message, sendmail
from maild.errors import PermanentError
from maild.mail.address import Mailbox
from maild.spool.layout import Layout, make_folders, prepare
from maild.spool.queue import NullSender
from maild.spool.sidecar import Sidecar, parse_sidecar

ANN = Mailbox("ann", "customer.example")
BOB = Mailbox("bob", "customer.example")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    return layout


def send(layout: Layout, *arguments: str, stdin: bytes = b"") -> int:
    return sendmail(["--spool", str(layout.root), *arguments], io.BytesIO(stdin))


def dropped(layout: Layout) -> tuple[bytes, Sidecar]:
    """The one drop and what its envelope file says."""
    (drop,) = layout.drop.glob("*.eml")
    sidecars = [parse_sidecar(file.read_bytes()) for file in layout.drop.glob("*.env.json")]
    return drop.read_bytes(), sidecars[0] if sidecars else Sidecar()


def test_recipients_are_those_of_the_command_line(layout: Layout) -> None:
    message = b"To: somebody@else.example\n\nyes\n"

    assert send(layout, "-i", "ann@customer.example", "bob@customer.example", stdin=message) == 0

    assert dropped(layout) == (message, Sidecar(recipients=(ANN, BOB)))


def test_with_t_the_header_says_whom_it_is_for(layout: Layout) -> None:
    message = b"To: ann@customer.example\nBcc: bob@customer.example\n\nyes\n"

    assert send(layout, "-t", stdin=message) == 0

    assert dropped(layout) == (message, Sidecar())


def test_with_t_recipients_of_the_command_line_come_on_top(layout: Layout) -> None:
    send(layout, "-t", "bob@customer.example", stdin=b"To: ann@customer.example\n\nyes\n")

    assert dropped(layout)[1] == Sidecar(recipients=(BOB, ANN))


def test_a_sender_becomes_the_reverse_path_and_a_missing_from(layout: Layout) -> None:
    send(layout, "-t", "-f", "shop@shop.example", "-F", "My Shop", stdin=b"To: ann@customer.example\n\nyes\n")

    content, sidecar = dropped(layout)
    assert content == b"From: My Shop <shop@shop.example>\r\nTo: ann@customer.example\n\nyes\n"
    assert sidecar == Sidecar(sender=Mailbox("shop", "shop.example"))


def test_the_null_sender_is_kept(layout: Layout) -> None:
    send(layout, "-t", "-f", "<>", stdin=b"To: ann@customer.example\n\nyes\n")

    assert dropped(layout)[1] == Sidecar(sender=NullSender())


def test_cron_without_a_domain_sends_as_the_account(layout: Layout) -> None:
    message = b'From: "(Cron Daemon)" <root@host.example>\nTo: ann@customer.example\n\nyes\n'

    send(layout, "-FCronDaemon", "-i", "-B8BITMIME", "-oem", "-froot", "ann@customer.example", stdin=message)

    assert dropped(layout) == (message, Sidecar(recipients=(ANN,)))


def test_a_text_without_any_header_gets_one(layout: Layout) -> None:
    send(layout, "ann@customer.example", stdin=b"the backup is done\n")

    assert dropped(layout)[0] == b"To: ann@customer.example\r\n\r\nthe backup is done\n"


def test_a_lone_dot_ends_the_message_unless_i_is_given(layout: Layout) -> None:
    message = b"To: ann@customer.example\n\none\n.\ntwo\n"

    send(layout, "-t", stdin=message)

    assert dropped(layout)[0] == b"To: ann@customer.example\n\none\n"


@pytest.mark.parametrize(
    ("arguments", "stdin", "expected"),
    [
        ([], b"x", (64, "Nobody is named to receive it")),
        (["-bs"], b"", (64, "-bs is not something maild-sendmail does")),
        (["root"], b"x", (67, "root is no full mail address")),
        (["-t"], b"Subject: x\n\ny\n", (65, "nobody is named to receive it")),
        (["-t"], b"To: ann@customer.example\n\n\0\n", (65, "contains a NUL octet")),
        (["--spool", "nowhere", "ann@customer.example"], b"x", (75, "there is no spool at nowhere")),
        (["--require-daemon", "ann@customer.example"], b"x", (75, "No daemon is at work on")),
        (["-bi"], b"", (0, "")),
    ],
)
def test_the_exit_status_is_of_sysexits(
    layout: Layout, capsys: pytest.CaptureFixture[str], arguments: list[str], stdin: bytes, expected: tuple[int, str]
) -> None:
    status, words = expected

    assert send(layout, *arguments, stdin=stdin) == status
    assert words in capsys.readouterr().err


def test_a_daemon_that_is_required_and_there_is_fine(layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    with prepare(layout):
        assert send(layout, "--require-daemon", "-v", "ann@customer.example", stdin=b"x") == 0

    assert capsys.readouterr().err.startswith("queued as maild-")


def test_the_installed_command_reads_its_standard_input(layout: Layout) -> None:
    command = [str(Path(sys.executable).parent / "maild-sendmail"), "--spool", str(layout.root), "-t"]

    done = subprocess.run(command, input=b"To: ann@customer.example\n\nyes\n", capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert dropped(layout)[0] == b"To: ann@customer.example\n\nyes\n"


def test_a_full_disk_is_a_matter_of_trying_again(layout: Layout) -> None:
    layout.drop.rename(layout.root / "gone")
    layout.drop.write_bytes(b"in the way")

    assert send(layout, "ann@customer.example", stdin=b"x") == 75


def test_input_without_end_is_not_read_for_ever() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    with pytest.raises(PermanentError, match="larger than 64 KiB"):
        read_message(io.BufferedReader(Endless()), dot_ends=True, limit=65536)
