"""What the engine is given: everything outside of it, in one value, so that tests and the daemon hand in their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from maild.clock import Clock
from maild.delivery.events import DeliveryEvent
from maild.delivery.transports.transport import Transport
from maild.net.keys import Keys
from maild.spool.queue import Leased, Queue, QueuedMessage


class Receipts(Protocol):
    """Tells droppers what became of their drops."""

    async def write(self, messages: Sequence[QueuedMessage]) -> None:
        """Bring the receipts of these messages up to date.

        Raises:
            OSError, MaildError: the storage fails; to be called again with the messages as they are then.
        """
        ...


class Failures(Protocol):
    """Keeps what could not be sent."""

    def keep(self, leased: Leased, message: QueuedMessage) -> None:
        """Write content and verdicts durably; twice for one message is harmless. Blocking.

        Raises:
            OSError, MaildError: the storage fails; nothing may be forgotten then.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EnginePorts:
    """The outside.

    Attributes:
        transports: asked in order which of them carries an account.
        random: gives numbers from 0 to 1, for jitter.
        emit: told what happened, after it is on disk; must not block or raise.
        keys: gives accounts what they log in with.
        probe_wanted: asks for a probe of an account, soon; must not block or raise.
    """

    queue: Queue
    receipts: Receipts
    failures: Failures
    transports: tuple[Transport, ...]
    keys: Keys
    clock: Clock
    random: Callable[[], float]
    emit: Callable[[DeliveryEvent], None]
    probe_wanted: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Numbers of the engine that no site has asked to set; tests do.

    Attributes:
        poll: how often changes by other processes are looked for.
        session_idle: how long an unused session is kept; servers hang up after a minute or more.
        session_lifetime: how long a session is used at most (Postfix 300 s).
        session_messages: messages on one session at most (Exim 500).
        secret_watch: how often the secret of an account whose login was refused is compared with the refused one.
        cap_pause: how long fewer sessions are opened after the server refused one more beside working ones.
        look_ahead: messages leased in one go.
        storage_pause: the first wait after the queue's storage failed; doubles to a minute.
        recount: how often the queue is counted anew though nobody said that it changed, and its windows with it; None:
            never, since nobody else sends from it.
        sleep_at_most: wall clocks jump, so no sleep trusts one for longer than this.
    """

    poll: timedelta = timedelta(seconds=1)
    session_idle: timedelta = timedelta(seconds=15)
    session_lifetime: timedelta = timedelta(minutes=5)
    session_messages: int = 500
    secret_watch: timedelta = timedelta(seconds=30)
    cap_pause: timedelta = timedelta(minutes=1)
    look_ahead: int = 64
    storage_pause: timedelta = timedelta(seconds=1)
    recount: timedelta | None = None
    sleep_at_most: timedelta = timedelta(seconds=30)
