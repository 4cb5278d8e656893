from hypothesis import given
from hypothesis import strategies as st

from maild.config.build.condense import condense, is_near
from maild.config.document import Document
from maild.config.document.lines import Lines
from maild.config.document.marks import Marks
from maild.config.fault import (
    DependentKeyMissing,
    Fault,
    LiteralSecret,
    MissingKey,
    OutOfRange,
    Pointer,
    UnknownKey,
    UnsupportedYaml,
    WrongType,
)
from maild.diagnostics import Span
from tests.rows import each_row


def document(*unread: str) -> Document:
    return Document(file="x", text="", value={}, marks=Marks("", Lines(""), {}), unread=frozenset(map(Pointer, unread)))


def wrong(pointer: str) -> WrongType:
    return WrongType(pointer=Pointer(pointer), expected=("text",), found="a list")


def unknown(pointer: str) -> UnknownKey:
    return UnknownKey(pointer=Pointer(pointer), key=pointer.rpartition("/")[2], allowed=())


def missing(pointer: str, key: str, because: str | None = None) -> MissingKey:
    return MissingKey(pointer=Pointer(pointer), key=key, because=None if because is None else Pointer(because))


def needs(key: str, other: str) -> DependentKeyMissing:
    return DependentKeyMissing(pointer=Pointer(f"/{key}"), key=key, needs=other)


SECRET = LiteralSecret(pointer=Pointer("/password"))
TAG = UnsupportedYaml(span=Span(line=1, column=1, end_line=1, end_column=2), kind="tag", text="!x")
RANGE = OutOfRange(pointer=Pointer("/smtp/port"), found="0", minimum="1", maximum="2")


@each_row(
    ("faults", "kept"),
    [
        ([RANGE, RANGE, TAG], [RANGE, TAG]),
        ([wrong("/smtp"), RANGE, missing("/smtp", "host")], [wrong("/smtp")]),
        ([wrong("/smtp/port"), RANGE, missing("/smtp", "host")], [wrong("/smtp/port"), missing("/smtp", "host")]),
        ([wrong(""), missing("", "protocol")], [wrong("")]),
        ([wrong("/password"), SECRET, missing("/password", "file")], [SECRET]),
        ([unknown("/password/x"), SECRET], [SECRET]),
        ([missing("/smtp", "host"), unknown("/smtp/hots")], [unknown("/smtp/hots")]),
        ([missing("/smtp", "host"), unknown("/hots")], [missing("/smtp", "host"), unknown("/hots")]),
        ([missing("/smtp", "host"), unknown("/smtp/color")], [missing("/smtp", "host"), unknown("/smtp/color")]),
        ([needs("username", "password"), unknown("/pasword")], [unknown("/pasword")]),
        ([needs("password", "username"), missing("", "email")], [needs("password", "username")]),
        ([unknown("/usrname"), missing("", "email")], [unknown("/usrname")]),
        ([missing("", "email", "/username")], [missing("", "email", "/username")]),
        ([missing("", "email")], [missing("", "email")]),
    ],
)
def test_what_only_follows_from_another_fault_is_dropped(faults: list[Fault], kept: list[Fault]) -> None:
    assert condense(document(), faults) == tuple(kept)


def test_nothing_is_said_of_what_could_not_be_read() -> None:
    faults: list[Fault] = [TAG, RANGE, wrong("/smtp/host"), wrong("/name")]

    assert condense(document("/smtp"), faults) == (TAG, wrong("/name"))


@each_row(
    ("written", "meant"),
    [
        ("hots", "host"),
        ("Host", "host"),
        ("hos", "host"),
        ("reply-to", "reply_to"),
        ("replyTo", "reply_to"),
        ("protcol", "protocol"),
        ("pasword", "password"),
        ("usrnam", "username"),
        ("emial", "email"),
    ],
)
def test_a_slip_of_the_fingers_is_near(written: str, meant: str) -> None:
    assert is_near(written, meant)


@each_row(
    ("written", "meant"),
    [("server", "host"), ("post", "host2x"), ("hello", "host"), ("user", "username"), ("", "host")],
)
def test_another_word_is_not_near(written: str, meant: str) -> None:
    assert not is_near(written, meant)


@given(st.text(max_size=12))
def test_every_word_is_near_itself(word: str) -> None:
    assert is_near(word, word)
