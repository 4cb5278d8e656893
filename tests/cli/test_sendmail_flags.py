"""sendmail(1)'s command line, as its callers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.cli.sendmail_flags import Flags, Mode, parse_flags
from maild.errors import UsageError

ANN = ("ann@customer.example",)


@pytest.mark.parametrize(
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
        ("-q15m", Flags(mode=Mode.RETRY_ALL)),
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


def test_flags_about_delivery_notices_and_unknown_ones_change_nothing() -> None:
    line = "-N failure,delay -R hdrs -V id-1 -G -U -n -X /dev/null -L tag -z --unheard-of -t"

    assert parse_flags(line.split()) == Flags(reads_headers=True)


@pytest.mark.parametrize("mode", ["s", "d", "v", "t"])
def test_a_mode_that_would_be_another_program_is_refused(mode: str) -> None:
    with pytest.raises(UsageError, match=f"-b{mode} is not something maild-sendmail does"):
        parse_flags([f"-b{mode}"])


def test_a_flag_without_its_value_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="-f needs a value after it"):
        parse_flags(["-t", "-f"])


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
