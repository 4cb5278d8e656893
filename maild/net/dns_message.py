"""Questions to name servers and their answers, as octets (RFC 1035 §4, RFC 6891, RFC 8914). Pure.

dnspython reads names and records; what it has for whole messages is left aside, since it takes all sections apart into
objects, and a round of checks asks thousands of questions of which one section of each answer is wanted.

Hostile input: anybody may send octets. What is no answer to the question, or cannot be read, is None, as if it had not
come; a loop of aliases ends where it is noticed.
"""

import struct
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

EDNS_PAYLOAD: Final = 1232
"""What passes every path unfragmented (DNS flag day 2020); larger answers come by TCP."""

MOST_ALIASES: Final = 16

_HEADER: Final = struct.Struct("!HHHHHH")
_RECORD: Final = struct.Struct("!HHIH")
_OPTION: Final = struct.Struct("!HH")
_QR, _TC, _RD, _AD = 0x8000, 0x0200, 0x0100, 0x0020
_OPT, _EDE, _SOA = 41, 15, 6
_IN: Final = dns.rdataclass.IN
_CNAME: Final = dns.rdatatype.CNAME
_WITHOUT_QUESTION: Final = frozenset({dns.rcode.FORMERR, dns.rcode.SERVFAIL, dns.rcode.NOTIMP, dns.rcode.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsQuestion:
    """What is asked. `id` is a number up to 65535 that nobody can guess."""

    name: dns.name.Name
    rdtype: dns.rdatatype.RdataType
    id: int

    def to_wire(self, *, has_edns: bool = True) -> bytes:
        """The message. AD asks for AD in the answer, without the signatures themselves (RFC 6840 §5.7)."""
        header = _HEADER.pack(self.id, _RD | _AD, 1, 0, 0, 1 if has_edns else 0)
        return header + self._asked() + (b"\0" + _RECORD.pack(_OPT, EDNS_PAYLOAD, 0, 0) if has_edns else b"")

    def _asked(self) -> bytes:
        wire = self.name.to_wire()
        assert wire is not None  # without a file to write to it is returned
        return wire + _OPTION.pack(self.rdtype, _IN)

    def is_in(self, wire: bytes, start: int) -> bool:
        """Whether it stands there in a message; servers may change capitals."""
        asked = self._asked()
        found = wire[start : start + len(asked)]
        return found[:-4].lower() == asked[:-4].lower() and found[-4:] == asked[-4:]

    @property
    def length(self) -> int:
        """Of it in a message."""
        return len(self._asked())


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsAnswer:
    """What a name server says.

    Attributes:
        is_truncated: it does not fit, and comes by TCP.
        is_vouched: the server says that it checked the signatures (AD).
        name: after following aliases.
        records: of the type asked for; empty: there are none.
        ttl_s: how long it may be kept, of the absence of records as well (RFC 2308 §5).
        errors: what the server adds about a failure (RFC 8914).
    """

    rcode: dns.rcode.Rcode
    is_truncated: bool = False
    is_vouched: bool = False
    name: dns.name.Name
    records: tuple[dns.rdata.Rdata, ...] = ()
    ttl_s: int = 0
    errors: tuple[int, ...] = ()


def read_answer(wire: bytes, question: DnsQuestion) -> DnsAnswer | None:
    """The answer to this question in these octets; None: they are none."""
    try:
        return _read(wire, question)
    except (dns.exception.DNSException, struct.error, ValueError):
        return None


def _read(wire: bytes, question: DnsQuestion) -> DnsAnswer | None:
    id_, flags, *counts = _HEADER.unpack_from(wire)
    if id_ != question.id or not flags & _QR:
        return None
    start, rcode = _HEADER.size, flags & 0xF
    if counts[0] == 1 and question.is_in(wire, start):
        start += question.length
    elif counts[0] or rcode not in _WITHOUT_QUESTION:
        return None
    sections = _Sections(wire, start, question)
    is_truncated = bool(flags & _TC)
    if not is_truncated:
        sections.read(*counts[1:])
    name, records, ttl_s = sections.follow_aliases()
    return DnsAnswer(
        rcode=dns.rcode.Rcode(rcode | sections.rcode_high << 4),
        is_truncated=is_truncated,
        is_vouched=bool(flags & _AD),
        name=name,
        records=records,
        ttl_s=ttl_s,
        errors=tuple(sections.errors),
    )


class _Sections:
    """What is wanted of the records of one message."""

    def __init__(self, wire: bytes, start: int, question: DnsQuestion) -> None:
        self._wire: Final = wire
        self._at = start
        self._question: Final = question
        self._aliases: Final[dict[dns.name.Name, tuple[dns.name.Name, int]]] = {}
        self._records: Final[dict[dns.name.Name, list[tuple[dns.rdata.Rdata, int]]]] = {}
        self._absence_ttl_s = 0
        self.rcode_high = 0
        self.errors: Final[list[int]] = []

    def read(self, answers: int, authorities: int, others: int) -> None:
        """All of them, in their order."""
        for _ in range(answers):
            self._read_answer()
        for number in range(authorities + others):
            self._read_other(is_authority=number < authorities)

    def follow_aliases(self) -> tuple[dns.name.Name, tuple[dns.rdata.Rdata, ...], int]:
        """The name that the aliases lead to, its records, and how long all of that may be kept."""
        name, ttls = self._question.name, []
        for _ in range(MOST_ALIASES):
            if name in self._records or name not in self._aliases:
                break
            name, ttl_s = self._aliases[name]
            ttls.append(ttl_s)
        found = self._records.get(name, [])
        ttls += [ttl_s for _, ttl_s in found] or [self._absence_ttl_s]
        # A record that is there twice is there once (RFC 2181 §5).
        return name, tuple(dict.fromkeys(rdata for rdata, _ in found)), min(ttls)

    def _read_answer(self) -> None:
        owner, rdtype, rdclass, ttl_s, size = self._head()
        if rdclass == _IN and rdtype == self._question.rdtype:
            self._records.setdefault(owner, []).append((self._rdata(size), ttl_s))
        elif rdclass == _IN and rdtype == _CNAME:
            self._aliases[owner] = (dns.name.from_wire(self._wire, self._at)[0], ttl_s)
        self._at += size

    def _rdata(self, size: int) -> dns.rdata.Rdata:
        """The record; what breaks the rules of its type is a fault of the zone and no reason to hear no answer."""
        try:
            return dns.rdata.from_wire(_IN, self._question.rdtype, self._wire, self._at, size)
        except dns.exception.DNSException:
            data = self._wire[self._at : self._at + size]
            return dns.rdata.GenericRdata(_IN, self._question.rdtype, data)

    def _read_other(self, *, is_authority: bool) -> None:
        _, rdtype, _, ttl_s, size = self._head()
        end = self._at + size
        if rdtype == _OPT and not is_authority:
            self.rcode_high = ttl_s >> 24
            self._read_options(end)
        elif rdtype == _SOA and is_authority:
            # The last of its numbers (RFC 2308 §4).
            self._absence_ttl_s = min(ttl_s, int.from_bytes(self._wire[max(self._at, end - 4) : end], "big"))
        self._at = end

    def _head(self) -> tuple[dns.name.Name, int, int, int, int]:
        owner, used = dns.name.from_wire(self._wire, self._at)
        rdtype, rdclass, ttl_s, size = _RECORD.unpack_from(self._wire, self._at + used)
        self._at += used + _RECORD.size
        if self._at + size > len(self._wire):
            raise dns.exception.FormError
        return owner, rdtype, rdclass, ttl_s, size

    def _read_options(self, end: int) -> None:
        at = self._at
        while at + _OPTION.size <= end:
            code, size = _OPTION.unpack_from(self._wire, at)
            at += _OPTION.size
            if code == _EDE and size >= 2 and at + size <= end:
                self.errors.append(int.from_bytes(self._wire[at : at + 2], "big"))
            at += size
