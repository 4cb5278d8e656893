from hypothesis import example, given
from hypothesis import strategies as st

from maild.net.smtp.inspection import Inspection
from tests.rows import each_row


@given(st.text(alphabet="\r\nab", max_size=12))
def test_wire_form_means_that_cr_and_lf_come_in_pairs(text: str) -> None:
    rest = text.replace("\r\n", "")

    assert Inspection.of(text.encode()).is_wire_form == ("\r" not in rest and "\n" not in rest)


@given(st.binary(max_size=20).map(lambda data: data.replace(b"\x01", b"\r\n")), st.integers(1, 5))
@example(b"a\r\nb", 2)
@example(b"a\rb", 2)
@example(b"a\r", 2)
def test_in_blocks_it_is_what_it_is_at_once(body: bytes, block_bytes: int) -> None:
    start = b"Subject: x\r\n\r\n"
    inspection = Inspection()
    inspection.feed(start)
    for position in range(0, len(body), block_bytes):
        inspection.feed(body[position : position + block_bytes])

    assert inspection.finished() == Inspection.of(start + body)


@each_row(
    ("message", "expected"),
    [
        (b"", Inspection(size_bytes=0)),
        (b"x", Inspection(size_bytes=3)),
        (b"x\r\n", Inspection(size_bytes=3)),
        (b"a: b\r\n\r\n\xc3\xbc\r\n", Inspection(size_bytes=12, is_8bit=True)),
        (b"a: \xc3\xbc\r\n\r\n", Inspection(size_bytes=9, is_8bit=True, has_utf8_header=True)),
        (b"a: \xfc\r\n\r\n", Inspection(size_bytes=8, is_8bit=True)),
    ],
)
def test_what_is_seen(message: bytes, expected: Inspection) -> None:
    found = Inspection.of(message)

    assert (found.size_bytes, found.is_8bit, found.has_utf8_header) == (
        expected.size_bytes,
        expected.is_8bit,
        expected.has_utf8_header,
    )
    assert found.is_wire_form
