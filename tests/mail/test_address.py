import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import MaildError
from maild.mail.address import AddressError, Mailbox, quote
from tests.rows import each_row


@each_row(
    ("text", "local", "domain"),
    [
        ("billing@example.com", "billing", "example.com"),
        ("Billing+tag@EXAMPLE.com", "Billing+tag", "example.com"),
        ("o'neil.x@example.com", "o'neil.x", "example.com"),
        ("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~", "example.com"),
        ("user@localhost", "user", "localhost"),
        ("user@[127.0.0.1]", "user", "[127.0.0.1]"),
        ("user@[IPv6:::1]", "user", "[IPv6:::1]"),
        ('"a b"@example.com', "a b", "example.com"),
        ('"a\\"b\\\\c"@example.com', 'a"b\\c', "example.com"),
        ('""@example.com', "", "example.com"),
        ('"a@b"@example.com', "a@b", "example.com"),
        ("jürgen@bücher.example", "jürgen", "xn--bcher-kva.example"),
        ("用户@例え.テスト", "用户", "xn--r8jz45g.xn--zckzah"),
        ("a" * 64 + "@example.com", "a" * 64, "example.com"),
    ],
)
def test_an_address_has_a_local_part_and_a_domain(text: str, local: str, domain: str) -> None:
    assert Mailbox.parse(text) == Mailbox(local, domain)


@each_row(
    ("text", "problem", "position"),
    [
        ("", "the address is empty", 1),
        ("billing", 'there is no "@"', 8),
        ("@example.com", 'nothing stands before the "@"', 1),
        ("billing@", "the domain is empty", 9),
        (".a@example.com", 'the part before the "@" cannot begin with a dot', 1),
        ("a..b@example.com", "a dot has no name beside it", 2),
        ("a.@example.com", "a dot has no name beside it", 2),
        ("a b@example.com", 'the part before the "@" cannot contain a space without quotes', 2),
        (" a@example.com", 'the part before the "@" cannot contain a space without quotes', 1),
        ("a@example.com ", "a domain cannot contain a space", 14),
        ("<a@example.com>", 'the part before the "@" cannot contain "<" without quotes', 1),
        ("a\r\nRCPT@example.com", 'the part before the "@" cannot contain U+000D without quotes', 2),
        ('"a\nb"@example.com', 'the part before the "@" cannot contain U+000A', 3),
        ("a\u200bb@example.com", 'the part before the "@" cannot contain U+200B', 2),
        ('"a@example.com', "the closing quote is missing", 15),
        ('"a\\', "the closing quote is missing", 4),
        ('"a"', 'there is no "@" after the closing quote', 4),
        ('"a"b@example.com', 'there is no "@" after the closing quote', 4),
        ("a@b@example.com", 'a domain cannot contain "@"', 4),
        ("a@192.0.2.1", "an IP address stands in brackets here, such as [192.0.2.1]", 3),
        ("a@[192.0.2.1", 'a domain cannot contain "["', 3),
        ("a@[x]", "the brackets hold no IP address: write [192.0.2.1] or [IPv6:2001:db8::1]", 4),
        ("a" * 65 + "@example.com", 'the part before the "@" is longer than 64 octets', 1),
        ("ü" * 33 + "@example.com", 'the part before the "@" is longer than 64 octets', 1),
        ("a" * 64 + "@" + ".".join(["b" * 60] * 4), "the address is longer than 254 octets", 255),
    ],
)
def test_what_is_no_address_is_said_with_its_place(text: str, problem: str, position: int) -> None:
    with pytest.raises(AddressError) as caught:
        Mailbox.parse(text)

    assert (caught.value.problem, caught.value.position) == (problem, position)
    assert isinstance(caught.value, MaildError)


@each_row(
    ("mailbox", "text"),
    [
        (Mailbox("a.b", "example.com"), "a.b@example.com"),
        (Mailbox("a b", "example.com"), '"a b"@example.com'),
        (Mailbox('a"\\', "example.com"), '"a\\"\\\\"@example.com'),
        (Mailbox("", "example.com"), '""@example.com'),
        (Mailbox("a..b", "example.com"), '"a..b"@example.com'),
        (Mailbox("jürgen", "xn--bcher-kva.example"), "jürgen@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_written_with_quotes_where_the_grammar_wants_them(mailbox: Mailbox, text: str) -> None:
    assert str(mailbox) == text


def test_an_address_is_made_of_a_local_part_without_quotes_and_a_domain() -> None:
    assert Mailbox.of("a b", "Example.com") == Mailbox("a b", "example.com")


@pytest.mark.parametrize(
    ("local", "domain", "position"), [("a\n", "example.com", 2), ("ab", "x_y", 5), ("a" * 65, "x", 1)]
)
def test_parts_that_make_no_address_are_refused(local: str, domain: str, position: int) -> None:
    with pytest.raises(AddressError) as caught:
        Mailbox.of(local, domain)

    assert caught.value.position == position


def test_quoting_escapes_quotes_and_backslashes() -> None:
    assert quote('a "b" \\c') == '"a \\"b\\" \\\\c"'


def parsed(text: str) -> Mailbox | AddressError:
    try:
        return Mailbox.parse(text)
    except AddressError as error:
        return error


@given(st.one_of(st.text(max_size=60), st.from_regex(r'[a.@"\\ ü]{0,12}@[a-z.\[\]]{1,8}', fullmatch=True)))
def test_any_text_is_an_address_or_an_address_error_within_it(text: str) -> None:
    mailbox = parsed(text)

    if isinstance(mailbox, AddressError):
        assert 1 <= mailbox.position <= max(len(text) + 1, 255)
    else:
        assert Mailbox.parse(str(mailbox)) == mailbox


@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp", "Zs")) | st.just(" "), max_size=16
    ),
    st.sampled_from(["example.com", "xn--bcher-kva.example", "[127.0.0.1]", "[IPv6:2001:db8::1]"]),
)
def test_every_address_comes_back_from_its_text(local: str, domain: str) -> None:
    mailbox = Mailbox(local, domain)

    assert Mailbox.parse(str(mailbox)) == mailbox
