"""sendmail(1)'s command line, as its callers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.cli.sendmail_flags import Flags, Mode, parse_flags
from maild.errors import UsageError
from maild.mail.report_wish import Notify, ReportWish
from tests.rows import each_row

ANN = ("ann@customer.example",)


@each_row(
    ("line", "expected"),
    [
        ("ann@customer.example", Flags(recipients=ANN)),
        ("-t", Flags(reads_headers=True)),
        ("-t -i", Flags(reads_headers=True, dot_ends=False)),
        ("-ti", Flags(reads_headers=True, dot_ends=False)),
        ("-oi ann@customer.example", Flags(dot_ends=False, recipients=ANN)),
        ("-o i", Flags(dot_ends=False)),
        ("-O IgnoreDots=true", Flags(dot_ends=False)),
        ("-f bob@shop.example ann@customer.example", Flags(sender="bob@shop.example", recipients=ANN)),
        ("-fbob@shop.example -t", Flags(sender="bob@shop.example", reads_headers=True)),
        ("-r bob@shop.example", Flags(sender="bob@shop.example")),
        ("-f <>", Flags(sender="<>")),
        ("ann@customer.example -i", Flags(recipients=ANN, dot_ends=False)),
        ("-i -- -t@customer.example", Flags(dot_ends=False, recipients=("-t@customer.example",))),
        ("-bm -v ann@customer.example", Flags(is_verbose=True, recipients=ANN)),
        ("-bp", Flags(mode=Mode.PRINT_QUEUE)),
        ("-q", Flags(mode=Mode.RETRY_ALL)),
        ("-q15m", Flags(mode=Mode.RETRY_ALL, queue_run="15m")),
        ("-qRcustomer", Flags(mode=Mode.RETRY_ALL, queue_run="Rcustomer")),
        ("-bs", Flags(mode=Mode.SMTP)),
        ("-N never -t", Flags(wish=ReportWish(notify=frozenset()), reads_headers=True)),
        (
            "-Nsuccess,failure -Rfull -V id-1 -t",
            Flags(
                wish=ReportWish(notify=frozenset({Notify.SUCCESS, Notify.FAILURE}), is_full=True, envelope_id="id-1"),
                reads_headers=True,
            ),
        ),
        ("-R hdrs -t", Flags(reads_headers=True)),
        ("--wait -t", Flags(waits="", reads_headers=True)),
        ("--wait=30s -t", Flags(waits="30s", reads_headers=True)),
        ("-bi", Flags(mode=Mode.NOTHING)),
        ("-I", Flags(mode=Mode.NOTHING)),
        ("--account=office -t", Flags(account="office", reads_headers=True)),
        ("--config /etc/maild --spool /srv/spool", Flags(config="/etc/maild", spool="/srv/spool")),
        ("--require-daemon -t", Flags(require_daemon=True, reads_headers=True)),
        ("--version", Flags(mode=Mode.VERSION)),
        ("--help", Flags(mode=Mode.HELP)),
    ],
)
def test_a_command_line_means(line: str, expected: Flags) -> None:
    assert parse_flags(line.split()) == expected


@pytest.mark.parametrize(
    "line",
    [
        "-FCronDaemon -i -B8BITMIME -oem -r root ann@customer.example",
        "-F CronDaemon -i -B 8BITMIME -o em -froot ann@customer.example",
    ],
)
def test_cron_is_understood(line: str) -> None:
    assert parse_flags(line.split()) == Flags(full_name="CronDaemon", dot_ends=False, sender="root", recipients=ANN)


def test_unknown_flags_change_nothing() -> None:
    line = "-G -U -n -h 3 -X /dev/null -L tag -z -oem -odb -O DeliveryMode=b -B7BIT -E --unheard-of -t"

    assert parse_flags(line.split()) == Flags(reads_headers=True)


@pytest.mark.parametrize("mode", ["d", "v", "t"])
def test_a_mode_that_would_be_another_program_is_refused(mode: str) -> None:
    with pytest.raises(UsageError, match=f"-b{mode} is not something maild-sendmail does"):
        parse_flags([f"-b{mode}"])


def test_a_flag_without_its_value_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="-f needs a value after it"):
        parse_flags(["-t", "-f"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("-N always", "-N, -V: 'always' is no occasion of a report"),
        ("-R some", "-R some: it is full or hdrs."),
        ("-V \x07", "-N, -V: an envelope id is 1 to 100 printable"),
    ],
)
def test_a_wish_that_cannot_be_understood_is_a_wrong_call(line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_flags(line.split(" "))


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_line_is_understood_or_refused_and_nothing_else(arguments: list[str]) -> None:
    try:
        flags = parse_flags(arguments)
    except UsageError:
        return
    assert isinstance(flags, Flags)


@given(st.lists(st.sampled_from(["-t", "-i", "-v", "-oem", "-Nnever"]), max_size=5))
def test_what_follows_the_double_dash_is_always_a_recipient(flags: list[str]) -> None:
    parsed = parse_flags([*flags, "--", "-f", "x@customer.example"])

    assert parsed.recipients[-2:] == ("-f", "x@customer.example")
