"""A route of maild.yaml as a value: which messages, and the accounts that they go by. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

DEFAULT_WEIGHT = 1
"""Of an account without one, in a list where another has one."""


def _nothing() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """When a route applies: every pattern given must match. Patterns are shell globs on lower-cased text.

    Attributes:
        sender: against the sender's address (`from` in the file).
        recipient: against one recipient's address (`to` in the file).
        headers: header name, lower case, to pattern on its unfolded value.
    """

    sender: str | None = None
    recipient: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """First match wins.

    Attributes:
        accounts: in order of preference.
        weights: the share of the messages that an account gets, by name; empty: there are no shares, and the order
            of preference decides. An account that is not in it, beside others that are, has `DEFAULT_WEIGHT`.
    """

    match: Match
    accounts: tuple[str, ...]
    weights: Mapping[str, int] = field(default_factory=_nothing)

    def weight_of(self, account: str) -> int:
        """The share of an account, relative to those of the others."""
        return self.weights.get(account, DEFAULT_WEIGHT)
