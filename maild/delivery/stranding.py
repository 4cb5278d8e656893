"""What a change of the configuration means for messages that wait in the queue. Pure; looks at no queue itself.

A message that asks for an account by name waits for that account only; every other one is routed anew at each attempt
(`delivery.route`). What could not be sent before the change either is no matter of the change.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from maild.delivery.route import Chosen, RoutingFacts, RoutingTable, choose_account
from maild.mail.address import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    """A message that waits: what routes may look at, and who is still to get it."""

    facts: RoutingFacts
    recipients: Sequence[Mailbox]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """So many waiting messages would have gone by this account, and have no way any more."""

    account: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirected:
    """So many waiting messages go by another account."""

    account: str
    after: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """So many waiting messages go by an account whose settings are others."""

    account: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """So many waiting messages had no way and have one now."""

    after: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """So many messages wait in the spool folder `before`, and nobody looks there once it is `after`."""

    before: str
    after: str
    messages: int


QueueChange: TypeAlias = Stranded | Redirected | Affected | Freed | LeftBehind


def queue_changes(
    mail: Iterable[QueuedMail], before: RoutingTable, after: RoutingTable, changed: AbstractSet[str]
) -> tuple[QueueChange, ...]:
    """What becomes of the waiting messages, a message counted once for each way its recipients go.

    Args:
        mail: what waits.
        before: the ways of the old configuration.
        after: those of the new one.
        changed: the accounts whose settings are others.
    """
    counts: Counter[tuple[str | None, str | None]] = Counter()
    for one in mail:
        counts.update({(_way(before, one, to), _way(after, one, to)) for to in one.recipients})
    return tuple(_changes(counts, changed))


def _changes(counts: Counter[tuple[str | None, str | None]], changed: AbstractSet[str]) -> Iterator[QueueChange]:
    for (was, is_now), messages in sorted(counts.items(), key=lambda item: tuple(name or "" for name in item[0])):
        if was is not None and is_now is None:
            yield Stranded(account=was, messages=messages)
        elif was is None and is_now is not None:
            yield Freed(after=is_now, messages=messages)
        elif was is not None and is_now is not None and was != is_now:
            yield Redirected(account=was, after=is_now, messages=messages)
        elif was is not None and was in changed:
            yield Affected(account=was, messages=messages)


def _way(table: RoutingTable, mail: QueuedMail, recipient: Mailbox) -> str | None:
    way = choose_account(table, mail.facts, recipient)
    return way.account if isinstance(way, Chosen) else None
