"""`maild-sendmail` behaves as sendmail's callers expect, down to the exit status."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from maild.cli.piped import read_message
from maild.cli.sendmail import arguments_for, sendmail
from maild.cli.sendmail_flags import parse_flags
from maild.cli.sendmail_smtp import speak_smtp
from maild.errors import PermanentError
from maild.mail.address import Mailbox
from maild.mail.report_wish import ReportWish
from maild.spool.layout import Layout, make_folders, prepare
from maild.spool.queue import AccountSender, NullSender
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


@pytest.mark.parametrize("text", ["<shop@shop.example>", "My Shop <shop@shop.example>", " shop@shop.example "])
def test_of_a_sender_with_a_name_the_address_counts(layout: Layout, text: str) -> None:
    send(layout, "-t", "-f", text, stdin=b"To: ann@customer.example\n\nyes\n")

    assert dropped(layout)[1] == Sidecar(sender=Mailbox("shop", "shop.example"))


def test_two_senders_are_none(layout: Layout) -> None:
    send(layout, "-t", "-f", "a@shop.example, b@shop.example", stdin=b"To: ann@customer.example\n\nyes\n")

    assert dropped(layout)[1] == Sidecar(sender=AccountSender())


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
        (["-bd"], b"", (64, "-bd is not something maild-sendmail does")),
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


# ---------------------------------------------------------------------- as its callers call it


@pytest.fixture
def site(layout: Layout, tmp_path: Path) -> Layout:
    """A site that says who gets the mail of this machine's users; its configuration lies beside its spool."""
    (tmp_path / "maild.yaml").write_text("local_mail: admin@example.com\n")
    return layout


ADMIN = Mailbox("admin", "example.com")
CRON = (
    b"From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@host> backup\nAuto-Submitted: auto-generated\n\nfailed\n"
)


@pytest.mark.parametrize(
    ("line", "stdin", "recipients"),
    [
        ("-i -FCronDaemon -B8BITMIME -oem root", CRON, (ADMIN,)),
        ("-FCronDaemon -i -B8BITMIME -oem -oi -t -f root", CRON, ()),
        ("-t", b"To: root\nFrom: root\nSubject: Logwatch for host (Linux)\n\nreport\n", ()),
    ],
    ids=["debian's cron", "cronie", "logwatch"],
)
def test_mail_to_users_of_this_machine_goes_where_the_site_says(
    site: Layout, line: str, stdin: bytes, recipients: tuple[Mailbox, ...]
) -> None:
    assert send(site, "--config", str(site.root.parent), *line.split(), stdin=stdin) == 0

    content, sidecar = dropped(site)
    assert sidecar == Sidecar(recipients=recipients)
    assert b"To: admin@example.com\r\n" in content
    assert b"From:" not in content
    assert content.endswith(stdin.partition(b"\n\n")[2])


@pytest.mark.parametrize(
    ("line", "stdin"),
    [
        ("-t -i", b"To: ann@customer.example\nSubject: PHP\nX-PHP-Originating-Script: 33:mail.php\n\nyes\n"),
        ("-t -i -f shop@shop.example", b"To: ann@customer.example\nFrom: shop@shop.example\n\nyes\n"),
        ("-i ann@customer.example bob@customer.example", b"From: dev@shop.example\nSubject: [PATCH 1/2]\n\n.\ndiff\n"),
        ("-oem -oi -f dev@shop.example -N failure -R hdrs -- ann@customer.example", b"From: dev@shop.example\n\nhi\n"),
        ("-oi -oem -B8BITMIME -- ann@customer.example", b"From: dev@shop.example\n\nhi\n"),
    ],
    ids=["php", "php with -f", "git send-email", "mutt with dsn", "mutt"],
)
def test_programs_that_write_whole_messages_have_them_sent_as_they_are(layout: Layout, line: str, stdin: bytes) -> None:
    assert send(layout, *line.split(), stdin=stdin) == 0

    assert dropped(layout)[0] == stdin


