"""The plan: what delivery needs of one generation of the configuration. A value; the daemon hands in a new one."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from maild.config.delivery_settings import DeliverySettings
from maild.config.model import Account
from maild.config.route import Route
from maild.delivery.route import RoutingTable
from maild.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How messages are to be sent.

    Attributes:
        generation: its number, for events.
        accounts: by name.
        changed: the accounts that are not what they were in the plan of the generation before; None: not known.
        folder: what relative paths of secrets and certificates in account files count from.
        default_account: for messages that no route matches; None: the only account there is.
        routes: first match wins.
        delivery: retry delays and policies.
        disabled: the names of accounts that are switched off; none of `accounts`.
    """

    generation: int
    accounts: Mapping[str, Account]
    folder: Path
    default_account: str | None = None
    routes: tuple[Route, ...] = ()
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    disabled: frozenset[str] = frozenset()
    changed: frozenset[str] | None = None

    @property
    def table(self) -> RoutingTable:
        """The part of it that decides ways."""
        return RoutingTable(
            accounts=Register.of(self.accounts).names,
            default_account=self.default_account,
            routes=self.routes,
            disabled=self.disabled,
        )

    def delivery_of(self, account: str | None) -> DeliverySettings:
        """Retry delays and policies of mail through this account; the site's for one that is not there."""
        known = None if account is None else self.accounts.get(account)
        return self.delivery if known is None else self.delivery.through(known.delivery)

    def to_adopt(self, before: "Plan | None") -> Iterable[str]:
        """The accounts that may be others than in the plan before this one."""
        return self.accounts if (changed := self._changed_since(before)) is None else changed & self.accounts.keys()

    def gone(self, before: "Plan | None", known: AbstractSet[str]) -> Iterable[str]:
        """Those of the known accounts, which were in the plan before this one, that are none any more."""
        changed = self._changed_since(before)
        return (known if changed is None else known & changed) - self.accounts.keys()

    def _changed_since(self, before: "Plan | None") -> frozenset[str] | None:
        """The accounts that may be others; None: all may."""
        follows = before is not None and before.folder == self.folder and before.generation + 1 == self.generation
        return self.changed if follows else None
