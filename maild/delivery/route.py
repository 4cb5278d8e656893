"""Which account sends a message to a recipient. Pure; asked anew at every attempt, so that a corrected configuration
frees what waits.

In this order, and the first answer stands:
1. the account that the message itself asks for (drop folder or sidecar);
2. the first route whose patterns all match; of its accounts the first that can be used: one that is there and not
   closed by its breaker. After every few attempts that failed the next one has its turn, in a circle;
3. the default account; 4. the only account there is.

An account that is switched off (`enabled: false`) is there, and sends nothing: of a route the next one is taken, and
everywhere else the message waits.

An account that was asked for by name and does not exist is no reason to take another one: a message sent by the wrong
way cannot be called back, one that waits can. So each "does not exist" is an answer too, `Unroutable`.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from maild.config.route import Match, Route
from maild.delivery.shares import ordered_accounts
from maild.mail.address import Mailbox

ATTEMPTS_EACH: Final = 3
"""So many attempts that count against it a message makes through one account of a route; then the next one is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingTable:
    """What a generation of the configuration says about ways: the accounts there are, the routes, the default."""

    accounts: AbstractSet[str]
    default_account: str | None
    routes: tuple[Route, ...]
    disabled: AbstractSet[str] = frozenset()
    """Accounts that are switched off; none of `accounts`."""

    @property
    def detours(self) -> Mapping[str, AbstractSet[str]]:
        """For each account that some route names beside others: those others, as far as they are there."""
        ways: dict[str, set[str]] = {}
        for route in self.routes:
            there = self.accounts & set(route.accounts)
            for name in there:
                ways.setdefault(name, set()).update(there - {name})
        return {name: others for name, others in ways.items() if others}

    @property
    def needs_headers(self) -> bool:
        """Whether some route looks at header fields; otherwise nobody needs to read them."""
        return any(route.match.headers for route in self.routes)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingFacts:
    """What the routes may look at.

    Attributes:
        account: the account that the message asks for.
        sender: the sender's address, empty for the null sender.
        id: the message's own in the queue; where a route has shares, it decides whose one this is.
        attempts_made: those that counted against the message.
        closed: accounts whose breaker lets nothing through now.
        headers: lower-case field name to its unfolded values, in the order of the message.
    """

    account: str | None
    sender: str
    headers: Mapping[str, Sequence[str]]
    id: str = ""
    attempts_made: int = 0
    closed: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The account that sends."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unroutable:
    """No account sends it for now; `detail` is a sentence that says why and what to do."""

    detail: str


Routed: TypeAlias = Chosen | Unroutable


def choose_account(table: RoutingTable, facts: RoutingFacts, recipient: Mailbox) -> Routed:
    """The account through which this recipient of the message is sent to."""
    if facts.account is not None:
        if facts.account in table.accounts:
            return Chosen(account=facts.account)
        if facts.account in table.disabled:
            return _switched_off(facts.account)
        return Unroutable(
            detail=f'the message asks for account "{facts.account}", which does not exist; '
            f"add accounts/{facts.account}.yaml, or delete the message and drop it elsewhere"
        )
    route = matching_route(table, facts, recipient)
    if route is not None:
        return _first_usable(table, route, facts)
    if table.default_account is not None:
        return _default(table, table.default_account)
    return _only(table)


def matching_route(table: RoutingTable, facts: RoutingFacts, recipient: Mailbox) -> Route | None:
    """The first route whose patterns all match, None when the default account decides."""
    address = str(recipient).lower()
    return next((route for route in table.routes if _matches(route.match, facts, address)), None)


def _first_usable(table: RoutingTable, route: Route, facts: RoutingFacts) -> Routed:
    there = [name for name in ordered_accounts(route, facts.id) if name in table.accounts]
    if there:
        start = facts.attempts_made // ATTEMPTS_EACH % len(there)
        turns = (*there[start:], *there[:start])
        # Where all are closed the message waits for the one whose turn it is.
        return Chosen(account=next((name for name in turns if name not in facts.closed), turns[0]))
    off = next((name for name in route.accounts if name in table.disabled), None)
    if off is not None:
        return _switched_off(off)
    return Unroutable(detail=f"the route that matches names {_listed(route.accounts)}, and no such account exists")


def _switched_off(name: str) -> Unroutable:
    return Unroutable(detail=f'the account "{name}" is switched off (enabled: false in its file), so the message waits')


def _default(table: RoutingTable, name: str) -> Routed:
    if name in table.accounts:
        return Chosen(account=name)
    if name in table.disabled:
        return _switched_off(name)
    return Unroutable(detail=f'no route matches, and the default account "{name}" does not exist')


def _only(table: RoutingTable) -> Routed:
    # Which account is the only one is not changed by switching off another: mail would take a way that nobody chose.
    every = table.accounts | table.disabled
    if len(every) == 1:
        (name,) = every
        return _default(table, name)
    if not every:
        return Unroutable(detail="there is no account to send it with; add one to the accounts/ folder")
    return Unroutable(
        detail=f"no route matches and {_listed(sorted(every))} could send it; name one as default_account in maild.yaml"
    )


def _listed(names: Sequence[str]) -> str:
    """At most three names for a sentence: a site with hundreds of accounts needs no list of them here."""
    shown = ", ".join(f'"{name}"' for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _matches(match: Match, facts: RoutingFacts, recipient: str) -> bool:
    if match.sender is not None and not fnmatchcase(facts.sender.lower(), match.sender.lower()):
        return False
    if match.recipient is not None and not fnmatchcase(recipient, match.recipient.lower()):
        return False
    return all(
        any(fnmatchcase(value.lower(), pattern.lower()) for value in facts.headers.get(name.lower(), ()))
        for name, pattern in match.headers.items()
    )
