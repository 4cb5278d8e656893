import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate
from hypothesis import given
from hypothesis import strategies as st

from maild.records.tlsa import TlsaRecord, fits, parse_tlsa, record_of
from tests.fakes.certificates import certificates


def chain() -> tuple[bytes, ...]:
    leaf = load_pem(certificates().good.cert_file)
    authority = load_pem(certificates().ca_file)
    return (leaf, authority)


def load_pem(path: Path) -> bytes:
    return load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)


def spki(der: bytes) -> bytes:
    return load_der_x509_certificate(der).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_records_are_read_and_nonsense_is_left_out() -> None:
    values = ("3 1 1 AB cd", "3 1 1 abc", "x", "3 1 1  ", "3 1 1 00")

    assert [str(record) for record in parse_tlsa(values)] == ["3 1 1 abcd", "3 1 1 00"]


def test_smtp_uses_two_usages_and_digests_of_the_right_length() -> None:
    def record(text: str) -> TlsaRecord:
        return parse_tlsa((text,))[0]

    assert [record(f"{usage} 1 1 {'00' * 32}").is_usable for usage in range(5)] == [False, False, True, True, False]
    assert [record(f"3 {selector} 0 00").is_usable for selector in range(3)] == [True, True, False]
    assert [record(f"3 1 {matching} {'00' * 64}").is_usable for matching in range(4)] == [True, False, True, False]


def test_a_record_fits_the_server_s_key_or_an_authority_above_it() -> None:
    leaf, authority = chain()
    own = (record_of(leaf), TlsaRecord(usage=3, selector=0, matching=0, data=leaf))
    above = TlsaRecord(usage=2, selector=1, matching=2, data=hashlib.sha512(spki(authority)).digest())

    assert str(own[0]) == f"3 1 1 {hashlib.sha256(spki(leaf)).hexdigest()}"
    assert [fits(record, chain()) for record in (*own, above)] == [True, True, True]
    assert [fits(record, (authority,)) for record in (*own, above)] == [False, False, False]


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), st.binary(min_size=1, max_size=70))
def test_a_record_that_is_written_is_the_one_that_is_read(
    usage: int, selector: int, matching: int, data: bytes
) -> None:
    record = TlsaRecord(usage=usage, selector=selector, matching=matching, data=data)

    assert parse_tlsa((str(record),)) == (record,)
