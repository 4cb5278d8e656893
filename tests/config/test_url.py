from hypothesis import given
from hypothesis import strategies as st

from maild.config.url import NoUrl, WholeUrl, parse_url, public_url
from tests.rows import each_row


@each_row(
    ("text", "url"),
    [
        ("https://email.example/send", "https://email.example/send"),
        ("HTTPS://Email.example", "https://email.example"),
        ("email.example", "https://email.example"),
        ("email.example/send?to=x", "https://email.example/send?to=x"),
        ("email.example:8443/send", "https://email.example:8443/send"),
        ("http://localhost:8080/", "http://localhost:8080/"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https:8080", "https://https:8080"),
    ],
)
def test_a_url_is_made_whole(text: str, url: str) -> None:
    assert parse_url(text) == WholeUrl(url=url)


@each_row(
    ("text", "shown", "problem", "suggestion"),
    [
        (
            "https:/email.example",
            "https:/email.example",
            "the two slashes after the colon are missing",
            "https://email.example",
        ),
        (
            "http:email.example/x",
            "http:email.example/x",
            "the two slashes after the colon are missing",
            "https://email.example/x",
        ),
        ("htps://email.example", "htps://email.example", '"htps" is no web address', "https://email.example"),
        ("https://u:p@email.example/x", "https://email.example/x", "it holds login data", "https://email.example/x"),
        ("u:p@email.example", "email.example", "it holds login data", "https://email.example"),
        (
            "https://u:p/w@email.example",
            "https://email.example",
            'the host is wrong: a host name cannot contain ":"',
            "",
        ),
        ("ftp://u:p@email.example", "ftp://email.example", '"ftp" is no web address', "https://email.example"),
        (
            "https:/u:p@email.example",
            "email.example",
            "the two slashes after the colon are missing",
            "https://email.example",
        ),
        (
            "https://u:p@email.example/ x",
            "https://email.example/ x",
            "it contains a blank or something that cannot be seen",
            "",
        ),
        ("https://a\n.example", "https://a\n.example", "it contains a blank or something that cannot be seen", ""),
        ("https://a_b.example", "https://a_b.example", 'the host is wrong: a host name cannot contain "_"', ""),
        ("https://", "https://", "the host is wrong: the name is empty", ""),
        (
            "https://https://a.example",
            "https://https://a.example",
            'the host is wrong: a host name cannot contain ":"',
            "",
        ),
        (
            "https://a.example/#x",
            "https://a.example/#••••",
            'what follows the host holds "#" or characters that a URL has to encode',
            "",
        ),
        (
            "https://a.example/ü",
            "https://a.example/ü",
            'what follows the host holds "#" or characters that a URL has to encode',
            "",
        ),
    ],
)
def test_what_is_no_url_is_said_without_its_login_data(text: str, shown: str, problem: str, suggestion: str) -> None:
    assert parse_url(text) == NoUrl(shown=shown, problem=problem, suggestion=suggestion)


@given(st.text(max_size=40) | st.text("a:/.[]@0#? ", max_size=20).map("https://".__add__))
def test_any_text_is_parsed_and_a_whole_url_is_parsed_to_itself(text: str) -> None:
    parsed = parse_url(text)

    if isinstance(parsed, WholeUrl):
        assert parse_url(parsed.url) == parsed


@each_row(
    ("text", "public"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("https://me:pass@a.example/x?key=abc", "https://a.example/x?••••"),
        ("a.example#abc?d", "a.example#••••"),
        ("a.example?", "a.example?"),
    ],
)
def test_of_an_address_no_login_and_no_key_is_public(text: str, public: str) -> None:
    assert public_url(text) == public
