"""`maild send` drops exactly what was asked for and says where the receipt will be."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.send import send
from maild.errors import UsageError
from maild.mail.address import Mailbox
from maild.mail.message import MessageError, split_message
from maild.mail.priority import Priority
from maild.mail.report_wish import Notify, ReportWish
from maild.spool.layout import Layout, make_folders, prepare
from maild.spool.queue import NullSender
from maild.spool.sidecar import Sidecar, parse_sidecar

MESSAGE = b"To: ann@customer.example\nSubject: hello\n\nyes\n"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    accounts = tmp_path / "configs" / "accounts"
    accounts.mkdir(parents=True)
    (accounts / "office.yaml").touch()
    return layout


def call(layout: Layout, *arguments: str, stdin: bytes = b"") -> Result:
    config = str(layout.root.parent / "configs")
    return CliRunner().invoke(send, [*arguments, "--spool", str(layout.root), "--config", config], input=stdin)


def dropped(layout: Layout) -> tuple[Path, ...]:
    return tuple(sorted(layout.drop.rglob("*.eml")))


def test_standard_input_is_dropped_as_it_is(layout: Layout) -> None:
    result = call(layout, stdin=MESSAGE)

    (drop,) = dropped(layout)
    assert drop.read_bytes() == MESSAGE
    assert result.exit_code == 0
    assert result.stdout == f"queued as {drop.name}\nreceipt   {layout.receipt(drop.name)}\n"
    assert result.stderr == (f"No daemon is at work on {layout.root}: it waits there until `maild run` is started.\n")


def test_with_a_daemon_at_work_nothing_is_said_of_it(layout: Layout) -> None:
    with prepare(layout):
        assert call(layout, stdin=MESSAGE).stderr == ""


def test_a_file_goes_to_the_account_s_folder(layout: Layout, tmp_path: Path) -> None:
    file = tmp_path / "mail.eml"
    file.write_bytes(MESSAGE)

    result = call(layout, str(file), "--account", "office", "--json")

    (drop,) = dropped(layout)
    assert drop.parent == layout.drop / "office"
    assert json.loads(result.stdout) == {
        "drop": f"office/{drop.name}",
        "receipt": str(layout.receipt(f"office/{drop.name}")),
        "daemon": False,
    }


def test_a_message_is_composed(layout: Layout, tmp_path: Path) -> None:
    statement = tmp_path / "statement.csv"
    statement.write_text("a,b\n")

    call(
        layout,
        *("--to", "Ann <ann@customer.example>, bob@customer.example", "--to", "cid@customer.example"),
        *("--from", "Shop <shop@shop.example>", "--subject", "March", "--attach", str(statement)),
        stdin=b"Here it is.\n",
    )

    (drop,) = dropped(layout)
    content = drop.read_bytes()
    header = split_message(content).header
    assert header.text("To") == "Ann <ann@customer.example>, bob@customer.example, cid@customer.example"
    assert header.text("From") == "Shop <shop@shop.example>"
    assert b"Here it is." in content
    assert b'filename="statement.csv"' in content


def test_an_envelope_sender_goes_into_the_sidecar(layout: Layout) -> None:
    call(layout, "--sender", "", stdin=MESSAGE)

    (sidecar,) = layout.drop.glob("*.env.json")
    assert parse_sidecar(sidecar.read_bytes()) == Sidecar(sender=NullSender())


def test_an_address_as_sender_too(layout: Layout) -> None:
    call(layout, "--sender", "bounces@shop.example", stdin=MESSAGE)

    (sidecar,) = layout.drop.glob("*.env.json")
    assert parse_sidecar(sidecar.read_bytes()) == Sidecar(sender=Mailbox("bounces", "shop.example"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--subject", "x"], "none of them was given"),
        (["--to", "no address"], "Invalid value for '--to'"),
        (["--sender", "nobody"], "--sender nobody: there is no"),
        (["--to", "a@b.example", "--from", "a@b.example, c@d.example"], "--from takes one address"),
    ],
)
def test_wrong_usage_is_said_and_nothing_is_dropped(layout: Layout, arguments: list[str], words: str) -> None:
    result = call(layout, *arguments, stdin=MESSAGE)

    assert result.exit_code == 2
    assert words in result.stderr
    assert dropped(layout) == ()


def test_a_message_for_nobody_is_refused_at_once(layout: Layout) -> None:
    result = call(layout, stdin=b"Subject: x\n\ny\n")

    assert isinstance(result.exception, MessageError)
    assert dropped(layout) == ()


def test_an_account_without_a_file_is_refused_with_those_that_have_one(layout: Layout) -> None:
    result = call(layout, "--account", "ofice", stdin=MESSAGE)

    assert isinstance(result.exception, UsageError)
    assert str(result.exception).endswith("there are: office.")


def test_options_say_what_an_envelope_file_says(layout: Layout) -> None:
    options = ("--not-before=2026-03-01T08:00+01:00", "--lifetime=2h", "--key=invoice-7", "--notify=success,failure")

    result = call(layout, *options, "--priority=urgent", stdin=MESSAGE)

    (sidecar,) = layout.drop.glob("*.env.json")
    assert result.exit_code == 0
    assert parse_sidecar(sidecar.read_bytes()) == Sidecar(
        not_before=datetime(2026, 3, 1, 7, 0, tzinfo=UTC),
        lifetime=timedelta(hours=2),
        priority=Priority.URGENT,
        idempotency_key="invoice-7",
        wish=ReportWish(notify=frozenset({Notify.SUCCESS, Notify.FAILURE})),
    )


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--lifetime=soon", "the lifetime is no duration from 1s to 365d"),
        ("--key=", "the idempotency_key is no text of 1 to 200"),
        ("--notify=always", "'always' is no occasion of a report"),
        ("--not-before=2026-03-01T08:00", "does not match the format"),
    ],
)
def test_an_option_that_means_nothing_is_a_wrong_call(layout: Layout, option: str, words: str) -> None:
    result = call(layout, option, stdin=MESSAGE)

    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert dropped(layout) == ()


def test_who_waits_is_told_the_outcome_and_its_status(layout: Layout) -> None:
    plain = CliRunner().invoke(send, ["--wait=1s", "--spool", str(layout.root)], input=MESSAGE, standalone_mode=False)
    machine = CliRunner().invoke(
        send, ["--wait", "--json", "--spool", str(layout.root)], input=MESSAGE, standalone_mode=False
    )

    assert (plain.return_value, machine.return_value) == (75, 75)
    assert f"outcome   No daemon is at work on {layout.root}" in plain.stderr
    assert json.loads(machine.stdout)["status"] == 75


def test_what_is_larger_than_the_site_takes_is_refused_here_and_now(layout: Layout) -> None:
    (layout.root.parent / "configs" / "maild.yaml").write_text("intake: {max_size: 500kB}\n")
    large = MESSAGE + b"x" * 70 * 8000

    result = call(layout, stdin=large)

    assert isinstance(result.exception, MessageError)
    assert "intake.max_size of maild.yaml takes 500000 at most" in str(result.exception)
    assert dropped(layout) == ()


def test_a_broken_maild_yaml_keeps_no_large_message_from_being_queued(layout: Layout) -> None:
    (layout.root.parent / "configs" / "maild.yaml").write_text("intake: [\n")

    assert call(layout, stdin=MESSAGE + b"x" * 600_000).exit_code == 0
    assert len(dropped(layout)) == 1
