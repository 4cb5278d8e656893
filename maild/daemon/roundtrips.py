"""Round trips: now and then a marked message through each account, which is waited for where it should arrive.

Shell code. The messages go by the queue like any other mail, so the account's limits and breaker hold for them, and
real logins are theirs; nobody gets a report about them. Through an account that cannot send now none is sent, for it
would only wait. What a trip came to is the check `round-trip` of every probe of the account from then on; the first
trip comes a minute or two after the start, so that a daemon that is started again and again sends nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, assert_never

from maild.clock import Clock
from maild.config.model import Account
from maild.config.probe_settings import RoundTripSettings
from maild.delivery.events import AttemptFinished, MessageExpired
from maild.delivery.trial_message import TrialMessage
from maild.delivery.trouble import Trouble
from maild.errors import MaildError
from maild.mail.header import Header
from maild.mail.priority import Priority
from maild.mail.report_wish import ReportWish
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain, Verdict
from maild.observe.events import Event
from maild.probe.arrival import ArrivalError, parse_place
from maild.probe.arrival.mailbox import MaildirPlace
from maild.probe.arrival.round_trip import Trip, Trips, ended, refused, unread, unsent
from maild.probe.arrival.waiting import wait_for
from maild.secret import Secret
from maild.spool.queue import AccountSender, Arrival, Queue, QueueId, Waiting
from maild.spool.queue_id import RANDOM_BYTES, make_queue_id
from maild.spool.stream import stream_of
from maild.spool.transition import received

MAX_AT_ONCE: Final = 4
"""Each looks into the mailbox again and again, and there is one of it."""

FIRST_S: Final = 60.0
AGAIN_S: Final = 300.0
"""After a message that could not be sent; or the interval, where that is shorter."""

LONGEST_PAUSE_S: Final = 60.0
MAX_PASSWORD_BYTES: Final = 4096
_NO_REPORT: Final = ReportWish(notify=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTripPorts:
    """The outside.

    Attributes:
        wake: tells delivery of messages that the queue took.
        trouble_of: why an account cannot send now.
        random: gives numbers from 0 to 1, for jitter.
        tell: somebody should look at what this account's trip came to.
    """

    queue: Queue
    wake: Callable[[Sequence[Waiting]], None]
    trouble_of: Callable[[str], Trouble | None]
    clock: Clock
    random: Callable[[], float]
    random_bytes: Callable[[int], bytes]
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unsent:
    """`is_refused`: by the server or service, which is an answer; else it did not come so far."""

    words: str
    is_refused: bool = False


class RoundTrips:
    """See above. All methods belong to the event loop."""

    def __init__(self, ports: RoundTripPorts, trips: Trips) -> None:
        self._ports: Final = ports
        self._trips: Final = trips
        self._settings: RoundTripSettings | None = None
        self._folder = Path()
        self._accounts: dict[str, Account] = {}
        self._due: dict[str, float] = {}
        self._sent: Final[dict[QueueId, asyncio.Future[_Unsent | None]]] = {}
        self._slots: Final = asyncio.Semaphore(MAX_AT_ONCE)
        self._changed: Final = asyncio.Event()

    def use(self, settings: RoundTripSettings | None, accounts: Mapping[str, Account], folder: Path) -> None:
        """From now on so; what is known of accounts and settings that are others now is forgotten.

        Args:
            settings: None: no messages are sent.
            accounts: all that may send.
            folder: what relative paths of the settings count from.
        """
        before = self._accounts
        wanted = () if settings is None else settings.accounts or tuple(accounts)
        self._accounts = {name: one for name in wanted if (one := accounts.get(name)) is not None}
        stays = settings == self._settings
        self._settings, self._folder = settings, folder
        same = {name for name, one in self._accounts.items() if stays and before.get(name) == one}
        self._trips.keep(same)
        first_s = _now() + FIRST_S
        due = {name: first_s + FIRST_S * self._ports.random() for name in self._accounts}
        self._due = due | {name: due_s for name, due_s in self._due.items() if name in same}
        self._changed.set()

    def on_event(self, event: Event) -> None:
        """Hear what became of messages of ours."""
        match event:
            case AttemptFinished(id=id_, verdicts=verdicts) if id_ in self._sent:
                for verdict in verdicts.values():
                    self._hear(id_, verdict)
            case MessageExpired(id=id_) if id_ in self._sent:
                self._finish(id_, _Unsent(words="its time was over before the account could send it"))
            case _:
                pass

    async def run(self) -> None:
        """Send and wait until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                now_s = _now()
                for name in [name for name, due_s in self._due.items() if due_s <= now_s]:
                    del self._due[name]
                    tasks.create_task(self._go(self._accounts[name]))
                try:
                    async with asyncio.timeout_at(min(self._due.values(), default=None)):
                        await self._changed.wait()
                except TimeoutError:
                    continue

    async def _go(self, account: Account) -> None:
        settings = self._settings
        assert settings is not None  # else nobody is due
        async with self._slots:
            trip, is_sent = await self._trip(account, settings)
        if self._settings != settings or self._accounts.get(account.name) != account:
            return
        self._trips.put(account.name, trip)
        interval_s = settings.interval.total_seconds()
        pause_s = interval_s * (0.9 + 0.2 * self._ports.random()) if is_sent else min(AGAIN_S, interval_s)
        self._due[account.name] = _now() + pause_s
        self._ports.tell(account.name)
        self._changed.set()

    async def _trip(self, account: Account, settings: RoundTripSettings) -> tuple[Trip, bool]:
        """One message; and whether it went out."""
        before, clock = self._trips.last(account.name), self._ports.clock
        trouble = self._ports.trouble_of(account.name)
        if trouble is not None:
            return unsent("the account cannot send now", now=clock.now(), before=before), False
        message = TrialMessage(account=account, to=settings.to, at=clock.now())
        failure = await self._send(message, settings)
        if failure is not None:
            tell = refused if failure.is_refused else unsent
            return tell(failure.words, now=clock.now(), before=before), failure.is_refused
        within_s = settings.within.total_seconds()
        try:
            place = parse_place(settings.arrives_in, await asyncio.to_thread(self._password, settings))
            place = replace(place, folder=self._folder / place.folder) if isinstance(place, MaildirPlace) else place
            arrival = await wait_for(place, message.mark, within_s=within_s, longest_pause_s=LONGEST_PAUSE_S)
        except ArrivalError as error:
            return unread(str(error), now=clock.now(), before=before), True
        return ended(arrival, within_s=within_s, now=clock.now(), before=before), True

    async def _send(self, message: TrialMessage, settings: RoundTripSettings) -> _Unsent | None:
        """Into the queue, and until it is out."""
        arrival, loop = self._arrival(message, settings), asyncio.get_running_loop()
        self._sent[arrival.id] = loop.create_future()
        try:
            await self._ports.queue.accept([arrival])
            self._ports.wake([Waiting.of(received(arrival))])
            # Delivery tells of the end of a message's life; the double is for a clock that somebody sets.
            async with asyncio.timeout(2 * settings.within.total_seconds()):
                return await self._sent[arrival.id]
        except MaildError:
            return _Unsent(words="the queue does not take it")
        except TimeoutError:
            return _Unsent(words="delivery said nothing of it")
        finally:
            del self._sent[arrival.id]

    def _arrival(self, message: TrialMessage, settings: RoundTripSettings) -> Arrival:
        outgoing, sender = message.as_outgoing(), AccountSender()
        return Arrival(
            id=make_queue_id(message.at, self._ports.random_bytes(RANDOM_BYTES)),
            sender=sender,
            recipients=(message.to,),
            head=outgoing.head,
            body=outgoing.body,
            message_id=message.message_id,
            received_at=message.at,
            expires_at=message.at + settings.within,
            account=message.account.name,
            wish=_NO_REPORT,
            stream=stream_of(Priority.NORMAL, sender, Header(())),
        )

    def _password(self, settings: RoundTripSettings) -> Secret | None:
        """Blocking."""
        if settings.password_file is None:
            return None
        try:
            with (self._folder / settings.password_file).open("rb") as file:
                return Secret(file.read(MAX_PASSWORD_BYTES).decode().split("\n", 1)[0])
        except (OSError, UnicodeError) as error:
            words = (error.strerror or "") if isinstance(error, OSError) else "it is no text"
            raise ArrivalError(f"The password in {settings.password_file} cannot be read: {words}.") from None

    def _hear(self, id_: QueueId, verdict: Verdict) -> None:
        match verdict:
            case Delivered() | Uncertain():
                self._finish(id_, None)  # of the latter the mailbox knows more
            case Failed(reason=reason):
                self._finish(id_, _Unsent(words=reason, is_refused=True))
            case Deferred():
                pass  # it is tried again as long as it lives
            case _:
                assert_never(verdict)

    def _finish(self, id_: QueueId, failure: _Unsent | None) -> None:
        if not self._sent[id_].done():
            self._sent[id_].set_result(failure)


def _now() -> float:
    return asyncio.get_running_loop().time()
