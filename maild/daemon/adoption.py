"""What a new generation means to each part of the daemon: who is handed what of it, in which order.

Shell code in that some parts make ready before, in their own time; the handing over itself waits for nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from maild.config.intake_settings import IntakeSettings
from maild.config.model import Account, AuthMechanism, SmtpSettings
from maild.daemon.generation import Generation
from maild.daemon.memory import Memory
from maild.daemon.reporter import Reporter
from maild.daemon.resolving import CurrentResolver
from maild.daemon.roundtrips import RoundTrips
from maild.delivery.bounce import World
from maild.delivery.engine import Engine
from maild.delivery.plan import Plan
from maild.probe.prober import Prober
from maild.spool.drop.quota import UserLimits
from maild.spool.intake import Intake, IntakeLimits


def plan_of(generation: Generation) -> Plan:
    """What delivery needs of a generation."""
    site = generation.site
    return Plan(
        generation=generation.number,
        accounts=generation.enabled,
        disabled=generation.disabled,
        changed=generation.news,
        folder=generation.accounts_folder,
        default_account=site.default_account,
        routes=site.routes,
        delivery=site.delivery,
    )


def message_id_domain(generation: Generation) -> str | None:
    """The domain for the Message-ID of a message that names no sender: that of the account it will probably go by.

    None when no account is the default; a receiver distrusts a Message-ID of another domain less than one of none.
    """
    accounts = generation.accounts
    only = next(iter(accounts), "") if len(accounts) == 1 else ""
    account = accounts.get(generation.site.default_account or only)
    return account.sender.domain if account is not None else None


def world_of(generation: Generation, machine_name: str) -> World:
    """What reports need of a generation. A machine that has no full name borrows one."""
    is_full = "." in machine_name
    return World(
        settings=generation.site.reports,
        accounts=generation.accounts,
        hostname=machine_name if is_full else message_id_domain(generation) or machine_name,
    )


def limits_of(settings: IntakeSettings) -> IntakeLimits:
    """What the intake takes by these settings."""
    users = UserLimits(messages_per_hour=settings.user_messages_per_hour, bytes_per_hour=settings.user_bytes_per_hour)
    return IntakeLimits(max_bytes=settings.max_bytes, users=users)


def logs_in(account: Account) -> bool:
    """Whether a session with the account's server begins with a login."""
    return isinstance(account.transport, SmtpSettings) and (
        account.password is not None or account.oauth is not None or account.transport.auth is AuthMechanism.EXTERNAL
    )


def needs_no_login(account: Account) -> bool:
    """Whether the account's server takes mail from it without a login; a service's key counts as one."""
    return isinstance(account.transport, SmtpSettings) and not logs_in(account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that a generation is handed to; `machine_name` is this machine's own."""

    resolver: CurrentResolver
    engine: Engine
    prober: Prober
    intake: Intake
    reporter: Reporter
    round_trips: RoundTrips
    machine_name: str

    async def prepare(self, generation: Generation) -> None:
        """Make ready what takes long, so that `use` does not."""
        await self.engine.prepare(plan_of(generation))

    def use(self, generation: Generation) -> None:
        """Work by this generation from now on."""
        site = generation.site
        self.resolver.use(site.dns)
        self.intake.lifetime = site.delivery.lifetime
        self.intake.limits = limits_of(site.intake)
        self.intake.hostname = message_id_domain(generation) or self.machine_name
        plan = plan_of(generation)
        self.engine.use(plan)
        self.reporter.use(world_of(generation, self.machine_name), generation.folder)
        self.prober.use(plan.accounts, plan.folder, site.probe, changed=plan.changed)
        self.round_trips.use(site.probe.round_trip, plan.accounts, generation.folder)


class Adoption:
    """Takes generations into use; whoever uses them joins when he is built, and is told in that order."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._accounts: Mapping[str, Account] = {}
        self._users: tuple[Callable[[Generation], None], ...] = ()
        self._preparers: tuple[Callable[[Generation], Awaitable[None]], ...] = ()

    def join(
        self, use: Callable[[Generation], None], prepare: Callable[[Generation], Awaitable[None]] | None = None
    ) -> None:
        """Tell this one too from the next generation on, and let it prepare for that before anybody uses it."""
        self._users = (*self._users, use)
        if prepare is not None:
            self._preparers = (*self._preparers, prepare)

    async def prepare(self, generation: Generation) -> None:
        """What those need who are about to use it; mail goes on meanwhile by the one before."""
        for prepare in self._preparers:
            await prepare(generation)

    def use(self, generation: Generation) -> None:
        """Hand a generation around."""
        if generation.news:
            self._memory.forget(generation.news)
        self._accounts = generation.accounts
        for use in self._users:
            use(generation)

    def account(self, name: str) -> Account | None:
        """The account of this name in force."""
        return self._accounts.get(name)
