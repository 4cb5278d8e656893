"""Which company's server was meant by a host that is one slip of the finger away from it. Pure.

`smtp.gmial.com` resolves: somebody else owns it, and would be handed the password. What is near is told by spelling
alone, so it may be a domain of one's own all the same; whoever asks looks at the sender's domain, too.

Only names of five letters and more are compared, unless the slip is in `.com` and the like or a letter is doubled:
near `gmx.de` and `web.de` there are too many real companies.
"""

import string
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from maild.providers.catalogue import DOMAINS, hosts_below, mistaken_host, owner_of, provider_of

_SHORTEST: Final = 5
_SHORTEST_DOUBLED: Final = 4
_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LEADS: Final = ("smtp", "mail")
_USUAL_NAMES: Final = frozenset({"inbox", "internet", "office"})
"""What people call machines of their own."""
READING_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"imap": "IMAP", "imap4": "IMAP", "imaps": "IMAP", "pop": "POP3", "pop3": "POP3", "pop3s": "POP3"}
)
"""The first words of servers that mail is read from, each with the protocol."""
_COMPANIES: Final = frozenset({"mail.com"})
"""Domains of mail companies that are one slip away from those of others."""
_NO_TLDS: Final = frozenset({"con", "cmo", "ocm", "comm", "coom", "vom", "xom", "nett", "ner", "ogr", "dde", "dee"})
"""Slips that are no top-level domain, so that no domain of one's own ends with them."""
_LONGEST: Final = 80


@lru_cache(maxsize=1024)
def misspelt_host(host: str) -> str | None:
    """The host that was most probably meant, None for a right one and for one that is near nothing known."""
    name = host.lower().removesuffix(".")
    if len(name) > _LONGEST or provider_of(host) is not None:
        return None
    return _without_dots(name) if "." not in name else _with_dots(name)


def server_beside(host: str) -> str | None:
    """The server of the company whose domain stands there alone, or with a word for reading mail: `pop.zoho.in`.

    None for its known servers, whatever they are for, and for the domains of others.
    """
    name = host.lower().removesuffix(".")
    first, _, rest = name.partition(".")
    domain = rest if first in READING_NAMES else name
    if len(name) > _LONGEST or provider_of(name) is not None or owner_of(name) is not None:
        return None
    below = hosts_below(domain) or tuple(host for tail in _tails(domain) for host in hosts_below(tail))
    own = (known for known in below if known == domain or known.endswith(f".{domain}"))
    return next(own, next(iter(below), None) if domain in DOMAINS else None)


def _with_dots(name: str) -> str | None:
    return (
        _of_web_site(name)
        or mistaken_host(name)
        or _of_domain(name)
        or _of_first_label(name)
        or _of_dash(name)
        or _of_lost_dot(name)
    )


def _of_web_site(name: str) -> str | None:
    """A company's web site: `www.gmail.com`."""
    rest = name.removeprefix("www.")
    if rest == name:
        return None
    return rest if provider_of(rest) is not None else next(iter(hosts_below(rest)), None) if rest in DOMAINS else None


def _of_domain(name: str) -> str | None:
    """A company's domain with a slip in it: `smtp.gmial.com`."""
    labels = name.split(".")
    # `yahoo.co.uk`: a short word before the last may be no company's name.
    for count in (2, 3) if len(labels) > 2 and len(labels[-2]) <= 3 else (2,):
        tail = ".".join(labels[-count:])
        for domain in _near(tail) if tail not in DOMAINS and tail not in _COMPANIES else ():
            if is_slip(tail, domain) and (_is_long(domain) or labels[-1] in _NO_TLDS or _is_doubled(tail, domain)):
                return _host_at(".".join([*labels[:-count], domain]))
    return None


def _is_doubled(written: str, meant: str) -> bool:
    """Whether only a letter of the name stands there twice, which hardly anybody's name has: `zooho.com`."""
    name, known = written.partition(".")[0], meant.partition(".")[0]
    doubled = {known[: at + 1] + known[at:] for at in range(len(known))}
    return len(known) >= _SHORTEST_DOUBLED and name in doubled


def _near(tail: str) -> Iterator[str]:
    """The domains that have most letters in common; every host of somebody's own is looked at, so this is quick."""
    index, seen = _index(), set[str]()
    for cut in (tail, *[tail[:at] + tail[at + 1 :] for at in range(len(tail))]):
        if cut in index:
            yield from (domain for domain in index[cut] if domain not in seen)
            seen.update(index[cut])


