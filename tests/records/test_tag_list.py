import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.records.tag_list import TagError, begins_with_version, parse_tags

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
VALUES = st.text(st.sampled_from("abc=:/+*, ."), max_size=8).map(str.strip)


def test_tags_keep_their_order_and_lose_the_space_around_them() -> None:
    assert list(parse_tags(" v = DKIM1;\tk=rsa ;p=a=b;n=; ").items()) == [
        ("v", "DKIM1"),
        ("k", "rsa"),
        ("p", "a=b"),
        ("n", ""),
    ]
    assert parse_tags("") == {}


def test_a_piece_that_is_no_tag_is_named() -> None:
    for text, piece in [("v=1;;p=x", ""), ("v=1; rubbish", "rubbish"), ("1v=x", "1v=x"), ("v=1;v=2", "v")]:
        with pytest.raises(TagError) as caught:
            parse_tags(text)
        assert caught.value.piece == piece


def test_the_version_is_the_first_tag_and_exactly_that() -> None:
    assert begins_with_version("v=DMARC1;p=none", "DMARC1")
    assert begins_with_version(" v = DMARC1 ", "DMARC1")
    for text in ("V=DMARC1;", "v=DMARC10", "p=none;v=DMARC1", "v=dmarc1", "DMARC1"):
        assert not begins_with_version(text, "DMARC1")


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_what_is_written_as_tags_is_read_as_the_same(tags: dict[str, str]) -> None:
    assert parse_tags("; ".join(f"{name}={value}" for name, value in tags.items())) == tags
