"""Names: the resolver as a port, and the machine's own.

Two questions that must not be mixed up. `addresses` asks like any program on this machine does (IP literals,
/etc/hosts, then DNS) because a connection is wanted; `lookup` asks DNS alone because the records themselves are of
interest. An answer says which of four things is so: there are records, the name exists without such records, the name
does not exist, or nobody could tell. The last one is never taken for one of the others (RFC 2308 §2 keeps NXDOMAIN and
NODATA apart; a time-out is neither).

How a name server is asked is `net.questioner`'s. Whether an answer is secure is the resolver's word (AD, RFC 6840
§5.7), which counts only when nobody on the way can have put it there: on this machine, or where resolv.conf says
`trust-ad`.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, assert_never

import dns.exception
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype

from maild.mail.phase import Phase
from maild.net.name_servers import Silence, may_trust, name_servers
from maild.net.questioner import Questioner, Refusal
from maild.net.step import NetError, Reason

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to connect to. `scope_id` is the interface of a link-local IPv6 address, else 0."""

    ip: IpAddress
    port: int
    scope_id: int = 0

    @property
    def family(self) -> socket.AddressFamily:
        """The socket's family."""
        return socket.AF_INET6 if self.ip.version == 6 else socket.AF_INET

    @property
    def sockaddr(self) -> tuple[str, int] | tuple[str, int, int, int]:
        """What `connect` takes."""
        if self.ip.version == 6:
            return (str(self.ip), self.port, 0, self.scope_id)
        return (str(self.ip), self.port)

    @property
    def is_loopback(self) -> bool:
        """Whether it is this very machine."""
        mapped = self.ip.ipv4_mapped if isinstance(self.ip, ipaddress.IPv6Address) else None
        return (mapped or self.ip).is_loopback

    def __str__(self) -> str:
        return f"{self.ip} port {self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """There are records of the type asked for.

    Attributes:
        values: presentation format such as "10 mx.example.com."; a TXT record is its joined strings without quotes.
        canonical_name: the name after following CNAMEs, without the final dot.
        ttl_s: how long the answer may be kept.
        is_secure: a resolver whose word counts vouches for it by DNSSEC.
    """

    values: tuple[str, ...]
    canonical_name: str
    ttl_s: int
    is_secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRecords:
    """The name exists and has no records of this type (NODATA); `ttl_s` is how long that may be believed."""

    name: str
    canonical_name: str
    ttl_s: int = 0
    is_secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchName:
    """The name, or the one its CNAME points to, does not exist (NXDOMAIN); `ttl_s` as in `NoRecords`."""

    name: str
    canonical_name: str
    ttl_s: int = 0
    is_secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Nobody could tell: time-out, SERVFAIL, REFUSED, no network. Says nothing about the name."""

    name: str
    reason: str
    silence: Silence = Silence.OTHER


Answer: TypeAlias = Records | NoRecords | NoSuchName | Unanswered


class Resolver(Protocol):
    """Answers questions about names."""

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """Where that host is, in the order in which the addresses are to be tried; at least one.

        Raises:
            NetError: at Phase.RESOLVE; Reason.NAME when there is no such host, Reason.DNS when it could not be told.
        """
        ...

    async def lookup(self, name: str, rdtype: str) -> Answer:
        """The records of that type (such as "MX") in DNS. Raises nothing: a failure is an answer too."""
        ...


