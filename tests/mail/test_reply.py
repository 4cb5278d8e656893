from hypothesis import given
from hypothesis import strategies as st

from maild.mail.reply import MAX_REPLY_CHARS, EnhancedCode, Reply
from tests.rows import each_row


def test_a_reply_knows_its_enhanced_code_and_its_class() -> None:
    reply = Reply.of(535, "5.7.8 Username and Password not accepted.\n5.7.8 For more information")

    assert reply.enhanced == EnhancedCode(class_=5, subject=7, detail=8)
    assert str(reply.enhanced) == "5.7.8"
    assert str(reply) == "535 5.7.8 Username and Password not accepted. / 5.7.8 For more information"
    assert (reply.is_positive, reply.is_transient, reply.is_permanent) == (False, False, True)
    assert Reply.of(250, "2.0.0 Ok").is_positive
    assert Reply.of(451, "later").is_transient


@each_row("text", ["", "1.2.3 no such class", "5.7 too short", "5.7.8x", "5.7.1234 long", "see 5.7.8"])
def test_text_without_an_enhanced_code_at_its_beginning_has_none(text: str) -> None:
    assert Reply.of(550, text).enhanced is None


def test_control_characters_of_a_hostile_server_are_not_shown() -> None:
    assert Reply.of(550, "\x1b[2Jgone\r\nnext\x00").text == "\ufffd[2Jgone\nnext\ufffd"


@given(st.integers(200, 599), st.text(max_size=5000))
def test_any_text_gives_a_capped_printable_reply(code: int, text: str) -> None:
    reply = Reply.of(code, text)

    assert len(reply.text) <= MAX_REPLY_CHARS
    assert all(char == "\n" or char.isprintable() for char in reply.text)
    assert "\n" not in str(reply)
