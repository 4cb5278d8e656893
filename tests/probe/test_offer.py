from maild.config.model import TlsMode
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.step import NetError, Reason, Step
from maild.probe.offer import Offer
from tests.fakes.certificates import GOOD_UNTIL, certificates


def ehlo(text: str) -> Step:
    return Step(phase=Phase.EHLO, seconds=0.0, reply=Reply.of(250, f"mail.test\n{text}"))


TLS = Step(phase=Phase.TLS, seconds=0.0, detail="TLSv1.3 TLS_AES_256_GCM_SHA384")


def test_extensions_are_kept_apart_by_channel() -> None:
    steps = [ehlo("SIZE 100\nSTARTTLS"), TLS, ehlo("SIZE 200\nAUTH  PLAIN  LOGIN")]
    offer = Offer.of(steps, TlsMode.STARTTLS, (certificates().good.der, b"no certificate"))

    assert offer.clear == ("SIZE 100", "STARTTLS")
    assert offer.encrypted == ("SIZE 200", "AUTH PLAIN LOGIN")
    assert (offer.mechanisms, offer.size_limit, offer.offers_starttls) == (("PLAIN", "LOGIN"), 200, True)
    assert (offer.tls_version, offer.cipher) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    assert [link.not_after for link in offer.chain] == [GOOD_UNTIL]
    assert len(offer.key) == 64


def test_a_conversation_that_was_stopped_tells_what_it_saw() -> None:
    failed = Step(phase=Phase.TLS, seconds=0.0, error=NetError(Phase.TLS, Reason.TLS, "no"))

    assert Offer.of([ehlo("SIZE 1"), failed], TlsMode.STARTTLS) == Offer(clear=("SIZE 1",))
    assert Offer.of([], TlsMode.STARTTLS).offers_starttls is None
    assert Offer.of([ehlo("AUTH PLAIN")], TlsMode.NONE).mechanisms == ("PLAIN",)
    implicit = Offer.of([TLS, ehlo("AUTH PLAIN")], TlsMode.IMPLICIT, (b"unreadable",))
    assert (implicit.clear, implicit.encrypted, implicit.chain, implicit.key) == (None, ("AUTH PLAIN",), (), "")