class SystemResolver:
    """The machine's own way of finding names; with `resolvers`, those name servers instead of the system's.

    With `resolvers` a connection's addresses come from them too, and /etc/hosts is asked only for a name they deny.
    """

    def __init__(self, resolvers: Sequence[str] = (), *, lifetime_s: float = 10.0) -> None:
        self._lifetime_s = lifetime_s
        self._has_own_servers = bool(resolvers)
        servers = name_servers(resolvers)
        self._questioner = Questioner(servers, lifetime_s=lifetime_s)
        self._trusts_ad = may_trust(servers, is_systems=not resolvers)

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """See `Resolver.addresses`."""
        try:
            return (Address(ip=ipaddress.ip_address(host.removeprefix("[").removesuffix("]")), port=port),)
        except ValueError:
            pass  # a name
        # RFC 6761 §6.3: localhost is never looked up outside.
        if self._has_own_servers and host.rstrip(".").lower() != "localhost":
            found = await self._addresses_by_dns(host, port)
            if found:
                return found
        return await self._addresses_by_system(host, port)

    async def lookup(self, name: str, rdtype: str) -> Answer:
        """See `Resolver.lookup`."""
        try:
            found = await self._questioner.ask(name, rdtype)
        except (dns.exception.DNSException, OSError, UnicodeError, ValueError) as error:
            return Unanswered(name=name, reason=f"the question could not be asked: {type(error).__name__}")
        if isinstance(found, Refusal):
            return self._unanswered(name, found)
        canonical, is_secure = _plain(found.name), self._trusts_ad and found.is_vouched
        if found.rcode == dns.rcode.NXDOMAIN:
            return NoSuchName(name=name, canonical_name=canonical, ttl_s=found.ttl_s, is_secure=is_secure)
        values = tuple(text for rdata in found.records if (text := _value(rdata)))
        if not values:
            return NoRecords(name=name, canonical_name=canonical, ttl_s=found.ttl_s, is_secure=is_secure)
        return Records(values=values, canonical_name=canonical, ttl_s=found.ttl_s, is_secure=is_secure)

    def _unanswered(self, name: str, refusal: Refusal) -> Unanswered:
        silence = Silence.BOGUS if Silence.BOGUS in refusal.silences else refusal.silences[0]
        match silence:
            case Silence.TIMEOUT:
                reason = f"no name server answered within {self._lifetime_s:.0f} seconds"
            case Silence.BOGUS:
                reason = "the resolver says that the signatures do not match (DNSSEC)"
            case Silence.SERVFAIL | Silence.REFUSED | Silence.FORMERR:
                reason = "the name servers failed (SERVFAIL or REFUSED)"
            case Silence.OTHER:
                reason = "no name server could be asked"
            case _:
                assert_never(silence)
        return Unanswered(name=name, reason=reason, silence=silence)

    async def _addresses_by_dns(self, host: str, port: int) -> tuple[Address, ...]:
        """Both families, IPv6 first (RFC 6724); empty when the name servers deny the name."""
        answers = await asyncio.gather(self.lookup(host, "AAAA"), self.lookup(host, "A"))
        found = [value for answer in answers if isinstance(answer, Records) for value in answer.values]
        if found:
            return tuple(Address(ip=ipaddress.ip_address(value), port=port) for value in found)
        for answer in answers:
            if isinstance(answer, Unanswered):
                raise NetError(Phase.RESOLVE, Reason.DNS, f"{host} could not be looked up: {answer.reason}")
        return ()

    async def _addresses_by_system(self, host: str, port: int) -> tuple[Address, ...]:
        loop = asyncio.get_running_loop()
        try:
            # The thread behind getaddrinfo cannot be stopped; it ends with the system's own time-out.
            async with asyncio.timeout(self._lifetime_s * 1.5):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError:
            detail = f"{host} could not be looked up: no answer within {self._lifetime_s * 1.5:.0f} seconds"
            raise NetError(Phase.RESOLVE, Reason.DNS, detail) from None
        except (socket.gaierror, UnicodeError) as error:
            raise _lookup_failure(host, error) from None
        addresses = tuple(dict.fromkeys(_address(sockaddr) for _, _, _, _, sockaddr in found))
        if not addresses:
            raise NetError(Phase.RESOLVE, Reason.NAME, f"there is no host {host}")
        return addresses


def _lookup_failure(host: str, error: socket.gaierror | UnicodeError) -> NetError:
    if isinstance(error, UnicodeError) or error.errno in {socket.EAI_NONAME, socket.EAI_NODATA}:
        return NetError(Phase.RESOLVE, Reason.NAME, f"there is no host {host}")
    return NetError(Phase.RESOLVE, Reason.DNS, f"{host} could not be looked up: {error.strerror}")


def _address(sockaddr: tuple[object, ...]) -> Address:
    text = str(sockaddr[0]).partition("%")[0]
    port, scope = sockaddr[1], sockaddr[3] if len(sockaddr) > 3 else 0
    assert isinstance(port, int)
    assert isinstance(scope, int)
    return Address(ip=ipaddress.ip_address(text), port=port, scope_id=scope)


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _value(rdata: dns.rdata.Rdata) -> str:
    """Its presentation; of a record that breaks the rules of its type nothing, but of TLSA, whose faults are told."""
    if isinstance(rdata, dns.rdata.GenericRdata):
        usage, selector, matching, *data = (*rdata.data, 0, 0, 0)[: max(3, len(rdata.data))]
        is_tlsa = rdata.rdtype == dns.rdatatype.TLSA
        return f"{usage} {selector} {matching} {bytes(data).hex()}" if is_tlsa else ""
    strings: tuple[bytes, ...] | None = getattr(rdata, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "backslashreplace")
    return str(rdata.to_text())