def _of_first_label(name: str) -> str | None:
    """A known server with a slip in its first word: `smpt.gmail.com`."""
    first, _, rest = name.partition(".")
    known = (host for domain in _tails(rest) for host in hosts_below(domain))
    return next(
        (host for host in known if host.partition(".")[2] == rest and is_slip(first, host.partition(".")[0])), None
    )


def _of_dash(name: str) -> str | None:
    """A dash, or nothing, where the first dot belongs: `smtp-gmail.com`."""
    for lead in _LEADS:
        domain = name.removeprefix(lead).removeprefix("-")
        if domain != name and domain in DOMAINS and _is_long(domain):
            return _host_at(f"{lead}.{domain}")
    return None


def _of_lost_dot(name: str) -> str | None:
    """A domain without its dot, which no top-level domain looks like: `smtp.gmailcom`."""
    lead, _, last = name.rpartition(".")
    domain = _undotted().get(last)
    return None if domain is None else _host_at(f"{lead}.{domain}")


@cache
def _undotted() -> Mapping[str, str]:
    return {domain.replace(".", ""): domain for domain in DOMAINS}


def _without_dots(name: str) -> str | None:
    """The company's name alone: `gmail`, or a server without any dot: `smtpgmailcom`. Of a domain that several have,
    the first one counts.
    """
    for lead in _LEADS:
        whole = _undotted().get(name.removeprefix(lead))
        if whole is not None and name.startswith(lead):
            return _host_at(f"{lead}.{whole}")
    domain = next((domain for domain in DOMAINS if domain.partition(".")[0] == name and _is_long(domain)), None)
    return None if domain is None or name in _USUAL_NAMES else next(iter(hosts_below(domain)), None)


def _host_at(wanted: str) -> str | None:
    """The server of this name, or the one to use instead; None where there is none, for then it may be one's own."""
    if provider_of(wanted) is not None:
        return wanted
    owner = owner_of(wanted)
    other = None if owner is None else owner.other_host(wanted)
    return None if other is None else other.instead


def is_slip(written: str, meant: str) -> bool:
    """Whether one slip makes one word of the other: two letters swapped, one left out, doubled, added, or its neighbour
    on the keyboard struck.
    """
    if len(written) == len(meant):
        wrong = [index for index, (one, other) in enumerate(zip(written, meant, strict=True)) if one != other]
        match wrong:
            case [index]:
                return frozenset((written[index], meant[index])) in _neighbours()
            case [first, second] if second == first + 1:
                return written[first] == meant[second] and written[second] == meant[first]
            case _:
                return False
    longer, shorter = sorted((written, meant), key=len, reverse=True)
    for index in range(len(longer)):
        if len(longer) == len(shorter) + 1 and longer[:index] + longer[index + 1 :] == shorter:
            # `smtp2` is another server and no slip.
            return longer[index] in string.ascii_lowercase or longer is meant
    return False


@cache
def _index() -> Mapping[str, tuple[str, ...]]:
    """The domains by what is left of them without one character, and by themselves."""
    found: dict[str, tuple[str, ...]] = {}
    for domain in DOMAINS:
        for cut in _deletions(domain):
            found[cut] = (*found.get(cut, ()), domain)
    return found


def _deletions(word: str) -> Iterator[str]:
    yield word
    yield from (word[:index] + word[index + 1 :] for index in range(len(word)))


def _is_long(domain: str) -> bool:
    return len(domain.partition(".")[0]) >= _SHORTEST


def _tails(name: str) -> Iterator[str]:
    labels = name.split(".")
    return (tail for index in range(len(labels)) if (tail := ".".join(labels[index:])) in DOMAINS)


@cache
def _neighbours() -> frozenset[frozenset[str]]:
    beside = {frozenset(pair) for row in _ROWS for pair in pairwise(row)}
    below = {frozenset(pair) for upper, lower in pairwise(_ROWS) for pair in zip(upper, lower, strict=False)}
    slanted = {frozenset(pair) for upper, lower in pairwise(_ROWS) for pair in zip(upper[1:], lower, strict=False)}
    # y and z change places on a German keyboard.
    return frozenset(beside | below | slanted | {frozenset("yz")})
