"""Where findings stand, in files that are written in every way: lines and columns as an editor counts them."""

import pytest

from maild.diagnostics import Diagnostic, Span
from tests.rules.examine import examine

HEAD = "protocol: smtp\nusername: billing@example.com\npassword: {env: SMTP_PASSWORD}\n"
BAD = "smtp: {host: smtp.gmail.com, port: 4x5}\n"


def only(text: str | bytes) -> Diagnostic:
    (found,) = examine(text).diagnostics
    return found


def place(found: Diagnostic) -> tuple[str, int, int, int, int]:
    span = found.location.span if found.location else None
    assert isinstance(span, Span)
    return found.code, span.line, span.column, span.end_line, span.end_column


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + BAD, (4, 36, 39)),
        (f"---\n{HEAD}{BAD}...\n", (5, 36, 39)),
        ((HEAD + BAD).replace("\n", "\r\n"), (4, 36, 39)),
        ((HEAD + BAD).replace("\n", "\r"), (4, 36, 39)),
        ("\ufeff" + HEAD + BAD, (4, 36, 39)),
        (f"# ein Büro 日本\n\n{HEAD}# smtp: {{}}\n{BAD}", (7, 36, 39)),
        (HEAD + 'name: "日本語"\n' + BAD, (5, 36, 39)),
        (HEAD + "smtp:\n  host:\tsmtp.gmail.com\n  port:\t4x5\t# c\n", (6, 9, 12)),
        (HEAD + "smtp: {host: smtp.gmail.com, port: &p 4x5}\n", (4, 39, 42)),
        (HEAD + "smtp: {\n  host: smtp.gmail.com,\n    port: 4x5 }\n", (6, 11, 14)),
        (HEAD + 'smtp: {"port": "4x5", host: smtp.gmail.com}\n', (4, 16, 21)),
        (HEAD + "smtp:\n  ? port\n  : 4x5\n  ? host\n  : smtp.gmail.com\n", (6, 5, 8)),
    ],
    ids=["plain", "start", "crlf", "cr", "bom", "comments", "wide", "tabs", "anchor", "flow", "quoted", "explicit"],
)
def test_a_bad_value_is_pointed_at_however_the_file_is_written(text: str, expected: tuple[int, int, int]) -> None:
    line, column, end = expected
    assert place(only(text.encode())) == ("ML203", line, column, line, end)


@pytest.mark.parametrize(
    ("key", "length"), [("colour", 6), ("e\u0301te", 4), ("日本", 2), ("\N{PILE OF POO}x", 2), ('"a b"', 5)]
)
def test_an_unknown_key_is_pointed_at_in_characters(key: str, length: int) -> None:
    text = f"{HEAD}smtp: {{host: smtp.gmail.com, {key}: 1}}\n"
    assert place(only(text)) == ("ML201", 4, 30, 4, 30 + length)


def test_what_stands_behind_wide_characters_on_a_line_is_counted_in_characters() -> None:
    found = examine(HEAD + 'smtp: {"日本": 1, port: 4x5, host: smtp.gmail.com}\n').diagnostics
    assert [place(one) for one in found] == [("ML201", 4, 8, 4, 12), ("ML203", 4, 23, 4, 26)]


def test_a_second_document_is_pointed_at_where_it_begins_and_not_looked_into() -> None:
    text = HEAD + "smtp: {host: smtp.gmail.com, port: 465}\n---\nport: 4x5\n"
    assert place(only(text)) == ("ML121", 5, 1, 5, 4)


def test_of_an_alias_the_place_is_that_of_the_alias() -> None:
    text = HEAD + "name: &a 4x5\nsmtp: {host: smtp.gmail.com, port: *a}\n"
    assert place(only(text)) == ("ML203", 5, 36, 5, 38)


@pytest.mark.parametrize(
    ("text", "code", "line", "because"),
    [
        ("protocol: http\nsmtp: {host: a.example}\nhttp: {url: https://a.example/}\n", "ML205", 2, (1, 11, 15)),
        ("# c\nprotocol: smtp\nhttp: {url: https://a.example/}\n", "ML205", 3, (2, 11, 15)),
        ("protocol: smtp\nusername: a@b.example\npassword: {env: A}\nsmtp: {port: 465}\n", "ML202", 4, (1, 11, 15)),
        (
            "username: a@b.example\npassword: {env: A}\nprotocol: smtp\nsmtp: {host: mail.b.example, auth: none}\n",
            "ML208",
            2,
            (4, 30, 34),
        ),
    ],
    ids=["smtp-in-http", "http-in-smtp", "missing-below-the-section", "password-without-login"],
)
def test_the_line_that_decides_is_pointed_at_as_well(
    text: str, code: str, line: int, because: tuple[int, int, int]
) -> None:
    found = next(one for one in examine(text).diagnostics if one.code == code)
    assert place(found)[:2] == (code, line)
    spans = [label.location.span for label in found.related]
    assert [(span.line, span.column, span.end_column) for span in spans if span is not None] == [because]


@pytest.mark.parametrize(
    "text",
    [
        "protocol: http\nreply_to: a@b.example\n",
        "protocol: http\nhttp: {url: https://a.example/}\n",
        "protocol: smtp\nusername: a@b.example\npassword: {env: APP_PASSWORD}\n",
    ],
)
def test_of_what_is_missing_the_line_that_decides_is_the_place_itself(text: str) -> None:
    assert place(only(text)) == ("ML202", 1, 11, 1, 15)
