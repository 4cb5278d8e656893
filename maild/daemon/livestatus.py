"""Makes the status of the running daemon: the one place that asks every part how it is doing.

Shell code. Answers in one turn of the event loop except for git, which a thread asks, and the queue's counts, whose
storage may be slow or broken; that becomes a `problem` in the answer, never an exception.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, assert_never
from urllib.parse import urlsplit

from maild import __version__
from maild.config.mail_service import service_url
from maild.config.model import Account, HttpSettings, SmtpSettings
from maild.daemon.canary import Failing, Held
from maild.daemon.generation import Accepted, FileState, Generation, LastGood, Rejected
from maild.daemon.health import judge_health
from maild.daemon.statusports import StatusPorts
from maild.delivery.breaker import Breaker, Closed, HalfOpen, Open
from maild.delivery.snapshot import AccountSnapshot, DeliverySnapshot
from maild.errors import MaildError
from maild.mail.verdict import verdict_words
from maild.observe.status import (
    AccountStatus,
    BreakerStatus,
    BudgetStatus,
    CanaryState,
    CanaryStatus,
    ConfigStatus,
    FileStanding,
    FileStatus,
    Health,
    OldestMessage,
    SpoolStatus,
    Status,
)
from maild.spool.queue import MessageState, QueuedMessage, QueueFilter
from maild.watch.checkout import Checkout, CheckoutLabel

QUEUE_ANSWER_S: Final = 5.0


class LiveStatus:
    """The status source of the web app."""

    def __init__(self, ports: StatusPorts) -> None:
        self._ports = ports
        self._label = CheckoutLabel()

    async def status(self, *, asks_git: bool) -> Status:
        """See the port."""
        ports = self._ports
        generation, now_s = ports.config.generation, asyncio.get_running_loop().time()
        # Looked at anew each time, for a commit changes no file. First, so that all else is of one moment.
        checkout = await asyncio.to_thread(
            self._label.look,
            generation.folder,
            generation.number,
            _older(generation) if asks_git else {},
            asks_git=asks_git,
            at_s=now_s,
        )
        generation = ports.config.generation
        delivery = ports.snapshot()
        return Status(
            version=__version__,
            pid=ports.pid,
            started_at=ports.started_at,
            at=ports.clock.now(),
            listen=tuple(ports.places()),
            config=self._config(generation, checkout),
            spool=await self._spool(delivery),
            accounts=tuple(
                self._account(account, delivery.accounts.get(name)) for name, account in generation.accounts.items()
            ),
            health=judge_health(ports, generation, delivery.trouble),
            probe_interval_s=generation.site.probe.interval.total_seconds(),
            web_problem=ports.web_problem(),
        )

    def health(self) -> Health:
        """See the port."""
        return judge_health(self._ports, self._ports.config.generation, self._ports.trouble())

    def _config(self, generation: Generation, checkout: Checkout) -> ConfigStatus:
        config = self._ports.config
        return ConfigStatus(
            folder=str(generation.folder),
            generation=generation.number,
            loaded_at=generation.loaded_at,
            is_clean=generation.is_clean and not config.problem,
            last_success_at=config.last_success_at,
            files=tuple(self._file(generation, name, state, checkout) for name, state in generation.files.items()),
            diagnostics=generation.report.diagnostics,
            problem=config.problem,
            watch=config.watch.mode.value,
            watch_problem=config.watch.problem,
            watch_rebuilds=self._ports.memory.watch_rebuilds,
            pending_restart=generation.pending_restart,
            digest=generation.digest,
            commit=checkout.commit,
            is_dirty=checkout.is_dirty,
        )

    def _file(self, generation: Generation, name: str, state: FileState, checkout: Checkout) -> FileStatus:
        standing, number = _standing(state)
        commit, is_dirty = _origin(state, _below(generation.folder, name), checkout)
        return FileStatus(
            file=name,
            standing=standing,
            since=state.since,
            generation=number,
            diagnostics=generation.diagnostics_of(name),
            good_at=None if isinstance(state, Rejected) else state.good_at,
            commit=commit,
            is_dirty=is_dirty,
            canary=self._canary(name, generation.trials.get(name)),
        )

    def _canary(self, name: str, held: Held | None) -> CanaryStatus | None:
        if held is None:
            return None
        found = self._ports.canary(name) or CanaryStatus(tries=0, untold=0, next_at=None)
        return replace(found, state=CanaryState.FAILED) if isinstance(held, Failing) else found

    async def _spool(self, delivery: DeliverySnapshot) -> SpoolStatus:
        ports = self._ports
        waiting = QueueFilter(states=(MessageState.QUEUED, MessageState.SENDING), limit=1)
        bare = SpoolStatus(
            folder=str(ports.layout.root),
            paused=ports.memory.intake_paused,
            free_bytes=await asyncio.to_thread(_free_bytes, ports.layout.root),
        )
        try:
            async with asyncio.timeout(QUEUE_ANSWER_S):
                counts = await ports.queue.counts()
                oldest = await ports.queue.select(waiting)
                uncertain = await ports.queue.uncertain()
        except (MaildError, OSError) as error:
            return replace(bare, problem=delivery.trouble or str(error))
        except TimeoutError:
            return replace(bare, problem=f"the queue's storage did not answer within {QUEUE_ANSWER_S:g} s")
        return replace(bare, messages=counts, uncertain=uncertain, oldest=_oldest(oldest))

    def _account(self, account: Account, delivery: AccountSnapshot | None) -> AccountStatus:
        memory = self._ports.memory
        return AccountStatus(
            name=account.name,
            protocol="smtp" if isinstance(account.transport, SmtpSettings) else "http",
            server=server_of(account),
            breaker=_breaker(delivery.breaker) if delivery is not None else None,
            budget=_budget(delivery) if delivery is not None else BudgetStatus(),
            in_flight=delivery.in_flight if delivery is not None else 0,
            sessions=delivery.sessions if delivery is not None else 0,
            waiting=delivery.waiting if delivery is not None else 0,
            probe=memory.probes.get(account.name),
            login_suspended=memory.suspended.get(account.name),
            is_enabled=account.is_enabled,
            has_tokens=account.oauth is not None,
        )


def _free_bytes(folder: Path) -> int | None:
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


def _budget(delivery: AccountSnapshot) -> BudgetStatus:
    return BudgetStatus(
        used_up=delivery.blocked_by,
        until=delivery.blocked_until,
        day_left=delivery.day_left,
        lowered=delivery.lowered,
    )


def _oldest(messages: Sequence[QueuedMessage]) -> OldestMessage | None:
    if not messages:
        return None
    message = messages[0]
    said = (one for one in message.recipients if one.verdict_at is not None and not one.is_final)
    last = max(said, key=lambda one: one.verdict_at or message.received_at, default=None)
    return OldestMessage(
        id=message.id,
        received_at=message.received_at,
        account=message.way,
        detail=verdict_words(last.verdict) if last is not None else "",
        next_at=message.next_at if message.state is MessageState.QUEUED else None,
    )


def server_of(account: Account) -> str:
    """host:port of an account's server; of a URL without what may stand in its path and query."""
    match account.transport:
        case SmtpSettings(host=host, port=port):
            return f"{host}:{port}"
        case HttpSettings() as http:
            return urlsplit(service_url(http)).hostname or ""
        case _:
            assert_never(account.transport)


