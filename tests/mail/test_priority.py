from maild.mail.header import Header
from maild.mail.priority import Priority, priority_of
from tests.rows import each_row


@each_row(
    ("head", "priority"),
    [
        (b"Subject: hello\r\n", Priority.NORMAL),
        (b"Priority: urgent\r\n", Priority.URGENT),
        (b"Priority: Non-Urgent\r\n", Priority.BULK),
        (b"Importance: High\r\n", Priority.URGENT),
        (b"Importance: low\r\n", Priority.BULK),
        (b"X-Priority: 1 (Highest)\r\n", Priority.URGENT),
        (b"X-Priority: 5\r\n", Priority.BULK),
        (b"X-Priority: soon\r\n", Priority.NORMAL),
        (b"Precedence: bulk\r\n", Priority.BULK),
        (b"MT-Priority: 4\r\n", Priority.URGENT),
        (b"MT-Priority: -3 (later)\r\n", Priority.BULK),
        (b"MT-Priority: +0\r\nX-Priority: 1\r\n", Priority.NORMAL),
        (b"MT-Priority: 10\r\nX-Priority: 1\r\n", Priority.URGENT),
        (b"X-Priority: 1\r\nPrecedence: bulk\r\n", Priority.URGENT),
        (b"X-Priority: 1\r\nImportance: normal\r\n", Priority.NORMAL),
        (b"X-Priority: 1\r\nX-Priority: 5\r\n", Priority.URGENT),
    ],
)
def test_the_first_field_that_says_something_decides(head: bytes, priority: Priority) -> None:
    assert priority_of(Header.parse(head)) is priority
