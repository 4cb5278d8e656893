import re

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.report_wish import USUAL_WISH, Notify, ReportWish
from maild.net.smtp import Capabilities
from maild.net.smtp.notification import mail_words, rcpt_words
from tests.rows import each_row

DSN = Capabilities.parse("hi\nDSN")
PLAIN = Capabilities.parse("hi")
ALL = frozenset(Notify)


@each_row(
    ("wish", "mail", "rcpt"),
    [
        (USUAL_WISH, (), b""),
        (ReportWish(notify=frozenset()), (b"RET=HDRS",), b" NOTIFY=NEVER"),
        (ReportWish(notify=ALL, is_full=True), (b"RET=FULL",), b" NOTIFY=FAILURE,DELAY"),
        # maild tells of a success itself.
        (ReportWish(notify=frozenset({Notify.SUCCESS})), (b"RET=HDRS",), b" NOTIFY=NEVER"),
        (ReportWish(envelope_id="a+b= c"), (b"RET=HDRS", b"ENVID=a+2Bb+3D+20c"), b""),
    ],
)
def test_a_server_that_offers_it_is_told_what_was_wished(
    wish: ReportWish, mail: tuple[bytes, ...], rcpt: bytes
) -> None:
    assert (mail_words(wish, DSN), rcpt_words(wish, DSN)) == (mail, rcpt)
    assert (mail_words(wish, PLAIN), rcpt_words(wish, PLAIN)) == ((), b"")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=100))
def test_an_envelope_id_is_one_word_that_means_the_same(envelope_id: str) -> None:
    (_, word) = mail_words(ReportWish(envelope_id=envelope_id), DSN)

    text = word.removeprefix(b"ENVID=").decode()
    assert re.fullmatch(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})+", text)
    assert re.sub(r"\+([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), text) == envelope_id
