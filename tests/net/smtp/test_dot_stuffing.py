from hypothesis import example, given
from hypothesis import strategies as st

from maild.net.smtp.dot_stuffing import dot_stuffed, is_wire_form


def naive(message: bytes) -> bytes:
    """The whole at once, line by line."""
    text = message if not message or message.endswith(b"\r\n") else message + b"\r\n"
    lines = text.split(b"\r\n")[:-1]
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"".join(line + b"\r\n" for line in stuffed) + b".\r\n"


MESSAGES = st.lists(st.sampled_from([b".", b"..", b"\r\n", b"a", b"long line", b"\r\n.", b"\xff"])).map(b"".join)


@given(MESSAGES, st.integers(2, 12))
@example(b"ab\r\n.cd", 3)
@example(b"\r\n\r\n", 2)
@example(b".", 2)
@example(b"", 2)
def test_in_blocks_of_any_size_it_is_what_it_is_at_once(message: bytes, block_bytes: int) -> None:
    blocks = list(dot_stuffed(message, block_bytes=block_bytes))

    assert b"".join(blocks) == naive(message)
    assert blocks[-1].endswith(b".\r\n")


@given(MESSAGES)
def test_nothing_but_the_end_looks_like_the_end(message: bytes) -> None:
    data = b"\r\n" + b"".join(dot_stuffed(message))

    assert data.count(b"\r\n.\r\n") == 1


@given(MESSAGES, st.integers(2, 12))
def test_a_block_is_no_larger_than_asked_for_but_for_its_stuffing(message: bytes, block_bytes: int) -> None:
    blocks = list(dot_stuffed(message, block_bytes=block_bytes))

    assert all(len(block) <= block_bytes * 2 + 1 for block in blocks[:-1])


@given(st.text(alphabet="\r\na", max_size=12))
def test_wire_form_means_that_cr_and_lf_come_in_pairs(text: str) -> None:
    rest = text.replace("\r\n", "")

    assert is_wire_form(text.encode()) == ("\r" not in rest and "\n" not in rest)
