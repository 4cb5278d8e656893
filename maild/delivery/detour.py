"""Which mail goes another way after a change of the configuration, found by sending samples both ways. Pure.

The samples are made of the patterns of all routes: each pattern's own kind of address, and one that no pattern names.
What no sample shows is not found; a pattern that hides behind several others may be such a case, and then it is still
said that the routes were written anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import islice, product
from types import MappingProxyType
from typing import Final, TypeAlias

from maild.config.compare import Configuration
from maild.config.model import Site
from maild.config.route import Match, Route
from maild.delivery.route import Chosen, RoutingFacts, RoutingTable, choose_account
from maild.mail.address import AddressError, Mailbox

MAX_SAMPLES: Final = 5000
"""Of thousands of routes not every pair is tried."""

_ANYBODY: Final = "nobody-in-particular@sample.invalid"
_STARS: Final = ("x", "x@x.example")
"""What a `*` can stand for: a piece of an address, or one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMoved:
    """Mail of this kind goes another way. Patterns as in the routes, None: any that no route names.

    Attributes:
        before, after: the account; None: none, it would wait.
    """

    match: Match
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutesRewritten:
    """The routes are others, and no sample goes another way. How many there were, and are."""

    before: int
    after: int


Detour: TypeAlias = RouteMoved | RoutesRewritten


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    match: Match
    sender: str
    recipient: Mailbox
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


def routing_table(configuration: Configuration) -> RoutingTable:
    """The ways of a configuration; an account that is switched off is none."""
    site = configuration.site or Site()
    accounts = frozenset(name for name, account in configuration.accounts.items() if account.is_enabled)
    return RoutingTable(accounts=accounts, default_account=site.default_account, routes=site.routes)


def detours(old: Configuration, new: Configuration) -> tuple[Detour, ...]:
    """What goes another way, the most general kind of mail first; kinds that follow from such a one are left out."""
    before, after = routing_table(old), routing_table(new)
    if before == after:
        return ()
    moved: list[RouteMoved] = []
    for sample in islice(_samples((*before.routes, *after.routes)), MAX_SAMPLES):
        was, is_now = _way(before, sample), _way(after, sample)
        move = RouteMoved(match=sample.match, before=was, after=is_now)
        if was != is_now and not any(_includes(known, move) for known in moved):
            moved.append(move)
    if not moved and before.routes != after.routes:
        return (RoutesRewritten(before=len(before.routes), after=len(after.routes)),)
    return tuple(moved)


def _way(table: RoutingTable, sample: _Sample) -> str | None:
    facts = RoutingFacts(account=None, sender=sample.sender, headers=sample.headers)
    way = choose_account(table, facts, sample.recipient)
    return way.account if isinstance(way, Chosen) else None


def _includes(known: RouteMoved, move: RouteMoved) -> bool:
    """Whether the second is a special case of the first, and so needs no sentence."""
    wide, narrow = known.match, move.match
    return (
        (known.before, known.after) == (move.before, move.after)
        and wide.sender in {None, narrow.sender}
        and wide.recipient in {None, narrow.recipient}
        and wide.headers.items() <= narrow.headers.items()
    )


def _samples(routes: tuple[Route, ...]) -> Iterator[_Sample]:
    """Mail of no route, mail of each route, then what belongs to two at a time; each kind once."""
    matches = [Match(), *(route.match for route in routes)]
    senders = list(dict.fromkeys(match.sender for match in matches))
    recipients = list(dict.fromkeys(match.recipient for match in matches))
    headers = [Match(headers=match.headers) for match in matches if match.headers or match == Match()]
    pairs = product(senders, recipients, headers)
    crossed = (Match(sender=sender, recipient=to, headers=with_.headers) for sender, to, with_ in pairs)
    known: set[tuple[object, ...]] = set()
    for match in (*matches, *islice(crossed, MAX_SAMPLES)):
        kind = (match.sender, match.recipient, *sorted(match.headers.items()))
        if kind not in known:
            known.add(kind)
            yield from _sample(match)


def _sample(match: Match) -> Iterator[_Sample]:
    """A message of this kind, if one could be made up."""
    sender = _ANYBODY if match.sender is None else _text_for(match.sender)
    recipient = _ANYBODY if match.recipient is None else _text_for(match.recipient)
    headers = {name: _text_for(pattern) for name, pattern in match.headers.items()}
    if sender is None or recipient is None or None in headers.values():
        return
    try:
        mailbox = Mailbox.parse(recipient)
    except AddressError:
        return
    values = {name: (text,) for name, text in headers.items() if text is not None}
    yield _Sample(match=match, sender=sender, recipient=mailbox, headers=MappingProxyType(values))


def _text_for(pattern: str) -> str | None:
    """A text that the pattern matches; None where none was found."""
    texts = (pattern.replace("*", star).replace("?", "x") for star in _STARS)
    found = [text for text in texts if fnmatchcase(text, pattern)]
    return next((text for text in found if "@" in text), found[0] if found else None)
