import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import NamedMailbox, _plain_addresses, _Reader, parse_address_list
from tests.rows import each_row

A = Mailbox("a", "x.example")
B = Mailbox("b", "y.example")


def named(name: str, mailbox: Mailbox = A) -> NamedMailbox:
    return NamedMailbox(mailbox=mailbox, name=name)


@each_row(
    ("text", "addresses"),
    [
        ("", ()),
        ("a@x.example", (named(""),)),
        ("<a@x.example>", (named(""),)),
        ("Ann <a@x.example>", (named("Ann"),)),
        ("Ann B. Lee <a@x.example>", (named("Ann B. Lee"),)),
        ('"Lee, Ann" <a@x.example>', (named("Lee, Ann"),)),
        ('"Ann \\"A\\" Lee" <a@x.example>', (named('Ann "A" Lee'),)),
        ('"Ann\r\n Lee" <a@x.example>', (named("Ann Lee"),)),
        ('"Ann\tLee" <a@x.example>', (named("Ann Lee"),)),
        ("Jürgen <a@x.example>", (named("Jürgen"),)),
        ("=?utf-8?Q?J=C3=BCrgen?= <a@x.example>", (named("=?utf-8?Q?J=C3=BCrgen?="),)),
        ("a@x.example <a@x.example>", (named("a@x.example"),)),
        ("a@x.example, b@y.example", (named(""), named("", B))),
        (",a@x.example,\r\n , b@y.example,", (named(""), named("", B))),
        ("Ann (the (first) \\) one) <a@x.example> (x)", (named("Ann"),)),
        ("a (c) @ (d) x . example", (named(""),)),
        ("<@r.example,@s.example:a@x.example>", (named(""),)),
        ("team: a@x.example, Bo <b@y.example>;, a@x.example", (named(""), named("Bo", B), named(""))),
        ("undisclosed-recipients:;", ()),
        ("team: ; a@x.example", (named(""),)),
        ('"a b".c@x.example', (named("", Mailbox("a b.c", "x.example")),)),
        ("a@[127.0.0.1]", (named("", Mailbox("a", "[127.0.0.1]")),)),
        ("a@bücher.example", (named("", Mailbox("a", "xn--bcher-kva.example")),)),
    ],
)
def test_the_addresses_of_a_header_are_found_with_their_names(text: str, addresses: tuple[NamedMailbox, ...]) -> None:
    assert parse_address_list(text) == addresses


@each_row(
    ("text", "problem", "position"),
    [
        ("ann", 'this is no address: there is no "@"', 4),
        ("ann lee", 'this is no address: there is no "@"', 8),
        ("a@x.example b@y.example", "a comma is missing between two addresses", 13),
        ("a b@x.example", "a comma is missing between two addresses", 3),
        ("a..b@x.example", "a dot has no name beside it", 3),
        (".a@x.example", "a dot has no name beside it", 1),
        ("a.@x.example", "a dot has no name beside it", 2),
        ("@x.example", 'nothing stands before the "@"', 1),
        ("a@", "a domain is missing", 3),
        ("a@x.", "a domain is missing", 5),
        ("a@x_y.example", 'a domain cannot contain "_"', 1),
        ("Ann <a@x.example", 'the closing ">" is missing', 17),
        ("Ann <>", 'an address with "@" must stand in the brackets', 6),
        ("Ann <ann>", 'an address with "@" must stand in the brackets', 9),
        ("<@r.example>", 'the route has no ":" after it', 12),
        ("<@r.example", 'the route has no ":" after it', 12),
        ("a@x.example; b@y.example", "a comma is missing between two addresses", 12),
        ("; a@x.example", '";" has no address before it', 1),
        ("team: a@x.example", 'the group is not closed: ";" is missing', 18),
        ("team: inner: a@x.example;;", 'this is no address: there is no "@"', 12),
        (": a@x.example", '":" has no address before it', 1),
        ("(a@x.example", 'the comment is not closed: ")" is missing', 1),
        ('"a@x.example', "the closing quote is missing", 1),
        ("a@[127.0.0.1", "the closing bracket is missing", 3),
        ("a@[127.0.0.x]", "the brackets hold no IP address: write [192.0.2.1] or [IPv6:2001:db8::1]", 1),
        ("a\\b@x.example", '"\\" cannot stand here without quotes', 2),
        ("a\x00@x.example", "U+0000 cannot stand here without quotes", 2),
        ("a\u200b@x.example", "U+200B cannot stand in an address list", 2),
        ('"a\x07" <a@x.example>', "U+0007 cannot stand in an address list", 3),
    ],
)
def test_what_is_no_address_list_is_said_with_its_place(text: str, problem: str, position: int) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address_list(text)

    assert (caught.value.problem, caught.value.position) == (problem, position)


@each_row(
    ("address", "text"),
    [
        (named(""), "a@x.example"),
        (named("Ann Lee"), "Ann Lee <a@x.example>"),
        (named("Lee, Ann"), '"Lee, Ann" <a@x.example>'),
        (named('"A"'), '"\\"A\\"" <a@x.example>'),
    ],
)
def test_a_named_address_is_written_for_a_header(address: NamedMailbox, text: str) -> None:
    assert str(address) == text


def test_ten_thousand_nested_comments_are_read_without_recursion() -> None:
    assert parse_address_list("(" * 10_000 + ")" * 10_000 + "a@x.example") == (named(""),)


def parsed(text: str) -> tuple[NamedMailbox, ...] | AddressError:
    try:
        return parse_address_list(text)
    except AddressError as error:
        return error


@given(st.one_of(st.text(max_size=60), st.text('ab@."\\<>()[],;: \t', max_size=40)))
def test_any_text_is_a_list_or_an_address_error_within_it(text: str) -> None:
    addresses = parsed(text)

    if isinstance(addresses, AddressError):
        assert 1 <= addresses.position <= len(text) + 1
    else:
        assert parse_address_list(", ".join(map(str, addresses))) == addresses


@given(
    st.lists(st.builds(named, st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), max_size=12)))
)
def test_every_list_comes_back_from_its_text(addresses: list[NamedMailbox]) -> None:
    assert parse_address_list(", ".join(map(str, addresses))) == tuple(addresses)


PIECES = st.lists(
    st.sampled_from([
        "a", "B", "ann", "x.example", "X.Test", "a@x.example", "<b@y.example>", "<", ">", "@", ".", ",", " ", "  ", "-",
        "1", "127.0.0.1", "x" * 64, "y" * 64, "Ann Lee", '"', "(c)", ":", ";", "ü", "\t", "+tag", "xn--a",
        "[127.0.0.1]",
    ]),
    max_size=8,
).map("".join)  # fmt: skip


@given(PIECES)
def test_a_list_that_is_read_quickly_is_read_the_same_slowly(text: str) -> None:
    quick = _plain_addresses(text)

    assert quick is None or quick == tuple(_Reader(text).addresses())


@each_row(
    "text", ["a@x.example", " a@x.example", "a.b+c@X.example", "Ann Lee <a@x.example>", "<a@x.example>, b@y.example"]
)
def test_what_programs_write_is_read_quickly(text: str) -> None:
    assert _plain_addresses(text) == tuple(_Reader(text).addresses())
