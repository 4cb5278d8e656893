from hypothesis import example, given
from hypothesis import strategies as st

from maild.net.smtp.framing import Framer, chunked, dot_stuffed


def naive(message: bytes) -> bytes:
    """Line by line."""
    text = message if not message or message.endswith(b"\r\n") else message + b"\r\n"
    lines = text.split(b"\r\n")[:-1]
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"".join(line + b"\r\n" for line in stuffed) + b".\r\n"


MESSAGES = st.lists(st.sampled_from([b".", b"..", b"\r\n", b"a", b"long line", b"\r\n.", b"\xff"])).map(b"".join)


def framed(message: bytes, block_bytes: int, *, is_chunked: bool) -> tuple[bytes, int]:
    framer = Framer(is_chunked=is_chunked)
    blocks = [message[start : start + block_bytes] for start in range(0, len(message), block_bytes)]
    pieces = [framer.feed(block) for block in (*blocks, b"")]
    return b"".join([*pieces, framer.finish()]), framer.size_bytes


@given(MESSAGES, st.integers(1, 12))
@example(b"ab\r\n.cd", 3)
@example(b"\r\n\r\n", 1)
@example(b".", 2)
@example(b"", 2)
def test_in_blocks_of_any_size_it_is_what_it_is_at_once(message: bytes, block_bytes: int) -> None:
    ended = message if not message or message.endswith(b"\r\n") else message + b"\r\n"

    assert dot_stuffed(message) == naive(message)
    assert framed(message, block_bytes, is_chunked=False) == (naive(message), len(ended))
    assert framed(message, block_bytes, is_chunked=True) == (ended, len(ended))
    assert chunked(message) == b"BDAT %d LAST\r\n" % len(ended) + ended


@given(MESSAGES)
def test_nothing_but_the_end_looks_like_the_end(message: bytes) -> None:
    assert (b"\r\n" + dot_stuffed(message)).count(b"\r\n.\r\n") == 1


def test_a_message_that_ends_in_half_a_line_end_is_not_completed_by_it() -> None:
    assert framed(b"a\r", 1, is_chunked=False)[0] == b"a\r\r\n.\r\n"
