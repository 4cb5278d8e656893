"""What a fix makes of a file, case by case; `test_mend` has what holds for all of them."""

from maild.config.fault import Pointer
from maild.rules.indentation import spaces_for_tabs
from maild.rules.mend import mend_text
from maild.rules.repair import add_key, quote_value
from maild.rules.subject import Subject
from tests.rows import each_row
from tests.rules.examine import GOOD, NOW, examine, load


def mended(text: str, *, with_unsafe: bool = False) -> str:
    return mend_text(text, lambda content: examine(content).diagnostics, with_unsafe=with_unsafe).text


HEAD = "protocol: smtp\nusername: billing@inn.example\npassword: {env: SMTP_PASSWORD}\n"


@each_row(
    ("before", "after"),
    [
        ("smtp: {hots: smtp.gmail.com}", "smtp: {host: smtp.gmail.com}"),
        ('{"hots":"smtp.gmail.com"}', '{"host":"smtp.gmail.com"}'),
        ("smtp:\n  Host:   smtp.gmail.com  # ours", "smtp:\n  host:   smtp.gmail.com  # ours"),
        ('smtp: {host: smtp.gmail.com, port: "587"}', "smtp: {host: smtp.gmail.com, port: 587}"),
        ("smtp: {host: smtp.gmail.com, port: '587'}", "smtp: {host: smtp.gmail.com, port: 587}"),
        ("smtp: {host: smtp.gmail.com, tls: {verify: 'TRUE'}}", "smtp: {host: smtp.gmail.com, tls: {verify: true}}"),
        ("smtp: {host: smtp.gmail.com:587}", "smtp: {host: smtp.gmail.com, port: 587}"),
        ('smtp: {host: "smtp.gmail.com:587"}', 'smtp: {host: "smtp.gmail.com", port: 587}'),
        ("smtp:\n  host: smtp.gmail.com:587 # x\n  auth: plain", None),
        ("smtp:\n  host: 'smtp.gmail.com:587' # x", "smtp:\n  host: 'smtp.gmail.com' # x\n  port: 587"),
        ("smtp:\r\n    host: smtp.gmail.com:587\r", "smtp:\r\n    host: smtp.gmail.com\r\n    port: 587\r"),
        ("smtp: {host: smtp.gmail.com:465, port: 465}", "smtp: {host: smtp.gmail.com, port: 465}"),
        ("smtp: {host: smtps://smtp.gmail.com}", "smtp: {host: smtp.gmail.com, port: 465}"),
        ("smtp: {host: smtp://smtp.gmail.com}", "smtp: {host: smtp.gmail.com}"),
        (
            "smtp: {host: smtp.gmail.com, port: 465, tls: {mode: starttls}}",
            "smtp: {host: smtp.gmail.com, port: 465, tls: {mode: implicit}}",
        ),
        (
            "smtp: {host: smtp.gmail.com, port: 587, tls: {mode: STARTTLS}}",
            "smtp: {host: smtp.gmail.com, port: 587, tls: {mode: starttls}}",
        ),
    ],
)
def test_what_is_surely_meant_is_written(before: str, after: str | None) -> None:
    if before.startswith("{"):
        before, after = f"smtp: {before}", f"smtp: {after}"
    if after is None:
        after = "smtp:\n  host: smtp.gmail.com # x\n  port: 587\n  auth: plain"

    assert mended(f"{HEAD}{before}\n") == f"{HEAD}{after}\n"


@each_row(
    ("before", "after"),
    [
        ("smtp: {server: smtp.gmail.com}", "smtp: {host: smtp.gmail.com}"),
        ("smtp: {host: smtp.gmail.com:587, port: 465}", "smtp: {host: smtp.gmail.com, port: 587}"),
        (
            "smtp: {host: smtp.gmail.com, port: 587, tls: {mode: ssl}}",
            "smtp: {host: smtp.gmail.com, port: 587, tls: {mode: starttls}}",
        ),
        (
            "smtp: {host: smtp.gmail.com, tls: {mode: starttls}}",
            "smtp: {host: smtp.gmail.com, tls: {mode: implicit}}",
        ),
        ("smtp: {host: smtp.gmail.com, auth: plian}", "smtp: {host: smtp.gmail.com, auth: plain}"),
    ],
)
def test_what_is_probably_meant_is_written_when_that_is_asked_for(before: str, after: str) -> None:
    assert mended(f"{HEAD}{before}\n") == f"{HEAD}{before}\n"
    assert mended(f"{HEAD}{before}\n", with_unsafe=True) == f"{HEAD}{after}\n"


@each_row(
    "text",
    [
        "smtp: {hots: a.example, host: smtp.gmail.com}",
        "smtp: {host: smtp.gmail.com, tls: {insecure: true}}",
        "smtp: {host: smtp.gmail.com, verify: true}",
        "smtp: {host: smtp.gmail.com, port: &p '587'}",
        "name: &p '587'\nsmtp: {host: smtp.gmail.com, port: *p}",
        "smtp: {host: smtp.gmail.com, port: |\n    587\n  }",
        "smtp:\n  host: smtp.gmail.com\n  port: >-\n    587",
        "smtp: {host: smtp.gmail.com, port: [587]}",
        "smtp: {host: smtp.gmail.com, port: 'x'}",
        "smtp: {host: &h smtp.gmail.com:587}",
        "smtp: {host: &h smtp.gmail.com:587, port: 465}",
        "smtp: {host: smtp.gmail.com:587, port: &p 465}",
        "? smtp\n: ? host\n  : smtp.gmail.com:587",
        "smtp: {host: smtp.gmail.com, auth: !x plian}",
        "smtp: {host: smtp.gmail.com, auth: zzzzzz}",
        'smtp: {"ho\\u0073tt": smtp.gmail.com}',
        "smtp: {host: '[::1]:587'}",
    ],
)
def test_what_is_not_plain_is_left_to_the_person(text: str) -> None:
    assert mended(f"{HEAD}{text}\n", with_unsafe=True) == f"{HEAD}{text}\n"


