"""The messages that a person can act on, as the page shows them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maild.observe.page.desk import Deed, Waiting
from maild.observe.page.view import age_words

SHOWN: Final = 20
"""So many messages can be acted on at a time; `maild queue` acts on any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message. `deeds` are what can be done to it besides deleting it."""

    id: str
    words: str
    detail: str
    deeds: tuple[str, ...]


def message_views(waiting: Sequence[Waiting], now: datetime, show: Callable[[str], str]) -> tuple[MessageView, ...]:
    """The messages; `show` veils what may hold an address."""
    return tuple(_view(message, now, show) for message in waiting)


def _view(message: Waiting, now: datetime, show: Callable[[str], str]) -> MessageView:
    plural = "" if message.recipients == 1 else "s"
    words = f"came {age_words(now - message.received_at)} ago, for {message.recipients} recipient{plural}"
    if message.account is not None:
        words += f", by {message.account}"
    if message.next_at is None:
        return MessageView(id=message.id, words=f"{words}; held", detail=show(message.detail), deeds=(Deed.RELEASE,))
    wait = message.next_at - now
    words += f"; next try in {age_words(wait)}" if wait > timedelta() else "; due"
    return MessageView(id=message.id, words=words, detail=show(message.detail), deeds=(Deed.RETRY, Deed.HOLD))
