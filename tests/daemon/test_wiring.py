from collections.abc import Collection
from dataclasses import replace

import pytest

from maild.config.model import Account, SmtpSettings, Tls, TlsMode
from maild.daemon.wiring import MOST_PROBES, Wiring
from maild.delivery.breaker import Breaker, Closed, HalfOpen, Open, trouble_of
from maild.delivery.events import BreakerOpened, SessionOpened
from maild.delivery.snapshot import AccountSnapshot, DeliverySnapshot
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.observe.events import CredentialsChanged
from maild.probe.events import LoginTried, ProbeFinished
from maild.probe.result import CheckResult, CheckVerdict, PhaseResult, ProbeResult
from maild.secret import EnvRef
from maild.spool.events import IntakeResumed
from tests.observe.values import NOON, probe

BILLING = Account(
    name="billing",
    transport=SmtpSettings(host="mail.example.org", port=465, tls=Tls(mode=TlsMode.IMPLICIT)),
    username="billing@example.org",
    password=EnvRef(name="PASSWORD"),
)
LOGIN = Trouble(kind=TroubleKind.LOGIN, phase=Phase.AUTH, reason=Reason.REPLY, detail="535")
LINE = Trouble(kind=TroubleKind.LINE, phase=Phase.CONNECT, reason=Reason.REFUSED, detail="refused")


class World:
    """An engine and a prober that only listen."""

    def __init__(self, breaker: Breaker | None = None) -> None:
        self._breaker = breaker or Closed()
        self.probed: list[tuple[str, bool | None, str, Phase, Reason]] = []
        self.changed: list[str] = []
        self.requested: list[str] = []
        self.noted: list[tuple[str, bool]] = []
        self.emitted: list[object] = []
        self.follows: list[BreakerOpened] = []
        self.accounts = {"billing": BILLING, "without login": replace(BILLING, name="without login", password=None)}
        self.wiring = Wiring(self, self, account=self.accounts.get, emit=self.emitted.append)

    def account_probed(
        self,
        account: str,
        can_send: bool | None,  # noqa: FBT001 -- the engine's signature
        detail: str,
        *,
        phase: Phase = Phase.CONNECT,
        reason: Reason = Reason.UNREACHABLE,
    ) -> None:
        self.probed.append((account, can_send, detail, phase, reason))
        for event in self.follows:
            self.wiring.on_event(event)

    def trouble_of(self, account: str) -> Trouble | None:
        return trouble_of(self._breaker) if account == "billing" else None

    def snapshot(self) -> DeliverySnapshot:
        account = AccountSnapshot(
            breaker=self._breaker,
            waiting=0,
            in_flight=0,
            sessions=0,
            connections=1,
            blocked_until=None,
            blocked_by="",
            lowered=(),
            day_left=None,
            delivered=0,
            deferred=0,
            failed=0,
            uncertain=0,
        )
        return DeliverySnapshot(
            generation=1,
            accounts={"billing": account},
            waiting=0,
            in_flight=0,
            unroutable=0,
            next_at=None,
            trouble="",
            is_stopping=False,
        )

    def credentials_changed(self, accounts: Collection[str]) -> None:
        self.changed += accounts

    def request(self, account: str) -> None:
        self.requested.append(account)

    def note_login(self, account: str, is_rejected: bool) -> None:  # noqa: FBT001 -- the prober's signature
        self.noted.append((account, is_rejected))


def opened(trouble: Trouble) -> Open:
    return Open(trouble=trouble, since=NOON, until=NOON, failures=1)


def without_login(result: ProbeResult) -> ProbeResult:
    """The same probe, with its login not tried because it is known to work."""
    (check,) = result.checks
    phases = tuple(
        replace(phase, verdict=CheckVerdict.NOT_APPLICABLE) if phase.phase is Phase.AUTH else phase
        for phase in check.phases
    )
    return replace(result, checks=(replace(check, phases=phases),))


def test_changed_credentials_are_told_to_delivery_and_tried_by_a_probe() -> None:
    world = World(opened(LOGIN))
    many = tuple(f"a{number}" for number in range(MOST_PROBES + 1))

    world.wiring.on_event(CredentialsChanged(accounts=many))

    assert world.changed == [*many, *many]  # delivery and the prober hear of it
    assert world.requested == list(many[:MOST_PROBES])


def test_a_probe_that_came_through_opens_the_way() -> None:
    world = World(opened(LINE))

    world.wiring.on_event(ProbeFinished(result=probe()))

    assert world.probed == [("billing", True, "", Phase.CONNECT, Reason.UNREACHABLE)]


