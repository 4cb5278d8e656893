"""Where findings stand, in files that are written in every way: lines and columns as an editor counts them."""

from dataclasses import replace
from pathlib import Path

import pytest

from maild.diagnostics import Diagnostic, Span
from tests.rows import each_row
from tests.rules.examine import examine

FOLDERS = sorted((Path(__file__).parent / "cases").iterdir())
BEFORE = "\ufeff# ein Büro 日本 \N{PILE OF POO}\te\u0301\r\n---\r\n"

HEAD = "protocol: smtp\nusername: billing@inn.example\npassword: {env: SMTP_PASSWORD}\n"
BAD = "smtp: {host: smtp.gmail.com, port: 4x5}\n"


def only(text: str | bytes) -> Diagnostic:
    (found,) = examine(text).diagnostics
    return found


def place(found: Diagnostic) -> tuple[str, int, int, int, int]:
    span = found.location.span if found.location else None
    assert isinstance(span, Span)
    return found.code, span.line, span.column, span.end_line, span.end_column


@each_row(
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
)
def test_a_bad_value_is_pointed_at_however_the_file_is_written(text: str, expected: tuple[int, int, int]) -> None:
    line, column, end = expected
    assert place(only(text.encode())) == ("ML203", line, column, line, end)


@each_row(("key", "length"), [("colour", 6), ("e\u0301te", 4), ("日本", 2), ("\N{PILE OF POO}x", 2), ('"a b"', 5)])
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


@each_row(
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


def span_of(found: Diagnostic) -> Span | None:
    return None if found.location is None else found.location.span


def is_text(data: bytes) -> bool:
    """Whether it has lines at all."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def moved(span: Span | None, lines: int) -> Span | None:
    """The same stretch so many lines below; the file as a whole, which is shown at its first character, stays."""
    if span is None or (span.line, span.column, span.end_line, span.end_column) == (1, 1, 1, 1):
        return span
    return replace(span, line=span.line + lines, end_line=span.end_line + lines)


@each_row("folder", FOLDERS)
def test_every_rule_points_at_the_same_text_in_a_file_of_another_kind(folder: Path) -> None:
    for path in folder.glob("*/*.yaml"):
        data = path.read_bytes()
        if path.parent.name.startswith("fine") or not is_text(data):
            continue
        here = examine(data, file=path.name).diagnostics
        there = examine((BEFORE + data.decode().replace("\n", "\r\n")).encode(), file=path.name).diagnostics
        assert [(one.code, span_of(one)) for one in there] == [(one.code, moved(span_of(one), 2)) for one in here], (
            path.parent.name
        )
        assert [[near.location.span for near in one.related] for one in there] == [
            [moved(near.location.span, 2) for near in one.related] for one in here
        ], path.parent.name


@each_row(
    ("lines", "expected"),
    [
        ("password: {env: GONE}\n", ("ML504", 4, 17, 4, 21)),
        ("password:\n  env: &e 'GONE' # c\n", ("ML504", 5, 11, 5, 17)),
        ("password:\n  # c\n\n  env:\n    GONE\n", ("ML504", 8, 5, 8, 9)),
        ("password: &p {env: OWN_PASSWORD}\n", ("ML402", 4, 20, 4, 32)),
        ("password: {file: open.password}\n", ("ML503", 4, 18, 4, 31)),
        ("password: {file: tracked.password}\n", ("ML510", 4, 18, 4, 34)),
    ],
)
def test_of_a_password_the_reference_is_pointed_at(lines: str, expected: tuple[object, ...]) -> None:
    head = "protocol: smtp\nsmtp: {host: smtp.gmail.com, port: 465}\nusername: billing@gmail.com\n"
    assert place(only(head + lines)) == expected


@each_row(
    ("line", "expected"),
    [
        ('name: "日本 "', ("ML122", 5, 10, 5, 11)),
        ("name: '  Shop '", ("ML122", 5, 8, 5, 10)),
        ('name: "Shop\\x20"', ("ML122", 5, 7, 5, 17)),
        ('name: " Shop\n  Two"', ("ML122", 5, 7, 6, 7)),
        ('"na\\u200bme": Shop #\xa0', ("ML118", 5, 1, 5, 13)),
        ("na\u200bm\u200be: Shop", ("ML118", 5, 3, 5, 4)),
        ("? |-\n  na\u200bme\n: Shop", ("ML118", 5, 3, 6, 8)),
        ("name: 日本 #1", ("ML115", 5, 10, 5, 12)),
    ],
)
def test_of_characters_that_should_not_be_there_no_more_is_pointed_at(line: str, expected: tuple[object, ...]) -> None:
    text = f"{HEAD}smtp: {{host: smtp.gmail.com, port: 465}}\n{line}\n"
    assert place(only(text)) == expected


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("bill\xa0ing", ("ML118", 2, 15, 2, 16)),
        ('"bill\\u00a0ing" # \xa0', ("ML118", 2, 11, 2, 26)),
        ("bill\xa0ing\n  two", ("ML118", 2, 11, 3, 6)),
    ],
)
def test_of_a_value_only_the_unseen_character_is_pointed_at(user: str, expected: tuple[object, ...]) -> None:
    text = f"protocol: smtp\nusername: {user}\nemail: a@shop.example\npassword: {{env: SMTP_PASSWORD}}\n"
    assert place(only(text + "smtp: {host: mail.shop.example, port: 465}\n")) == expected


def test_of_a_key_that_is_missing_the_first_key_of_the_file_is_pointed_at_or_what_there_is() -> None:
    assert place(only("# c\n\n'name': x\nenabled: true\n")) == ("ML202", 3, 1, 3, 7)
    assert place(only("{}\n")) == ("ML202", 1, 1, 1, 3)


@each_row(
    ("head", "expected"),
    [
        ("name: &a 4x5\n", (4, 10, 13)),
        ("name: &ab x\ncopy_to: &a a@shop.test # &a\n", (5, 13, 24)),
        ("name: &a x\ncopy_to: &a\n  a@shop.test\n", (6, 3, 14)),
        ("name: '&a  x'\ncopy_to: &a a@shop.test\n", (5, 13, 24)),
    ],
)
def test_of_an_alias_the_value_that_it_repeats_is_pointed_at_too(head: str, expected: tuple[int, int, int]) -> None:
    (found,) = (one for one in examine(HEAD + head + "limits: {per_day: *a}\n").diagnostics if one.code == "ML203")
    (near,) = found.related
    span = near.location.span
    assert span is not None
    assert (span.line, span.column, span.end_column, near.message) == (*expected, "this is the value")


def test_of_an_alias_whose_value_does_not_follow_its_anchor_directly_only_the_alias_is_pointed_at() -> None:
    text = HEAD + "name: &a # the shop\n  4x5\nlimits: {per_day: *a}\n"
    (found,) = (one for one in examine(text).diagnostics if one.code == "ML203")
    assert (place(found), found.related) == (("ML203", 6, 19, 6, 21), ())
