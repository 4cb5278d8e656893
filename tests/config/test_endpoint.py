from maild.config.endpoint import listen_problem, resolver_problem
from tests.rows import each_row

WRITE = "write host:port, such as 127.0.0.1:9725, or unix:/run/maild/web.sock"
ADDRESS = "write the IP address of a name server, such as 192.0.2.53 or [2001:db8::53]:53"


@each_row(
    ("text", "problem"),
    [
        ("127.0.0.1:9725", None),
        ("127.0.0.1:0", None),
        ("localhost:9725", None),
        ("[::1]:9725", None),
        ("0.0.0.0:80", None),
        ("unix:/run/maild/web.sock", None),
        ("unix:web.sock", "after unix: stands the whole path of a socket"),
        ("unix:/a\nb", "after unix: stands the whole path of a socket"),
        ("9725", WRITE),
        (":9725", WRITE),
        ("::1:9725", WRITE),
        ("", WRITE),
        ("127.0.0.1:65536", "a port is a number up to 65535"),
        ("a_b:80", "what stands before the port is no host name and no IP address"),
    ],
)
def test_an_address_to_listen_on(text: str, problem: str | None) -> None:
    assert listen_problem(text) == problem


@each_row(
    ("text", "problem"),
    [
        ("192.0.2.53", None),
        ("192.0.2.53:5353", None),
        ("2001:db8::53", None),
        ("[2001:db8::53]:53", None),
        ("dns.example", ADDRESS),
        ("dns.example:53", ADDRESS),
        ("", ADDRESS),
        ("192.0.2.53:0", "a port is a number from 1 to 65535"),
        ("192.0.2.53:65536", "a port is a number from 1 to 65535"),
    ],
)
def test_the_address_of_a_name_server(text: str, problem: str | None) -> None:
    assert resolver_problem(text) == problem
