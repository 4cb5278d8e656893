from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from maild.net.http.answer import MAX_ANSWER_BYTES, HttpAnswer, parse_retry_after, safe_text
from tests.rows import each_row

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@each_row(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 23 Nov 2026 12:02:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 13:02:00 +0100", 120.0),
        ("Mon, 23 Nov 2026 12:02:00", 120.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("99999999999999", None),
        ("Mon, 23 Nov 99999 12:02:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text())
def test_no_retry_after_crashes_the_reader(value: str) -> None:
    seconds = parse_retry_after(value, NOW)

    assert seconds is None or seconds >= 0


@each_row(
    ("data", "content_type", "text"),
    [
        (b"plain", "text/plain", "plain"),
        ("Grüße".encode(), "", "Grüße"),
        ("Grüße".encode("latin-1"), "text/html; charset=iso-8859-1", "Grüße"),
        (b"Gr\xfc\xdfe", "", "Gr��e"),
        (b"x", 'text/plain; charset="no-such-thing"', "x"),
        (b"a\r\nb\tc\x1b[2J\x00", "", "a\nb\tc�[2J�"),
    ],
)
def test_the_text_is_decoded_and_made_safe(data: bytes, content_type: str, text: str) -> None:
    assert safe_text(data, content_type) == text


def test_the_text_is_capped() -> None:
    assert len(safe_text(b"x" * MAX_ANSWER_BYTES * 2, "")) == MAX_ANSWER_BYTES


@given(st.binary(), st.text())
def test_no_body_crashes_the_reader(data: bytes, content_type: str) -> None:
    assert isinstance(safe_text(data, content_type), str)


def test_only_2xx_is_success() -> None:
    assert [status for status in (199, 200, 202, 299, 300, 404) if HttpAnswer(status=status, text="").is_success] == [
        200, 202, 299,
    ]  # fmt: skip
