"""What is known of the accounts of the daemon, for commands that speak of the future: which cannot send now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Why an account cannot send, and until when it is left alone: an RFC 3339 instant, None when it is being tried;
    one that is switched off is not tried at all.
    """

    detail: str
    until: str | None
    is_switched_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """What an account may send in a time is used up: the beginning of a sentence, and until when, in RFC 3339."""

    used_up: str
    until: str


SWITCHED_OFF: Final = Closed(
    detail="it is switched off by `enabled: false` in its file", until=None, is_switched_off=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What is known.

    Attributes:
        is_served: whether a daemon has the spool; None: that cannot be told.
        is_known: whether it answered.
        closed: the accounts that cannot send.
        limited: those that may not send now.
    """

    is_served: bool | None
    is_known: bool = False
    closed: Mapping[str, Closed] = field(default_factory=dict)
    limited: Mapping[str, Limited] = field(default_factory=dict)


def accounts_of(status: Mapping[str, Any]) -> Accounts:
    """What a daemon's status says."""
    breakers = {account["name"]: account["breaker"] for account in status.get("accounts", ())}
    closed = {
        name: Closed(detail=breaker["detail"], until=breaker["until"])
        for name, breaker in breakers.items()
        if breaker is not None
    }
    closed |= {account["name"]: SWITCHED_OFF for account in status.get("accounts", ()) if not account["enabled"]}
    # A daemon of before knew of no budget.
    budgets = {account["name"]: account.get("budget") for account in status.get("accounts", ())}
    limited = {
        name: Limited(used_up=budget["used_up"], until=budget["until"])
        for name, budget in budgets.items()
        if budget is not None and budget["used_up"] and budget["until"]
    }
    return Accounts(is_served=True, is_known=True, closed=closed, limited=limited)
