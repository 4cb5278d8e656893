from hypothesis import given
from hypothesis import strategies as st

from maild.records.autoconfig import MAX_BYTES, MAX_SERVERS, AutoconfigServer, parse_autoconfig
from tests.rows import each_row

SERVER = """<outgoingServer type="smtp"><hostname>{host}</hostname><port>{port}</port><socketType>{socket}</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>"""


def config(*servers: str, head: str = '<?xml version="1.0"?>') -> bytes:
    body = f'<emailProvider id="x">{"".join(servers)}</emailProvider>'
    return f'{head}<clientConfig version="1.1">{body}</clientConfig>'.encode()


def server(host: str = "smtp.shop.example", port: object = 465, socket: str = "SSL") -> str:
    return SERVER.format(host=host, port=port, socket=socket)


def test_servers_that_encrypt_are_read_in_order() -> None:
    assert parse_autoconfig(config(server(), server("Two.shop.example", 587, "STARTTLS"))) == (
        AutoconfigServer(host="smtp.shop.example", port=465, mode="implicit", username="%EMAILADDRESS%"),
        AutoconfigServer(host="two.shop.example", port=587, mode="starttls", username="%EMAILADDRESS%"),
    )


@each_row(
    "data",
    [
        config(server(socket="plain")),
        config(server(port="4x5")),
        config(server(port=0)),
        config(server(port=70000)),
        config(server(port="9" * 5000)),
        config(server(port="٤٦٥")),
        config(server(host="")),
        config(server().replace('"smtp"', '"exchange"')),
        config(server().replace("outgoingServer", "incomingServer")),
        config(server())[:-20],
        config(server(), head='<?xml version="1.0" encoding="no-such"?>'),
        config(server(), head="<!DOCTYPE x>"),
        config(server("&a;"), head='<!DOCTYPE x [<!ENTITY a "smtp.shop.example">]>'),
        config(server(), head='<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
        config(server()) + b" " * MAX_BYTES,
        b"",
    ],
)
def test_what_encrypts_not_or_cannot_be_trusted_is_no_server(data: bytes) -> None:
    assert parse_autoconfig(data) == ()


def test_nobody_has_hundreds_of_servers() -> None:
    assert len(parse_autoconfig(config(*[server()] * 99))) == MAX_SERVERS


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: config(server(text))))
def test_no_content_makes_it_raise(data: bytes) -> None:
    assert isinstance(parse_autoconfig(data), tuple)