def _origin(state: FileState, name: str, checkout: Checkout) -> tuple[str | None, bool | None]:
    """The commit that the version in force is from, and whether it is another than that commit holds; None: it cannot
    be told. What was edited first and committed later is from the later commit.
    """
    match state:
        case Accepted() if name in checkout.held:
            return checkout.commit, False
        case Accepted() if name in checkout.loose:
            return state.commit, True
        case LastGood() if name in checkout.origins:
            return checkout.origins[name], False
        case Accepted() | LastGood():
            return state.commit, None
        case Rejected():
            return None, None
        case _:
            assert_never(state)


def _older(generation: Generation) -> Mapping[str, bytes]:
    """The versions in force that are not on disk any more, by their files' names below the folder."""
    unaccepted = ((name, generation.files[name]) for name in sorted(generation.unaccepted))
    return {
        _below(generation.folder, name): state.loaded.text.encode("utf-8", "surrogateescape")
        for name, state in unaccepted
        if isinstance(state, LastGood)
    }


def _below(folder: Path, name: str) -> str:
    return name.removeprefix(f"{folder}/")


def _standing(state: FileState) -> tuple[FileStanding, int | None]:
    match state:
        case Accepted(generation=number):
            return FileStanding.ACCEPTED, number
        case LastGood(generation=number):
            return FileStanding.LAST_GOOD, number
        case Rejected():
            return FileStanding.REJECTED, None
        case _:
            assert_never(state)


def _breaker(breaker: Breaker) -> BreakerStatus | None:
    match breaker:
        case Closed():
            return None
        case Open(trouble=trouble, until=until):
            return BreakerStatus(
                phase=trouble.phase.value, reason=trouble.reason.value, detail=trouble.detail, until=until
            )
        case HalfOpen(trouble=trouble):
            return BreakerStatus(
                phase=trouble.phase.value, reason=trouble.reason.value, detail=trouble.detail, until=None
            )
        case _:
            assert_never(breaker)
