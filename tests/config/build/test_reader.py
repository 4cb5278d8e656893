from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath

import pytest

from maild.config.build.reader import DurationRange, Reader
from maild.config.document import parse_document
from maild.config.fault import Fault, InvalidEmail, OutOfRange, Pointer, WrongType
from maild.mail.address import Mailbox
from tests.rows import each_row

MINUTES = DurationRange(minimum="1m", maximum="1h")


class Colour(StrEnum):
    RED = "red"


def reader_of(written: str, *known: Fault) -> Reader:
    document = parse_document("x.yaml", f"key: {written}\n".encode()).document
    assert document is not None
    return Reader(document, known)


@each_row(
    ("written", "number"),
    [("5", 5), ("5.0", 5), ("5.5", None), ("true", None), ("x", None), (".inf", None), ("", None)],
)
def test_a_whole_number(written: str, number: int | None) -> None:
    assert reader_of(written).integer("/key") == number


@each_row(("written", "flag"), [("true", True), ("false", False), ("no", None), ("1", None)])
def test_a_flag(written: str, *, flag: bool | None) -> None:
    assert reader_of(written).flag("/key") is flag


@pytest.mark.parametrize(("written", "choice"), [("red", Colour.RED), ("blue", None), ("5", None)])
def test_a_choice(written: str, choice: Colour | None) -> None:
    assert reader_of(written).choice("/key", Colour) is choice


@pytest.mark.parametrize(("written", "path"), [("a/b.pem", PurePath("a/b.pem")), ("5", None)])
def test_a_path(written: str, path: PurePath | None) -> None:
    assert reader_of(written).path("/key") == path


@pytest.mark.parametrize(("written", "texts"), [("[a, 5, b]", ("a", "b")), ("a", ()), ("", ())])
def test_a_list_of_texts(written: str, texts: tuple[str, ...]) -> None:
    assert reader_of(written).texts("/key") == texts


@each_row(("written", "duration"), [("60s", 60), ("1h", 3600), ("x", None), ("5", None)])
def test_a_duration(written: str, duration: int | None) -> None:
    reader = reader_of(written)

    assert reader.duration("/key", MINUTES) == (None if duration is None else timedelta(seconds=duration))
    assert reader.faults == []


@pytest.mark.parametrize("written", ["59s", "61m"])
def test_a_duration_out_of_its_range_is_a_fault(written: str) -> None:
    reader = reader_of(written)

    assert reader.duration("/key", MINUTES) is None
    assert reader.faults == [OutOfRange(pointer=Pointer("/key"), found=written, minimum="1m", maximum="1h")]


@each_row(
    ("written", "mailboxes"),
    [
        ("a@b.example", [Mailbox("a", "b.example")]),
        ("[a@b.example, c@d.example, a@B.example]", [Mailbox("a", "b.example"), Mailbox("c", "d.example")]),
        ("[]", []),
        ("5", []),
        ("[5]", []),
        ("", []),
    ],
)
def test_one_address_or_several(written: str, mailboxes: list[Mailbox]) -> None:
    reader = reader_of(written)

    assert reader.mailboxes("/key") == tuple(mailboxes)
    assert reader.faults == []


@each_row(
    ("written", "found", "problem"),
    [
        ("alerts", "alerts", 'there is no "@" (character 7)'),
        ("a@b.example; c@d.example", "a@b.example; c@d.example", 'a domain cannot contain ";" (character 12)'),
        (
            '"a@b.example, c@d.example"',
            "a@b.example, c@d.example",
            "these are several addresses, and a single one stands here",
        ),
        ('""', "", "the address is empty (character 1)"),
        (
            "Ann <a@localhost>",
            "Ann <a@localhost>",
            "only the address stands here, without a name or brackets: a@localhost",
        ),
    ],
)
def test_what_is_no_address_is_a_fault(written: str, found: str, problem: str) -> None:
    reader = reader_of(written)

    assert reader.mailbox("/key") is None
    assert reader.faults == [InvalidEmail(pointer=Pointer("/key"), found=found, problem=problem)]


def test_what_was_meant_by_a_wrong_address_is_told_with_it() -> None:
    reader = reader_of("Ann <a@b.example>")

    problem = "only the address stands here, without a name or brackets"
    assert reader.mailbox("/key") is None
    assert reader.faults == [
        InvalidEmail(pointer=Pointer("/key"), found="Ann <a@b.example>", problem=problem, suggestion="a@b.example")
    ]


def test_the_address_that_is_wrong_in_a_list_has_its_own_place() -> None:
    reader = reader_of("[a@b.example, c]")

    assert reader.mailboxes("/key") == (Mailbox("a", "b.example"),)
    assert [getattr(fault, "pointer", None) for fault in reader.faults] == ["/key/1"]


def test_what_is_known_to_be_wrong_is_not_looked_at_again() -> None:
    known = OutOfRange(pointer=Pointer("/key"), found="x", minimum=None, maximum=None)

    assert reader_of("5", known).integer("/key") is None


def test_what_stands_behind_a_tag_is_not_looked_at() -> None:
    assert reader_of("!t 5").integer("/key") is None


def test_a_dot_between_thousands_makes_no_number_and_is_a_fault() -> None:
    reader = reader_of("10.000")

    assert reader.integer("/key") is None
    assert reader.faults == [WrongType(pointer=Pointer("/key"), expected=("a whole number",), found="a number")]


@pytest.mark.parametrize("written", ["465.0", "1e3", "10.000.5"])
def test_other_numbers_with_a_dot_are_taken_as_they_are(written: str) -> None:
    reader = reader_of(written)

    assert reader.integer("/key") == {"465.0": 465, "1e3": 1000}.get(written)
    assert reader.faults == []
