"""Detours: messages that wait for a closed account while another one of their route is open are routed anew.

Which way a message takes is the routes' business; this only says when to ask them again: when an account closes, and
when another one that some route names beside it has opened or closed meanwhile. Asking costs a lease for each message,
so it is done once for each such change.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from maild.delivery.homes import Homes
from maild.delivery.route import RoutingTable


class Detours:
    """See above; for one routing table."""

    def __init__(self, homes: Homes, table: RoutingTable) -> None:
        self._homes: Final = homes
        self._others: Final = table.detours
        self._asked: Final[dict[str, AbstractSet[str]]] = {}

    def closed(self, now: datetime) -> AbstractSet[str]:
        """Accounts that lie on some detour and whose breaker lets nothing through."""
        return {name for name in self._others if self._is_closed(name, now)}

    def has(self, account: str, now: datetime) -> bool:
        """Whether the account is closed and one of the others is not."""
        return self._is_closed(account, now) and bool(self._open_beside(account, now))

    def free(self, now: datetime) -> None:
        """Have those routed anew that wait for a closed account and may have another way."""
        for name in self._others:
            if not self._is_closed(name, now):
                self._asked.pop(name, None)
                continue
            beside = self._open_beside(name, now)
            if self._asked.get(name) != beside:
                self._asked[name] = beside
                if beside:
                    self._homes.free(self._homes.lanes[name])

    def _open_beside(self, name: str, now: datetime) -> AbstractSet[str]:
        return {other for other in self._others.get(name, ()) if not self._is_closed(other, now)}

    def _is_closed(self, name: str, now: datetime) -> bool:
        lane = self._homes.lanes.get(name)
        return lane is not None and lane.gate.is_shut(now)
