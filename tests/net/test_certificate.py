import ssl
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from maild.net.certificate import Certificate, Defect, describe_defect, name_defect
from tests.fakes.certificates import EXPIRED_AT, GOOD_UNTIL, certificates
from tests.rows import each_row


def test_a_certificate_s_facts_are_read() -> None:
    found = Certificate.of(certificates().good.der)

    assert found is not None
    assert found.not_after == GOOD_UNTIL
    assert set(found.names) == {"localhost", "mail.test", "smtp.test", "127.0.0.1", "::1"}
    assert "O=Test Trust" in found.issuer
    assert "CN=mail.test" in found.subject
    assert len(found.sha256) == 64


def test_a_certificate_without_names_has_none() -> None:
    found = Certificate.of(ssl.PEM_cert_to_DER_cert(certificates().ca_file.read_text("ascii")))

    assert found is not None
    assert found.names == ()


@given(st.binary(max_size=200))
def test_bytes_that_are_no_certificate_are_none(der: bytes) -> None:
    assert Certificate.of(der) is None


@given(st.data())
def test_a_damaged_certificate_never_crashes_the_reader(data: st.DataObject) -> None:
    der = bytearray(certificates().incomplete_chain.der)
    index = data.draw(st.integers(0, len(der) - 1))
    der[index] = data.draw(st.integers(0, 255))

    Certificate.of(bytes(der))
    name_defect([bytes(der)], verify_code=20)


def test_no_single_damaged_byte_crashes_the_reader() -> None:
    # Some damages raise errors of their own kind: another version, an extension twice, an odd kind of name.
    whole = certificates().incomplete_chain.der
    for index in range(len(whole)):
        for value in (0x00, 0x01, 0x11, 0x30, whole[index] ^ 0x01, whole[index] ^ 0x07):
            der = whole[:index] + bytes([value]) + whole[index + 1 :]
            Certificate.of(der)
            name_defect([der], verify_code=20)


@each_row(
    ("code", "defect"),
    [
        (9, Defect.NOT_YET_VALID),
        (10, Defect.EXPIRED),
        (18, Defect.SELF_SIGNED),
        (19, Defect.UNTRUSTED_ROOT),
        (24, Defect.MALFORMED),
        (62, Defect.NAME_MISMATCH),
        (64, Defect.NAME_MISMATCH),
        (66, Defect.WEAK_KEY),
        (89, Defect.MALFORMED),
        (999, Defect.OTHER),
    ],
)
def test_openssl_s_codes_have_names(code: int, defect: Defect) -> None:
    assert name_defect([], verify_code=code) is defect


def test_an_issuer_that_is_not_found_is_told_apart_by_the_chain() -> None:
    made = certificates()

    assert name_defect([made.incomplete_chain.der], verify_code=20) is Defect.INCOMPLETE_CHAIN
    assert name_defect([made.self_signed.der], verify_code=20) is Defect.SELF_SIGNED
    assert name_defect([made.good.der], verify_code=20) is Defect.UNTRUSTED_ROOT
    assert name_defect([made.incomplete_chain.der, made.good.der], verify_code=21) is Defect.UNTRUSTED_ROOT
    assert name_defect([], verify_code=20) is Defect.UNTRUSTED_ROOT
    assert name_defect([b"nonsense"], verify_code=20) is Defect.UNTRUSTED_ROOT


CERTIFICATE = Certificate(
    subject="CN=mail.test",
    issuer="O=Somebody",
    not_before=datetime(2098, 1, 1, tzinfo=UTC),
    not_after=EXPIRED_AT,
    sha256="0" * 64,
    names=("other.test",),
)


@each_row(
    ("defect", "certificate", "words"),
    [
        (Defect.EXPIRED, CERTIFICATE, "has expired on 2020-02-02"),
        (Defect.EXPIRED, None, "has expired"),
        (Defect.NOT_YET_VALID, CERTIFICATE, "is not valid before 2098-01-01; is this machine's clock right?"),
        (Defect.NOT_YET_VALID, None, "is not valid yet; is this machine's clock right?"),
        (Defect.SELF_SIGNED, None, "is self-signed: nobody this machine trusts vouches for it"),
        (Defect.UNTRUSTED_ROOT, CERTIFICATE, 'was issued by "O=Somebody", whom this machine does not trust'),
        (Defect.UNTRUSTED_ROOT, None, "was issued by somebody, whom this machine does not trust"),
        (
            Defect.INCOMPLETE_CHAIN,
            CERTIFICATE,
            'was issued by "O=Somebody", whose own certificate the server does not send along',
        ),
        (Defect.NAME_MISMATCH, CERTIFICATE, "is for other.test, not for mail.test"),
        (Defect.NAME_MISMATCH, None, "is for another name, not for mail.test"),
        (Defect.WEAK_KEY, None, "has a key or a signature too weak to protect anything"),
        (Defect.MALFORMED, None, "or one of those above it breaks the rules for certificates"),
        (Defect.OTHER, None, "was not accepted"),
    ],
)
def test_a_defect_is_a_sentence_with_the_facts_there_are(
    defect: Defect, certificate: Certificate | None, words: str
) -> None:
    assert describe_defect(defect, certificate, host="mail.test") == f"the server's certificate {words}"


def test_a_certificate_in_words_says_until_when_and_by_whom() -> None:
    assert str(CERTIFICATE) == "valid until 2020-02-02, issued by O=Somebody"
