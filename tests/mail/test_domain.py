import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.domain import DomainError, name_char, parse_address_literal, parse_domain
from tests.rows import each_row


@each_row(
    ("text", "domain"),
    [
        ("example.com", "example.com"),
        ("Mail.EXAMPLE.com", "mail.example.com"),
        ("localhost", "localhost"),
        ("3com.com", "3com.com"),
        ("r3---sn.example", "r3---sn.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
    ],
)
def test_a_domain_is_lower_case_and_ascii(text: str, domain: str) -> None:
    assert parse_domain(text) == domain


@each_row(
    ("text", "problem", "position"),
    [
        ("", "the domain is empty", 1),
        ("a" * 256, "the domain is longer than 255 octets", 256),
        (".".join(["ä" * 50] * 5), "the domain is no valid internationalised name", 1),
        ("smtp_server.example", 'a domain cannot contain "_"', 5),
        ("a b.example", "a domain cannot contain a space", 2),
        ("a\tb", "a domain cannot contain a tab", 2),
        ("a\x00b", "a domain cannot contain U+0000", 2),
        ("example..com", "a dot has no name beside it", 8),
        (".example.com", "a dot has no name beside it", 1),
        ("example.com.", "a dot has no name beside it", 12),
        ("a" * 64 + ".example", "a part of the domain is longer than 63 octets", 1),
        ("example.-a", "a part of a domain cannot begin or end with a hyphen", 9),
        ("a-.example", "a part of a domain cannot begin or end with a hyphen", 1),
        ("192.0.2.1", "an IP address stands in brackets here, such as [192.0.2.1]", 1),
        ("a.\u0300b.example", "the domain is no valid internationalised name", 3),
        ("ex\u200bample.com", "a domain cannot contain U+200B", 3),
        ("\u2066x.example", "a domain cannot contain U+2066", 1),
    ],
)
def test_what_is_no_domain_is_said_with_its_place(text: str, problem: str, position: int) -> None:
    with pytest.raises(DomainError) as caught:
        parse_domain(text)

    assert (caught.value.problem, caught.value.position) == (problem, position)
    assert str(caught.value) == f"{problem} (character {position})"


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("[127.0.0.1]", "[127.0.0.1]"),
        ("[IPv6:::1]", "[IPv6:::1]"),
        ("[ipv6:2001:DB8:0:0::1]", "[IPv6:2001:db8::1]"),
    ],
)
def test_an_address_literal_has_one_spelling(text: str, literal: str) -> None:
    assert parse_address_literal(text) == literal


@each_row(
    ("text", "position"),
    [("[]", 2), ("[example.com]", 2), ("[::1]", 2), ("[IPv6:fe80::1%eth0]", 14), ("[IPv6:x]", 2), ("[127.0.0.01]", 2)],
)
def test_what_is_no_address_literal_is_said_with_its_place(text: str, position: int) -> None:
    with pytest.raises(DomainError) as caught:
        parse_address_literal(text)

    assert caught.value.position == position


def parsed(text: str) -> str | DomainError:
    try:
        return parse_domain(text)
    except DomainError as error:
        return error


@given(st.text(max_size=80))
def test_any_text_is_a_domain_that_is_taken_again_or_an_error_within_it(text: str) -> None:
    domain = parsed(text)

    if isinstance(domain, DomainError):
        assert 1 <= domain.position <= len(text) + 1
    else:
        assert domain.isascii()
        assert parse_domain(domain) == domain


@each_row(("char", "words"), [(" ", "a space"), ("\t", "a tab"), ("<", '"<"'), ("\x7f", "U+007F")])
def test_a_character_is_named_so_that_it_can_be_seen(char: str, words: str) -> None:
    assert name_char(char) == words
