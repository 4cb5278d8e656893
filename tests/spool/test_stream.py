from maild.mail.header import Header
from maild.mail.priority import Priority
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import AccountSender, NullSender
from maild.spool.stream import STREAMS_EACH, priority_of_stream, stream_of
from tests.spool.messages import ANNA, BERT

NOBODY = Header(())


def author(text: str) -> int:
    return stream_of(Priority.NORMAL, AccountSender(), Header.parse(f"From: {text}\r\n".encode()))


def test_a_stream_tells_the_priority() -> None:
    for priority in Priority:
        assert priority_of_stream(stream_of(priority, ANNA, NOBODY)) is priority
    assert priority_of_stream(NORMAL_STREAM) is Priority.NORMAL
    assert STREAMS_EACH == 32


def test_a_sender_has_one_stream_and_others_have_others() -> None:
    assert stream_of(Priority.NORMAL, ANNA, NOBODY) != stream_of(Priority.NORMAL, BERT, NOBODY)
    assert stream_of(Priority.NORMAL, NullSender(), NOBODY) == stream_of(Priority.NORMAL, NullSender(), NOBODY)


def test_where_the_account_is_the_sender_the_author_tells_who_it_is_whatever_name_stands_beside_it() -> None:
    assert author("Shop <Shop@example.org>") == author("shop@example.org") == author('"Your shop" <shop@example.org>')
    assert author("shop@example.org") != author("newsletter@example.org")
    assert stream_of(Priority.NORMAL, AccountSender(), NOBODY) == author("")