def test_a_key_is_only_added_behind_a_value_of_one_line() -> None:
    subject = Subject(loaded=load(GOOD), now=NOW)

    assert add_key(subject, Pointer("/smtp"), "x: 1") is None
    assert add_key(subject, Pointer("/nothing"), "x: 1") is None


def test_a_fix_comes_with_its_finding() -> None:
    fixes = [found.fix for found in examine(GOOD.replace("465", "'465'")).diagnostics]

    assert [fix is not None and fix.is_safe for fix in fixes] == [True]


@each_row(
    ("before", "after"),
    [
        ("name: yes", 'name: "yes"'),
        ("name: 2026-01-31  # since", 'name: "2026-01-31"  # since'),
        ("name: 12:30", 'name: "12:30"'),
        ("name: 1_000", 'name: "1_000"'),
        ("limits: {per_day: 0500}", "limits: {per_day: 500}"),
    ],
)
def test_what_other_programs_take_for_something_else_is_written_so_that_they_do_not(before: str, after: str) -> None:
    assert mended(f"{GOOD}{before}\n") == f"{GOOD}{after}\n"


@each_row(
    ("before", "after"),
    [
        ("name: 'Shop '", "name: 'Shop'"),
        ('name: "  Shop"', 'name: "Shop"'),
        ('name: "Shop\\x20 "', 'name: "Shop"'),
        ('name: "\\"Shop\\" "', None),
        ("name: 'It''s '", None),
    ],
)
def test_blanks_within_quotes_go_only_when_it_is_asked_for(before: str, after: str | None) -> None:
    text = f"{GOOD}{before}\n"
    assert mended(text) == text
    assert mended(text, with_unsafe=True) == (text if after is None else f"{GOOD}{after}\n")


@each_row(
    ("before", "after"),
    [
        (f"{HEAD}smtp: {{host: smtp.gmail.com}}\nport: 465\n", f"{HEAD}smtp: {{host: smtp.gmail.com, port: 465}}\n"),
        (
            f"port: 465\n{HEAD}smtp:\n  host: smtp.gmail.com # c\n",
            f"{HEAD}smtp:\n  host: smtp.gmail.com # c\n  port: 465\n",
        ),
        (
            f"{HEAD}smtp:\r\n  host: smtp.gmail.com\r\n  name: Büro\r\n",
            HEAD.replace("smtp\n", "smtp\nname: Büro\n") + "smtp:\r\n  host: smtp.gmail.com\r\n",
        ),
        (f"{HEAD}smtp: {{host: smtp.gmail.com}}\nport: 465 # ours\n", None),
        (f"{HEAD}smtp: {{host: smtp.gmail.com, port: 465}}\nport: 587\n", None),
        (f"{HEAD}smtp: {{host: smtp.gmail.com}}\nverify: true\n", None),
        (f"{HEAD}smtp: {{host: smtp.gmail.com}}\nport: 465", None),
        (f"{HEAD}smtp: {{host: smtp.gmail.com}}\ntls: {{mode: implicit}}\n", None),
    ],
)
def test_a_key_on_the_wrong_level_moves_when_it_is_asked_for_and_stands_alone(before: str, after: str | None) -> None:
    assert mended(before) == before
    moved = mended(before, with_unsafe=True)
    assert moved == (before if after is None else after), moved


def test_only_a_plain_value_of_one_line_is_quoted() -> None:
    subject = Subject(loaded=load(GOOD), now=NOW)

    assert quote_value(subject, Pointer("/smtp")) is None


@each_row(
    ("before", "after"),
    [
        (
            "smtp:\n\thost: smtp.gmail.com\n\ttls:\n\t\tmode: implicit\n",
            "smtp:\n  host: smtp.gmail.com\n  tls:\n    mode: implicit\n",
        ),
        ("smtp:\n    host: smtp.gmail.com\n\tport: 465\n", "smtp:\n    host: smtp.gmail.com\n    port: 465\n"),
        ("smtp:\r\n\thost: smtp.gmail.com\r\n\t\r\n", "smtp:\r\n  host: smtp.gmail.com\r\n  \r\n"),
        ("smtp:\n\thost: smtp.gmail.com\nname: |\n  a\n", None),
        ("smtp:\n\thost: smtp.gmail.com\nname: 'a\n  b'\n", None),
        ("smtp:\n\thots: 4\n\tcolour: 4\n", None),
        ("smtp:\n\thost: smtp.gmail.com\n" + "# x\n" * 1000, None),
    ],
)
def test_tabs_before_a_line_become_spaces(before: str, after: str | None) -> None:
    text = HEAD + before
    assert mended(text) == (text if after is None else HEAD + after)


def test_a_text_without_tabs_before_its_lines_has_no_such_fix() -> None:
    assert spaces_for_tabs("a: 1\n  \nb:\t2\n") is None
