from hypothesis import given
from hypothesis import strategies as st

from maild.config.host import Host, HostAndMore, HostText, NoHost, is_loopback, parse_host
from tests.rows import each_row


def more(name: str, port: int | None = None, scheme: str | None = None) -> HostAndMore:
    return HostAndMore(name=name, port=port, scheme=scheme)


@each_row(
    ("text", "host"),
    [
        ("smtp.gmail.com", Host(name="smtp.gmail.com")),
        ("SMTP.Gmail.com", Host(name="smtp.gmail.com")),
        ("localhost", Host(name="localhost")),
        ("192.0.2.1", Host(name="192.0.2.1")),
        ("2001:DB8::1", Host(name="2001:db8::1")),
        ("[2001:db8::1]", Host(name="2001:db8::1")),
        ("bücher.example", Host(name="xn--bcher-kva.example")),
        ("smtp.gmail.com:587", more("smtp.gmail.com", 587)),
        ("smtps://smtp.gmail.com:465", more("smtp.gmail.com", 465, "smtps")),
        ("SMTP://smtp.gmail.com", more("smtp.gmail.com", scheme="smtp")),
        ("https://smtp.gmail.com/mail", more("smtp.gmail.com", scheme="https")),
        ("smtp.gmail.com/", more("smtp.gmail.com")),
        ("[2001:db8::1]:25", more("2001:db8::1", 25)),
        ("192.0.2.1:25", more("192.0.2.1", 25)),
        ("", NoHost(problem="the name is empty")),
        ("smtp_gmail.com", NoHost(problem='a host name cannot contain "_"')),
        ("smtp.gmail.com.", NoHost(problem="it ends with a dot")),
        (".", NoHost(problem="a dot has no name beside it")),
        (" smtp.gmail.com", NoHost(problem="it begins or ends with a blank")),
        ("smtp.gmail.com\u00a0", NoHost(problem="it begins or ends with a blank")),
        ("smtp\u200b.gmail.com", NoHost(problem="it contains U+200B, which cannot be seen")),
        ("smtp gmail.com", NoHost(problem="a host name cannot contain a space")),
        ("192.0.2", NoHost(problem="it looks like an IP address and is none")),
        ("192.0.2.256", NoHost(problem="it looks like an IP address and is none")),
        ("smtp.gmail.com:0", NoHost(problem='a host name cannot contain ":"')),
        ("smtp.gmail.com:65536", NoHost(problem='a host name cannot contain ":"')),
        ("billing@gmail.com", NoHost(problem='a host name cannot contain "@"')),
        ("smtps://", NoHost(problem='a host name cannot contain ":"')),
        ("-a.example", NoHost(problem="a part of a host name cannot begin or end with a hyphen")),
    ],
)
def test_a_text_is_a_host_or_a_host_and_more_or_none(text: str, host: HostText) -> None:
    assert parse_host(text) == host


@each_row(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("mail.localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("192.0.2.1", False),
        ("localhost.example", False),
        ("mail.example", False),
    ],
)
def test_this_machine_is_known_by_its_names_and_addresses(host: str, *, is_local: bool) -> None:
    assert is_loopback(host) is is_local


@given(st.text(max_size=40) | st.text("a:/.[]@0 ", max_size=20))
def test_any_text_is_parsed_and_a_host_is_parsed_to_itself(text: str) -> None:
    host = parse_host(text)

    if not isinstance(host, NoHost):
        assert parse_host(host.name) == Host(name=host.name)
