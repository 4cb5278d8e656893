"""TLSA records, by which a server's certificate is pinned in DNS: RFC 6698 §2, RFC 7671, RFC 7672 §3.1. Pure.

Says what records mean and whether a chain of certificates fits one; whether an answer may be trusted is the caller's
business. For SMTP only two usages count: DANE-TA(2) and DANE-EE(3) (RFC 7672 §3.1.3).
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DANE_TA: Final = 2
DANE_EE: Final = 3

_RECORD: Final = re.compile(r"([0-9]{1,3}) ([0-9]{1,3}) ([0-9]{1,3}) ([0-9a-f ]+)", re.IGNORECASE)
_HASHES: Final = {1: hashlib.sha256, 2: hashlib.sha512}


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaRecord:
    """One record. `data` is a digest, or with matching type 0 the thing itself."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def is_usable(self) -> bool:
        """Whether SMTP clients use it: of the two usages, and its digest of the right length."""
        hash_ = _HASHES.get(self.matching)
        has_size = self.matching == 0 or (hash_ is not None and len(self.data) == hash_().digest_size)
        return self.usage in {DANE_TA, DANE_EE} and self.selector in {0, 1} and has_size

    def __str__(self) -> str:
        return f"{self.usage} {self.selector} {self.matching} {self.data.hex()}"


def parse_tlsa(values: Iterable[str]) -> tuple[TlsaRecord, ...]:
    """The records; what a name server gives that is none is left out."""
    records = []
    for value in values:
        found = _RECORD.fullmatch(value)
        data = "" if found is None else found[4].replace(" ", "")
        if found is not None and data and len(data) % 2 == 0:
            usage, selector, matching = (int(found[group]) for group in (1, 2, 3))
            record = TlsaRecord(usage=usage, selector=selector, matching=matching, data=bytes.fromhex(data))
            records.append(record)
    return tuple(records)


def fits(record: TlsaRecord, chain: Sequence[bytes]) -> bool:
    """Whether this usable record is about the chain (DER, the server's own certificate first).

    Of DANE-TA only that the authority stands in the chain is judged here; names are judged with the chain itself.
    """
    considered = chain[:1] if record.usage == DANE_EE else chain[1:]
    return any(_digest(record, certificate) == record.data for certificate in considered)


def record_of(certificate: bytes) -> TlsaRecord:
    """The record to publish for a server with this certificate (DER): its key, which outlives renewals, as SHA-256.

    Raises:
        ValueError: it cannot be read.
    """
    wanted = TlsaRecord(usage=DANE_EE, selector=1, matching=1, data=b"")
    digest = _digest(wanted, certificate)
    return TlsaRecord(usage=DANE_EE, selector=1, matching=1, data=digest)


def _digest(record: TlsaRecord, certificate: bytes) -> bytes:
    selected = certificate
    if record.selector == 1:
        key = x509.load_der_x509_certificate(certificate).public_key()
        selected = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    hash_ = _HASHES.get(record.matching)
    return selected if hash_ is None else hash_(selected).digest()
