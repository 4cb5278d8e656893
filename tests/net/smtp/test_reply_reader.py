from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.reply import Reply
from maild.net.smtp.reply_reader import MAX_LINE_BYTES, MAX_REPLY_BYTES, ReplyReader
from tests.rows import each_row

CODES = st.integers(200, 599)
TEXTS = st.text(st.characters(exclude_characters="\r\n\v\f\x1c\x1d\x1e\x85", exclude_categories=["Cs"]), max_size=20)


@st.composite
def replies(draw: st.DrawFn) -> tuple[bytes, Reply]:
    """A reply as it is sent, and what is to be read."""
    code, end = draw(CODES), draw(st.sampled_from(["\r\n", "\n"]))
    texts = draw(st.lists(TEXTS.map(lambda text: text.strip(" \t")), min_size=1, max_size=4))
    marks = ["-"] * (len(texts) - 1) + [" "]
    sent = "".join(f"{code}{mark}{text}{end}" for mark, text in zip(marks, texts, strict=True))
    return sent.encode(), Reply.of(code, "\n".join(texts))


def read(*pieces: bytes) -> tuple[list[Reply], str | None]:
    reader = ReplyReader()
    return [reply for piece in pieces for reply in reader.feed(piece)], reader.problem


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """The data cut at these places."""
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.lists(replies(), max_size=5), st.lists(st.integers(0, 10_000), max_size=8))
def test_replies_are_read_however_they_are_cut(sent: list[tuple[bytes, Reply]], places: list[int]) -> None:
    data = b"".join(text for text, _ in sent)

    assert read(*cut(data, places)) == ([reply for _, reply in sent], None)


@given(st.binary(max_size=200), st.lists(st.integers(0, 10_000), max_size=8))
def test_whatever_comes_is_read_the_same_however_it_is_cut(data: bytes, places: list[int]) -> None:
    assert read(*cut(data, places)) == read(data)


@given(st.binary(max_size=200))
def test_every_reply_has_a_code_that_a_reply_can_have(data: bytes) -> None:
    found, _ = read(data)

    assert all(200 <= reply.code <= 599 for reply in found)


@each_row(
    ("data", "code", "text"),
    [
        (b"250\r\n", 250, ""),
        (b"250 \r\n", 250, ""),
        (b"250-\r\n250\r\n", 250, "\n"),
        (b"250-a\r\n250 b\r\n", 250, "a\nb"),
        (b"250 gr\xfc\xdfe\r\n", 250, "gr��e"),
    ],
)
def test_odd_replies_are_replies(data: bytes, code: int, text: str) -> None:
    assert read(data) == ([Reply.of(code, text)], None)


@each_row(
    ("data", "problem"),
    [
        (b"nonsense\r\n", "what it sent is no SMTP reply"),
        (b"150 early\r\n", "what it sent is no SMTP reply"),
        (b"600 late\r\n", "what it sent is no SMTP reply"),
        (b"25\r\n", "what it sent is no SMTP reply"),
        (b"2500 four\r\n", "what it sent is no SMTP reply"),
        (b"250ok\r\n", "what it sent is no SMTP reply"),
        (b"\r\n", "what it sent is no SMTP reply"),
        (b"250-a\r\nb\r\n", "what it sent is no SMTP reply"),
        (b"250-a\r\n550 b\r\n", "the lines of its reply have different codes"),
        (b"250 " + b"x" * MAX_LINE_BYTES + b"\r\n", "its reply is too long"),
        (b"250 " + b"x" * MAX_LINE_BYTES, "a line of its reply is too long"),
        (b"250-more\r\n" * (MAX_REPLY_BYTES // 9 + 1), "its reply is too long"),
    ],
)
def test_what_is_no_reply_ends_the_reading(data: bytes, problem: str) -> None:
    assert read(b"220 hi\r\n", data, b"250 ok\r\n") == ([Reply.of(220, "hi")], problem)


def test_a_flood_costs_no_more_memory_than_a_reply() -> None:
    reader = ReplyReader()
    for _ in range(128):
        assert reader.feed(b"250-" + b"x" * 65_532) == []

    assert reader.problem is not None
    assert len(reader._rest) + sum(map(len, reader._texts)) <= MAX_REPLY_BYTES


def test_ever_new_texts_are_not_remembered_for_ever() -> None:
    reader = ReplyReader()
    for number in range(500):
        assert reader.feed(b"250 %d\r\n" % number) == [Reply.of(250, str(number))]

    assert len(reader._known) < 100


def test_it_knows_whether_a_reply_has_begun() -> None:
    reader = ReplyReader()
    states = []
    for piece in (b"2", b"50-a\r\n", b"250 b\r\n"):
        reader.feed(piece)
        states.append(reader.is_between)

    assert states == [False, False, True]
