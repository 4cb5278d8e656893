from maild.observe.access.host import may_ask
from tests.rows import each_row


@each_row(
    ("local_address", "host", "allowed"),
    [
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "LOCALHOST:9725", True),
        ("127.0.0.1", "localhost.", True),
        ("127.0.0.1", "127.0.0.1:9725", True),
        ("127.0.0.1", "127.9.9.9", True),
        ("::1", "[::1]:9725", True),
        ("::1", "[::1]", True),
        ("127.0.0.1", "mail.example:80", True),
        ("::ffff:127.0.0.1", "evil.example", False),
        ("127.0.0.1", "evil.example:9725", False),
        ("127.0.0.1", "192.0.2.7", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "127.0.0.1.evil.example", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[::1", False),
        ("192.0.2.7", "192.0.2.7:9725", True),
        ("192.0.2.7", "203.0.113.9", True),
        ("192.0.2.7", "MAIL.example.:9725", True),
        ("192.0.2.7", "localhost", True),
        ("192.0.2.7", "evil.example", False),
        ("192.0.2.7", "", False),
        (None, "whatever", True),
    ],
)
def test_who_asks_by_a_name_that_is_not_ours_is_not_answered(
    local_address: str | None, host: str, *, allowed: bool
) -> None:
    assert may_ask(local_address, host, {"mail.example"}) is allowed
