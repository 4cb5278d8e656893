"""Which mail goes another way after a change of the configuration, found by sending samples both ways. Pure.

A way is an account, or several with their shares of the mail, and those that stand in while the first cannot send.
The samples are made of the patterns of all routes: each pattern's own kind of address, and one that no pattern names.
What no sample shows is not found; a pattern that hides behind several others may be such a case, and then it is still
said that the routes were written anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import islice, product
from types import MappingProxyType
from typing import Final, TypeAlias

from maild.config.compare import Configuration
from maild.config.model import Site
from maild.config.route import Match, Route
from maild.delivery.route import Chosen, RoutingFacts, RoutingTable, choose_account, matching_route
from maild.mail.address import AddressError, Mailbox

MAX_SAMPLES: Final = 5000
"""Of thousands of routes not every pair is tried."""

_ALL: Final = 100
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
class SharesMoved:
    """Mail of this kind is shared out among accounts otherwise than before.

    Attributes:
        before_shares, after_shares: parts of a hundred by account, the largest first; one account alone has a
            hundred, and nobody has any where the mail would wait.
    """

    match: Match
    before_shares: Mapping[str, int]
    after_shares: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInsChanged:
    """Mail of this kind goes by the same account, but others stand in for it while it cannot send, in this order."""

    match: Match
    account: str
    before_accounts: tuple[str, ...]
    after_accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutesRewritten:
    """The routes are others, and no sample goes another way. How many there were, and are."""

    before: int
    after: int


Moved: TypeAlias = RouteMoved | SharesMoved | StandInsChanged
Detour: TypeAlias = Moved | RoutesRewritten


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How mail goes: `shares` in parts of a hundred, one account alone has them all; then those that stand in."""

    shares: Mapping[str, int]
    stand_ins: tuple[str, ...] = ()

    @property
    def account(self) -> str | None:
        """The only account that has a share, if there are not several."""
        return next(iter(self.shares), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    match: Match
    sender: str
    recipient: Mailbox
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


def routing_table(configuration: Configuration) -> RoutingTable:
    """The ways of a configuration; an account that is switched off sends nothing."""
    site = configuration.site or Site()
    accounts = frozenset(name for name, account in configuration.accounts.items() if account.is_enabled)
    return RoutingTable(
        accounts=accounts,
        default_account=site.default_account,
        routes=site.routes,
        disabled=configuration.accounts.keys() - accounts,
    )


def detours(old: Configuration, new: Configuration) -> tuple[Detour, ...]:
    """What goes another way, the most general kind of mail first; kinds that follow from such a one are left out."""
    before, after = routing_table(old), routing_table(new)
    if before == after:
        return ()
    moved: list[Moved] = []
    for sample in islice(_samples((*before.routes, *after.routes)), MAX_SAMPLES):
        move = _move(sample.match, _way(before, sample), _way(after, sample))
        if move is not None and not any(_includes(known, move) for known in moved):
            moved.append(move)
    if not moved and before.routes != after.routes:
        return (RoutesRewritten(before=len(before.routes), after=len(after.routes)),)
    return tuple(moved)


def _way(table: RoutingTable, sample: _Sample) -> _Way:
    facts = RoutingFacts(account=None, sender=sample.sender, headers=sample.headers)
    route = matching_route(table, facts, sample.recipient)
    if route is not None and (there := tuple(name for name in route.accounts if name in table.accounts)):
        return _way_of(route, tuple(dict.fromkeys(there)))
    way = choose_account(table, facts, sample.recipient)
    return _Way(shares={way.account: _ALL} if isinstance(way, Chosen) else {})


def _way_of(route: Route, there: tuple[str, ...]) -> _Way:
    """The way that a route opens to the accounts of it that are there."""
    weights = {name: route.weight_of(name) for name in there} if route.weights else {}
    sharing = sorted((name for name in weights if weights[name]), key=lambda name: (-weights[name], name))
    if not sharing:
        return _Way(shares={there[0]: _ALL}, stand_ins=there[1:])
    total = sum(weights.values())
    spare = tuple(name for name in there if name not in sharing)
    return _Way(shares={name: round(_ALL * weights[name] / total) for name in sharing}, stand_ins=spare)


def _move(match: Match, was: _Way, is_now: _Way) -> Moved | None:
    if was.shares != is_now.shares:
        if len(was.shares) > 1 or len(is_now.shares) > 1:
            return SharesMoved(match=match, before_shares=was.shares, after_shares=is_now.shares)
        return RouteMoved(match=match, before=was.account, after=is_now.account)
    if was.account is not None and was.stand_ins != is_now.stand_ins:
        names = " and ".join(was.shares)
        return StandInsChanged(
            match=match, account=names, before_accounts=was.stand_ins, after_accounts=is_now.stand_ins
        )
    return None


def _includes(known: Moved, move: Moved) -> bool:
    """Whether the second is a special case of the first, and so needs no sentence."""
    wide, narrow = known.match, move.match
    return (
        replace(known, match=narrow) == move
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
