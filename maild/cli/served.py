"""Asks the daemon, if there is one, which of its accounts cannot send now. For commands that speak of the future.

Never fails: what cannot be asked is not known, and the answer says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from maild.cli.ask import ask_status
from maild.cli.presence import has_daemon
from maild.cli.site import Place, site_of
from maild.config.model import Site
from maild.daemon.presence import read_note
from maild.errors import MaildError
from maild.spool.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Why an account cannot send, and until when it is left alone: an RFC 3339 instant, None when it is being tried."""

    detail: str
    until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What is known of the daemon's accounts.

    Attributes:
        is_served: whether a daemon has the spool; None: that cannot be told.
        is_known: whether it answered.
        closed: the accounts that cannot send.
    """

    is_served: bool | None
    is_known: bool = False
    closed: Mapping[str, Closed] = field(default_factory=dict)


def ask_accounts(place: Place) -> Accounts:
    """What can be known now."""
    layout = Layout(place.spool)
    is_served = has_daemon(layout)
    if is_served is False:
        return Accounts(is_served=False)
    for where in _places(place, layout):
        try:
            status = ask_status(where)
        except MaildError:
            continue
        breakers = {account["name"]: account["breaker"] for account in status.get("accounts", ())}
        closed = {
            name: Closed(detail=breaker["detail"], until=breaker["until"])
            for name, breaker in breakers.items()
            if breaker is not None
        }
        return Accounts(is_served=is_served, is_known=True, closed=closed)
    return Accounts(is_served=is_served)


def _places(place: Place, layout: Layout) -> Iterator[str]:
    noted = read_note(layout)
    yield from noted
    try:
        site = site_of(place.folder) or Site()
    except MaildError:
        return
    yield from (listen for listen in site.web.listen if listen not in noted and not listen.endswith(":0"))
