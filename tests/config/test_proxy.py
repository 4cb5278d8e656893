from hypothesis import given
from hypothesis import strategies as st

from maild.config.proxy import NoProxy, Proxy, ProxyKind, parse_proxy
from tests.rows import each_row

WRITE = "write socks5://host:port or http://host:port"


@each_row(
    ("text", "kind", "host", "port"),
    [
        ("socks5://proxy.example.com:1080", ProxyKind.SOCKS5, "proxy.example.com", 1080),
        ("HTTP://Proxy.Example.com:3128/", ProxyKind.HTTP, "proxy.example.com", 3128),
        ("http://192.0.2.1:8080", ProxyKind.HTTP, "192.0.2.1", 8080),
        ("socks5://[2001:db8::1]:1080", ProxyKind.SOCKS5, "2001:db8::1", 1080),
    ],
)
def test_a_proxy(text: str, kind: ProxyKind, host: str, port: int) -> None:
    assert parse_proxy(text) == Proxy(kind=kind, host=host, port=port)


@each_row(
    ("text", "problem"),
    [
        (
            "http://user:hunter2@proxy.example.com:3128",
            "a login does not stand in the address of a proxy but beside it, in `proxy_login`",
        ),
        ("proxy.example.com:3128", WRITE),
        ("http://proxy.example.com", WRITE),
        ("http://proxy.example.com:3128/path", WRITE),
        ("", WRITE),
        ("https://proxy.example.com:443", "a proxy is socks5:// or http://"),
        ("socks5h://proxy.example.com:443", "a proxy is socks5:// or http://"),
        ("http://a_b:1", "what stands before the port is no host name and no IP address"),
        ("http://proxy.example.com:0", "a port is a number from 1 to 65535"),
        ("http://proxy.example.com:65536", "a port is a number from 1 to 65535"),
    ],
)
def test_no_proxy(text: str, problem: str) -> None:
    assert parse_proxy(text) == NoProxy(problem=problem)


@given(st.text(max_size=60) | st.from_regex(r"(socks5|http)://[a-z0-9.\[\]:]{0,20}:[0-9]{1,5}", fullmatch=True))
def test_what_is_read_is_written_as_it_is_read(text: str) -> None:
    parsed = parse_proxy(text)

    assert isinstance(parsed, NoProxy) or parse_proxy(str(parsed)) == parsed