@pytest.mark.parametrize("breaker", [opened(LOGIN), HalfOpen(trouble=LOGIN, since=NOON, failures=1)])
def test_a_probe_without_a_login_does_not_open_what_a_refused_login_closed(breaker: Breaker) -> None:
    world = World(breaker)

    world.wiring.on_event(ProbeFinished(result=without_login(probe())))

    assert world.probed == []


@pytest.mark.parametrize("breaker", [opened(LINE), Closed()])
def test_a_probe_without_a_login_opens_what_something_else_closed(breaker: Breaker) -> None:
    world = World(breaker)

    world.wiring.on_event(ProbeFinished(result=without_login(probe())))

    assert [told[:2] for told in world.probed] == [("billing", True)]


def test_a_probe_of_an_account_that_delivery_does_not_know_is_passed_on_all_the_same() -> None:
    world = World()

    world.wiring.on_event(ProbeFinished(result=without_login(probe("shop"))))

    assert [told[:2] for told in world.probed] == [("shop", True)]


def test_a_probe_that_failed_closes_the_way_and_says_where() -> None:
    world = World()

    world.wiring.on_event(ProbeFinished(result=probe(verdict=CheckVerdict.FAIL)))

    detail = "a probe failed: 550 no such user <bob@example.com> (PLAIN)"
    assert world.probed == [("billing", False, detail, Phase.AUTH, Reason.REPLY)]


@pytest.mark.parametrize(
    ("phases", "phase", "reason"),
    [
        ((), Phase.CONNECT, Reason.UNREACHABLE),
        ((Phase.EHLO,), Phase.EHLO, Reason.PROTOCOL),
    ],
)
def test_a_failure_without_a_usual_phase_has_a_word_too(
    phases: tuple[Phase, ...], phase: Phase, reason: Reason
) -> None:
    world = World()
    failed = tuple(PhaseResult(phase=one, verdict=CheckVerdict.FAIL, seconds=0.1) for one in phases)
    check = CheckResult(check="smtp", verdict=CheckVerdict.FAIL, summary="broken", phases=failed)

    world.wiring.on_event(ProbeFinished(result=replace(probe(), checks=(check,))))

    assert world.probed == [("billing", False, "a probe failed: broken", phase, reason)]


@pytest.mark.parametrize("check", ["smtp", "mx"])
def test_a_probe_that_could_not_tell_says_nothing(check: str) -> None:
    world = World()
    unknown = CheckResult(check=check, verdict=CheckVerdict.INDETERMINATE, summary="")

    world.wiring.on_event(ProbeFinished(result=replace(probe(), checks=(unknown,))))

    assert world.probed == []


def test_a_probe_of_an_account_that_needs_no_login_any_more_opens_what_a_refused_login_closed() -> None:
    world = World(opened(LOGIN))
    world.accounts["billing"] = replace(BILLING, password=None)

    world.wiring.on_event(ProbeFinished(result=without_login(probe())))

    assert [told[:2] for told in world.probed] == [("billing", True)]


def test_a_deliverys_login_counts_as_a_probes() -> None:
    world = World()

    world.wiring.on_event(SessionOpened(account="billing", seconds=0.1))
    world.wiring.on_event(SessionOpened(account="without login", seconds=0.1))

    assert world.noted == [("billing", False)]
    assert world.emitted == [LoginTried(account="billing", is_rejected=False)]


def test_a_deliverys_refused_login_counts_and_other_trouble_does_not() -> None:
    world = World()
    refused = BreakerOpened(account="billing", phase=Phase.AUTH, reason=Reason.REPLY, detail="535", until=NOON)

    world.wiring.on_event(refused)
    world.wiring.on_event(replace(refused, reason=Reason.LOST))
    world.wiring.on_event(IntakeResumed())

    assert world.noted == [("billing", True)]
    assert world.emitted == [LoginTried(account="billing", is_rejected=True)]


def test_a_breaker_that_a_probe_opened_is_no_second_login() -> None:
    world = World()
    refused = BreakerOpened(account="billing", phase=Phase.AUTH, reason=Reason.REPLY, detail="535", until=NOON)
    world.follows.append(refused)

    world.wiring.on_event(ProbeFinished(result=probe(verdict=CheckVerdict.FAIL)))

    assert [told[:2] for told in world.probed] == [("billing", False)]
    assert world.noted == []
    assert world.emitted == []

    world.wiring.on_event(refused)

    assert world.noted == [("billing", True)]
