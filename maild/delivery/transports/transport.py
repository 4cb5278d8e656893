"""A transport as a port: what the engine asks of a way out, whether it speaks SMTP or posts to a mail service.

A transport opens sessions; a session sends messages one after the other. The engine decides which message, how many
sessions, what a failure means for the account, and writes everything down.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from maild.config.model import Account
from maild.delivery.classify import Judgement
from maild.delivery.outgoing import Outgoing
from maild.mail.address import Mailbox
from maild.secret import Secret

BeforeDot: TypeAlias = Callable[[tuple[Mailbox, ...]], Awaitable[None]]
"""Writes down, durably, that the end of the message is about to be sent for these recipients. When it raises, the end
must not be sent; a session passes the exception on and is of no more use.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a session is opened for.

    Attributes:
        account: the account.
        folder: what relative paths in the account count from.
        password: resolved just now, or the access token where the account has tokens; None where it has neither.
    """

    account: Account
    folder: Path
    password: Secret | None = None


class Session(Protocol):
    """One authenticated connection, or what stands for one. Used by one task at a time."""

    @property
    def is_usable(self) -> bool:
        """Whether another message may be sent on it; false after anything doubtful."""
        ...

    async def deliver(
        self, outgoing: Outgoing, recipients: tuple[Mailbox, ...], before_dot: BeforeDot
    ) -> Mapping[Mailbox, Judgement]:
        """Send the message to these recipients in one transaction; a judgement for each of them, always.

        Raises:
            whatever `before_dot` raises, and nothing else: a failure of the conversation is a judgement.
        """
        ...

    async def close(self) -> None:
        """Take leave politely; bounded in time, never raises for what the other side does."""
        ...

    def abort(self) -> None:
        """Close at once."""
        ...


class Transport(Protocol):
    """One way out."""

    def carries(self, account: Account) -> bool:
        """Whether this is the account's way."""
        ...

    def split(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """Which recipients share a transaction. The verdicts of one are written down before the next begins."""
        ...

    async def open(self, order: Order) -> Session:
        """A session, ready for its first message.

        Raises:
            NetError: it could not be opened; where and why.
        """
        ...
