"""What a person is told to write in the place of a value of another kind."""

from maild.diagnostics import Diagnostic
from maild.rules.mend import mend_text
from tests.rows import each_row
from tests.rules.examine import examine

HEAD = "protocol: smtp\nusername: billing@shop.example\npassword: {env: SMTP_PASSWORD}\n"
HOST = "host: mail.shop.example"


def only(text: str) -> Diagnostic:
    (found,) = examine(HEAD + text).diagnostics
    return found


def mended(text: str) -> str:
    return mend_text(HEAD + text, lambda content: examine(content).diagnostics, with_unsafe=True).text[len(HEAD) :]


@each_row(
    ("section", "advice", "after"),
    [
        ("{HOST, tls: on}", "Write `tls: {mode: implicit}`.", "{HOST, tls: {mode: implicit}}"),
        ("{HOST, port: 587, tls: SSL}", "Write `tls: {mode: starttls}`.", "{HOST, port: 587, tls: {mode: starttls}}"),
        ("{HOST, tls: StartTLS}", "Write `tls: {mode: starttls}`.", "{HOST, tls: {mode: implicit}}"),
        ("{HOST, tls: [ssl]}", "Write `tls: {mode: implicit}`.", None),
        ("{HOST, port: 587, tls: 587}", "Write `tls: {mode: starttls}`.", "{HOST, port: 587, tls: {mode: starttls}}"),
        ("{host: localhost, tls: off}", "Write `tls: {mode: none}`.", "{host: localhost, tls: {mode: none}}"),
        (
            "{HOST, tls: false}",
            "Delete the line: the port says how the connection is encrypted (port 465: implicit).",
            None,
        ),
        ("{HOST, tls: maybe}", "Write its keys below `tls:`, each on a line of its own that is indented.", None),
        ("{HOST, tls: 1.2}", "Write its keys below `tls:`, each on a line of its own that is indented.", None),
        ("{HOST, tls: {mode: true}}", "Write `mode: implicit`.", "{HOST, tls: {mode: implicit}}"),
        ("{HOST, tls: {mode: {starttls: true}}}", "Write `mode: starttls`.", None),
        (
            "{HOST, tls: {mode: {starttls: false}}}",
            "Write `mode: implicit` or `mode: starttls`, or delete the line: the port says which.",
            None,
        ),
        (
            "{HOST, tls: {mode: 1.2}}",
            "Write `mode: implicit` or `mode: starttls`, or delete the line: the port says which.",
            None,
        ),
        ("{HOST, tls: {verify: oui}}", "Write `verify: true`.", "{HOST, tls: {verify: true}}"),
        ('{HOST, tls: {verify: "true"}}', "Write `verify: true`, without quotes.", "{HOST, tls: {verify: true}}"),
        ("{HOST, tls: {verify: 1}}", "Write `verify: true`.", "{HOST, tls: {verify: true}}"),
        ("{HOST, tls: {verify: perhaps}}", "Write `verify: true` or `verify: false`.", None),
        ("{HOST, tls: {verify: [x]}}", "Write `verify: true` or `verify: false`.", None),
        ("{HOST, port: submission}", "Write `port: 587`.", "{HOST, port: 587}"),
        ("{HOST, port: 58T}", "Write `port: 587`, the number alone.", None),
        (
            "{HOST, port: abc}",
            "Write a number alone, such as `port: 465`, or delete the line: 465 is the usual port.",
            None,
        ),
        (
            "{HOST, port: 4.65}",
            "Write a number alone, such as `port: 465`, or delete the line: 465 is the usual port.",
            None,
        ),
        ("{HOST, port: [465, true, 587, 25]}", "Write one number: `port: 465` or `port: 587`.", None),
        ("{HOST, port: [465]}", "Write `port: 465`, the number alone.", None),
        ("{HOST, port: 2.525}", "Write `port: 2525`.", "{HOST, port: 2525}"),
        (
            "{HOST, auth: [plain, login]}",
            "Delete the line: maild takes the best way to log in that the server offers.",
            None,
        ),
        ("{HOST, auth: {x: 1}}", "Delete the line: maild takes the best way to log in that the server offers.", None),
        ("{host: [mail.shop.example]}", "Write `host: mail.shop.example`, without the brackets of a list.", None),
        ("{host: {name: x}}", "Write the value behind `host:`, on the same line.", None),
        ("mail.shop.example", "Write `smtp: {host: mail.shop.example}`.", "{host: mail.shop.example}"),
        ("smtps://mail.shop.example", "Write `smtp: {host: mail.shop.example}`.", "{host: mail.shop.example}"),
        ("yes", "Write its keys below `smtp:`, each on a line of its own that is indented.", None),
        ("[{HOST, port: 465}]", "Delete the brackets `[` and `]` around the keys: they make a list of it.", None),
    ],
)
def test_the_right_kind_is_told_and_made(section: str, advice: str, after: str | None) -> None:
    before = section.replace("HOST", HOST)
    expected = before if after is None else after.replace("HOST", HOST)

    assert only(f"smtp: {before}\n").help == advice
    assert mended(f"smtp: {before}\n") == f"smtp: {expected}\n"


@each_row(
    ("line", "advice"),
    [
        ("limits: {per_day: many}", ""),
        ("limits: {per_day: 1'000}", "Write `per_day: 1000`."),
        ("limits: {per_day: 20 a day}", "Write `per_day: 20`, the number alone."),
        ("name: [a, b]", "Write one value behind `name:`, without brackets and dashes."),
        ("name: 12", "Put it in quotes: then it is text."),
        ("reply_to: {a: b}", "Write the value behind `reply_to:`, on the same line."),
        ("delivery: {retry: 1m}", "Write `retry: [1m]`, in the brackets of a list."),
    ],
)
def test_other_keys_are_told_of_too(line: str, advice: str) -> None:
    assert only(f"smtp: {{{HOST}}}\n{line}\n").help == advice


def test_nothing_that_may_be_a_password_is_repeated() -> None:
    (found,) = examine(
        f"protocol: smtp\nsmtp: {{{HOST}}}\nusername: a@b.example\npassword: {{file: [x]}}\n"
    ).diagnostics

    assert found.help == "Write one value behind `file:`, without brackets and dashes."


@each_row(
    ("text", "after"),
    [
        (
            "smtp:\n  - host: mail.shop.example\n  - port: 465 # x\n",
            "smtp:\n    host: mail.shop.example\n    port: 465 # x\n",
        ),
        ("smtp:\n- host: mail.shop.example\n  port: 465\n", "smtp:\n  host: mail.shop.example\n  port: 465\n"),
        ("smtp:\n- host: a.example\n- host: b.example\n", None),
        ("smtp:\n- host: a.example\n- b\n", None),
        ("smtp:\n- &x\n  host: a.example\n", None),
        ("smtp:\n- - host: a.example\n", None),
        ("smtp:\n" + "".join(f"- k{number}: 1\n" for number in range(200)), None),
    ],
)
def test_dashes_go_where_they_are_all_that_is_wrong(text: str, after: str | None) -> None:
    assert mended(text) == (text if after is None else after)


def test_dashes_of_an_alias_stay() -> None:
    text = "name: &x\n- host: a.example\nsmtp: *x\n"

    assert mended(text) == text
