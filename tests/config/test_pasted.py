from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.pasted import has_other_at, meant_address, meant_host, several_addresses
from maild.mail.address import Mailbox
from tests.rows import each_row


@each_row(
    ("text", "meant", "why"),
    [
        ("billing\uff20shop.example", "billing@shop.example", "its @ is a wide one, which only looks like the usual @"),
        (
            "\uff42\uff49\uff4c\uff4c\uff49\uff4e\uff47@shop.example",
            "billing@shop.example",
            "a character in it is a wide one",
        ),
        (" billing@shop.example", "billing@shop.example", "it begins or ends with a blank"),
        ("bil\u200bling@shop.example", "billing@shop.example", "a character in it cannot be seen"),
        ("Shop <billing@shop.example>", "billing@shop.example", "only the address stands here"),
        ("<billing@shop.example>", "billing@shop.example", "only the address stands here"),
        ("mailto:billing@shop.example", "billing@shop.example", "`mailto:` does not belong to it"),
        ("[billing@shop.example](mailto:billing@shop.example)", "billing@shop.example", "it is a link of a web page"),
        ("“billing@shop.example”", "billing@shop.example", "quotes stand around it"),
        ("(billing@shop.example)", "billing@shop.example", "brackets or punctuation stand around it"),
        ("billing@shop.example.", "billing@shop.example", "it ends with a dot"),
        ("billing (at) shop (dot) example", "billing@shop.example", "its @ is written as a word"),
        ("billing&#64;shop.example", "billing@shop.example", "its @ is written as a word"),
        ("billing[at]shop.example", "billing@shop.example", "its @ is written as a word"),
        ("billing@@shop.example", "billing@shop.example", "it holds two @"),
        ("billing @ shop.example", "billing@shop.example", "it holds a blank"),
        ("billing@shop,example", "billing@shop.example", "it holds a comma where a dot belongs"),
        ("billing@shop..example", "billing@shop.example", "it holds two dots in a row"),
        ("the address billing@shop.example", "billing@shop.example", "more than the address stands here"),
        ("billing@shop.example (whole address)", "billing@shop.example", "brackets or punctuation stand around it"),
    ],
)
def test_an_address_is_found_in_what_came_with_it(text: str, meant: str, why: str) -> None:
    found = meant_address(text)

    assert found is not None
    assert found.text == meant
    assert found.why.startswith(why)


@each_row(
    "text",
    ["billing", "billing@", "@shop.example", "a@shop.example, b@shop.example", "billing@shop", "x" * 1000, "a <b> <c>"],
)
def test_no_address_is_guessed_where_there_is_none_or_more_than_one(text: str) -> None:
    assert meant_address(text) is None


@each_row(
    ("text", "meant", "why"),
    [
        ("smtp.shop.example.", "smtp.shop.example", "it ends with a dot"),
        ("smtp.shop.example,", "smtp.shop.example", "it ends with a comma"),
        ("Outgoing: smtp.shop.example", "smtp.shop.example", "more than the name stands here"),
        ("smtp.shop.example for sending", "smtp.shop.example", "more than the name stands here"),
        ("smtp.shop.example;", "smtp.shop.example", "it ends with a semicolon"),
        ("“smtp.shop.example”", "smtp.shop.example", "quotes stand around it"),
        ("<smtp.shop.example>", "smtp.shop.example", "brackets or punctuation stand around it"),
        ("@smtp.shop.example", "smtp.shop.example", "it begins with an @"),
        ("smtp.shop.example (SSL)", "smtp.shop.example", "more than the name stands here"),
        ("smtp: smtp.shop.example", "smtp.shop.example", "more than the name stands here"),
        ("smtp,shop,example", "smtp.shop.example", "it holds commas where dots belong"),
        ("smtp . shop . example", "smtp.shop.example", "it holds a blank"),
        ("smtp..shop.example", "smtp.shop.example", "a dot has no name beside it"),
        ("smtp[dot]shop[dot]example", "smtp.shop.example", "a dot in it is written as a word"),
    ],
)
def test_a_server_is_found_in_what_came_with_it(text: str, meant: str, why: str) -> None:
    found = meant_host(text)

    assert found is not None
    assert found.text == meant
    assert found.why.startswith(why)


@each_row(
    "text",
    [
        "billing@shop.example",
        "smtp_shop",
        "a.example or b.example",
        "smtp shop.example",
        "a.b.example or c.b.example",
        "<your-server>",
    ],
)
def test_no_server_is_guessed_where_there_is_none(text: str) -> None:
    assert meant_host(text) is None


@each_row(
    ("text", "addresses"),
    [
        ("a@b.example; c@d.example;", ("a@b.example", "c@d.example")),
        ("a@b.example c@d.example", ("a@b.example", "c@d.example")),
        ("a@b.example, and others", ()),
        ("a@b.example", ()),
        ("a@b.example," * 100, ()),
    ],
)
def test_several_addresses_are_taken_apart(text: str, addresses: tuple[str, ...]) -> None:
    assert several_addresses(text) == addresses


def test_an_at_is_recognised_in_other_clothes_and_a_usual_login_is_none() -> None:
    assert all(map(has_other_at, ["a\uff20b", "a&#64;b", "a(at)b", "a [AT] b", "a\ufe6bb"]))
    assert not any(map(has_other_at, ["apikey", "DOMAIN\\hans", "(at)", "a at b", "bob (office)"]))


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["a@b.example", ""]))
def test_what_is_guessed_is_an_address(text: str, inner: str) -> None:
    found = meant_address(text + inner)

    assert found is None or "." in Mailbox.parse(found.text).domain