def test_a_user_of_this_machine_is_refused_where_the_site_says_nothing(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    statuses = [send(layout, "root", stdin=CRON), send(layout, "-t", stdin=CRON)]

    assert statuses == [67, 67]
    assert "local_mail: admin@example.com" in capsys.readouterr().err
    assert list(layout.drop.iterdir()) == []


def test_a_notice_is_wished_for_as_everywhere(layout: Layout) -> None:
    send(layout, "-Nnever", "-Rfull", "-Vx7", "ann@customer.example", stdin=b"a: b\n\n")

    assert dropped(layout)[1].wish == ReportWish(notify=frozenset(), is_full=True, envelope_id="x7")


@pytest.mark.parametrize(
    ("name", "arguments"), [("/usr/bin/mailq", ["-bp"]), ("newaliases", ["-bi"]), ("/usr/sbin/sendmail", [])]
)
def test_the_name_it_is_called_by_says_what_it_does(name: str, arguments: list[str]) -> None:
    assert arguments_for([name, "-v"]) == [*arguments, "-v"]


def test_a_queue_run_may_mean_some(layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    statuses = [send(layout, flag) for flag in ("-qRann", "-qSshop", "-qI1", "-q15m", "-q")]

    # There is no queue yet; what matters is that each is understood by `maild queue retry`.
    assert statuses == [75] * 5
    assert capsys.readouterr().err.count("There is no queue") == 5


# ---------------------------------------------------------------------- waiting for the outcome


def test_who_waits_ends_with_the_outcome(layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    status = send(layout, "--wait=5s", "ann@customer.example", stdin=b"a: b\n\n")

    assert status == 75
    assert "No daemon is at work" in capsys.readouterr().err
    assert len(list(layout.drop.glob("*.eml"))) == 1


def test_a_wait_that_cannot_be_is_said_before_anything_is_queued(layout: Layout) -> None:
    layout.receipts.rmdir()

    assert send(layout, "--wait", "ann@customer.example", stdin=b"a: b\n\n") == 75
    assert send(layout, "--wait=soon", "ann@customer.example", stdin=b"a: b\n\n") == 64
    assert list(layout.drop.iterdir()) == []


# ---------------------------------------------------------------------- SMTP on a pipe


def smtp(layout: Layout, *lines: str) -> list[str]:
    out = io.BytesIO()
    flags = parse_flags(["-bs", "--spool", str(layout.root), "--config", str(layout.root.parent)])
    speak_smtp(flags, io.BytesIO("".join(f"{line}\r\n" for line in lines).encode()), out)
    return out.getvalue().decode().split("\r\n")[:-1]


def test_a_message_by_smtp_is_queued_before_it_is_answered(layout: Layout) -> None:
    replies = smtp(
        layout,
        *("EHLO x", "MAIL FROM:<shop@shop.example>", "RCPT TO:<ann@customer.example>", "DATA"),
        *("From: shop@shop.example", "", "..", ".", "QUIT"),
    )

    content, sidecar = dropped(layout)
    assert content == b"From: shop@shop.example\r\n\r\n.\r\n"
    assert sidecar == Sidecar(sender=Mailbox("shop", "shop.example"), recipients=(ANN,))
    assert replies[0].endswith(" ESMTP maild")
    assert replies[-2].startswith("250 2.0.0 Queued as maild-")


def test_smtp_refuses_what_cannot_be_sent(layout: Layout) -> None:
    replies = smtp(
        layout,
        "MAIL FROM:<>",
        "RCPT TO:<root>",
        "RCPT TO:<a b@c>",
        "RCPT TO:<ann@customer.example>",
        "DATA",
        "no header",
        ".",
    )

    assert [reply[:9] for reply in replies[2:4]] == ["550 5.1.1", "550 5.1.1"]
    assert replies[-1].startswith("554 5.6.0 ")
    assert list(layout.drop.iterdir()) == []


def test_smtp_says_later_where_there_is_no_spool(layout: Layout) -> None:
    layout.drop.rmdir()

    replies = smtp(layout, "MAIL FROM:<>", "RCPT TO:<ann@customer.example>", "DATA", "a: b", "", ".")

    assert replies[-1].startswith("451 4.3.0 there is no spool at ")


def test_smtp_knows_who_gets_the_mail_of_this_machine(site: Layout) -> None:
    replies = smtp(site, "MAIL FROM:<a b@c>", "MAIL FROM:<root>", "RCPT TO:<root>", "DATA", "a: b", "", ".")

    assert dropped(site)[1] == Sidecar(recipients=(ADMIN,))
    assert replies[1].startswith("553 5.1.7 ")
