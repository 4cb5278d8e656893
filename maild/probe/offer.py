"""What a server offers, as seen in one conversation: extensions before and after TLS, the TLS itself, its chain. Pure.

Kept apart by channel, since what is said in clear can be changed by anybody on the way and is forgotten once TLS is
there (RFC 3207 §4.2). It is read from the steps of the conversation, so that it is there as well when the conversation
was stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from maild.config.model import TlsMode
from maild.mail.phase import Phase
from maild.net.certificate import Certificate, public_key_digest
from maild.net.smtp.capabilities import Capabilities
from maild.net.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """One certificate of the chain as the server sent it."""

    subject: str
    not_after: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What was seen.

    Attributes:
        clear: extensions with their parameters before TLS; None: nothing was said in clear.
        encrypted: the same under TLS; None: it did not come so far.
        mechanisms: of logging in, on the channel that logins use; None: it did not come so far.
        size_limit: the largest message in octets; None: not said.
        protocol: version and cipher, such as "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty without TLS.
        chain: as sent, the server's own first.
        key: SHA-256 of the server's public key, hexadecimal; empty where it was not seen.
    """

    clear: tuple[str, ...] | None = None
    encrypted: tuple[str, ...] | None = None
    mechanisms: tuple[str, ...] | None = None
    size_limit: int | None = None
    protocol: str = ""
    chain: tuple[ChainLink, ...] = ()
    key: str = ""

    @classmethod
    def of(cls, steps: Sequence[Step], mode: TlsMode, chain: Sequence[bytes] = ()) -> Self:
        """From the steps of a conversation and, where it was seen, the chain (DER)."""
        said = [Capabilities.parse(step.reply.text) for step in steps if _is_hello(step) and step.reply is not None]
        clear = said[0] if said and mode is not TlsMode.IMPLICIT else None
        under_tls = {TlsMode.IMPLICIT: said[:1], TlsMode.STARTTLS: said[1:2], TlsMode.NONE: []}[mode]
        encrypted = under_tls[0] if under_tls else None
        last = clear if mode is TlsMode.NONE else encrypted
        return cls(
            clear=None if clear is None else _lines(clear),
            encrypted=None if encrypted is None else _lines(encrypted),
            mechanisms=None if last is None else last.mechanisms,
            size_limit=None if last is None else last.size_limit,
            protocol=next((step.detail for step in steps if step.phase is Phase.TLS and step.error is None), ""),
            chain=tuple(_links(chain)),
            key=(public_key_digest(chain[0]) or "") if chain else "",
        )

    @property
    def tls_version(self) -> str:
        """Such as "TLSv1.3"; empty without TLS."""
        return self.protocol.partition(" ")[0]

    @property
    def cipher(self) -> str:
        """OpenSSL's name of it; empty without TLS."""
        return self.protocol.partition(" ")[2]

    @property
    def offers_starttls(self) -> bool | None:
        """Whether encryption was offered in clear; None: nothing was said in clear."""
        return None if self.clear is None else any(line.split()[0] == "STARTTLS" for line in self.clear)


def _is_hello(step: Step) -> bool:
    return step.phase is Phase.EHLO and step.error is None


def _lines(capabilities: Capabilities) -> tuple[str, ...]:
    return tuple(" ".join((name, *text.split())) for name, text in capabilities.extensions.items())


def _links(chain: Sequence[bytes]) -> list[ChainLink]:
    found = [Certificate.of(der) for der in chain]
    return [ChainLink(subject=one.subject, not_after=one.not_after, sha256=one.sha256) for one in found if one]
