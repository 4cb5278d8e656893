from hypothesis import given
from hypothesis import strategies as st

from maild.mail.encoded_word import decode_text, encode_text
from tests.rows import each_row


@each_row(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?UTF-8?b?R3LDvMOfZQ?=", "Grüße"),
        ("=?iso-8859-1?Q?Gr=FC=DFe_an_alle?=", "Grüße an alle"),
        ("=?utf-8*de?q?Hallo?= Welt", "Hallo Welt"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?=\t=?utf-8?q?b?= c", "ab c"),
        ("=?utf-8?B?/w==?=", "\ufffd"),
        ("=?utf-8?q?two=0D=0Alines?=", "two  lines"),
        ("tab\there", "tab here"),
        # What cannot be decoded stays as it stands.
        ("=?no-such-charset?q?x?=", "=?no-such-charset?q?x?="),
        ("=?unicode-escape?q?x?=", "=?unicode-escape?q?x?="),
        ("=?zip?q?x?=", "=?zip?q?x?="),
        ("=?utf-8?B?A?=", "=?utf-8?B?A?="),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
    ],
)
def test_encoded_words_are_decoded(text: str, expected: str) -> None:
    assert decode_text(text) == expected


@each_row(
    ("text", "expected"),
    [
        ("plain ASCII", "plain ASCII"),
        ("Grüße", "=?utf-8?B?R3LDvMOfZQ==?="),
        ("=?looks?encoded?=", "=?utf-8?B?PT9sb29rcz9lbmNvZGVkPz0=?="),
        ("ä" * 23, f"=?utf-8?B?{'w6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6Q='}?= =?utf-8?B?w6Q=?="),
        ("", ""),
    ],
)
def test_text_is_encoded_only_where_it_must_be(text: str, expected: str) -> None:
    assert encode_text(text) == expected


@given(st.text())
def test_decoding_never_fails_and_never_gives_a_second_line(text: str) -> None:
    assert not set(decode_text(text)) & {"\r", "\n", "\0"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
def test_what_was_encoded_is_decoded_to_the_same(text: str) -> None:
    encoded = encode_text(text)

    assert decode_text(encoded) == text
    assert encoded.isascii()
    assert all(len(word) <= 75 for word in encoded.split(" ") if word.startswith("=?utf-8?B?"))
