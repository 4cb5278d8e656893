from hypothesis import given
from hypothesis import strategies as st

from maild.mail.tls_wish import requires_tls, with_wish, without_wish
from tests.rows import each_row

HEAD = b"From: a@b.example\r\nSubject: x\r\n"


@each_row(
    ("field", "wanted"),
    [
        (b"X-Maild-Require-TLS: yes\r\n", True),
        (b"x-maild-require-tls:TRUE\r\n", True),
        (b"X-MAILD-REQUIRE-TLS : 1 \r\n", True),
        (b"X-Maild-Require-TLS: no\r\n", False),
        (b"X-Maild-Require-TLS:\r\n yes\r\n", False),
        (b"TLS-Required: No\r\n", False),
        (b"X-Other: X-Maild-Require-TLS: yes\r\n", False),
    ],
)
def test_a_wish_is_the_field_and_nothing_else(field: bytes, wanted: bool) -> None:  # noqa: FBT001 -- what is expected
    assert requires_tls(HEAD + field) is wanted


def test_nobody_sees_the_wish_and_all_else_stays() -> None:
    middle = b"X-Maild-Require-TLS: yes\r\n\tfolded\r\n"

    assert without_wish(b"A: 1\r\n" + middle + HEAD) == b"A: 1\r\n" + HEAD
    assert without_wish(HEAD) == HEAD


@given(st.lists(st.sampled_from([b"A: 1\r\n", b"X-Maild-Require-TLS: no\r\n", b" folded\r\n", b"B: yes\r\n"])))
def test_a_wish_that_is_added_is_one_and_can_be_taken_out_again(fields: list[bytes]) -> None:
    head = b"".join([b"From: a@b.example\r\n", *fields])

    assert requires_tls(with_wish(head))
    assert without_wish(with_wish(head)) == without_wish(head)
