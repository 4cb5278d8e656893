from datetime import timedelta

from maild.config.model import Limits
from maild.delivery.attempt import Attempt, Part
from maild.delivery.breaker import Closed, Open
from maild.delivery.events import BreakerClosed, BreakerOpened, DeliveryEvent
from maild.delivery.gate import Gate
from maild.delivery.ports import EnginePorts
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Fault
from maild.net.passwords import Passwords
from maild.net.step import Reason
from maild.spool.queue import AccountSender, InlineBody, Leased, MessageState, QueuedMessage, QueueId
from tests.delivery.world import Failures, Receipts, account
from tests.fakes.clock import START, FakeClock
from tests.fakes.memory_queue import MemoryQueue

LINE = Trouble(kind=TroubleKind.LINE, phase=Phase.CONNECT, reason=Reason.REFUSED, detail="nobody listens")
LOGIN = Trouble(kind=TroubleKind.LOGIN, phase=Phase.AUTH, reason=Reason.REPLY, detail="wrong password")


class Fixture:
    """A gate with everything it tells."""

    events: list[DeliveryEvent]

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.events = []
        self.probes: list[str] = []
        self.changes = 0
        ports = EnginePorts(
            queue=MemoryQueue(),
            receipts=Receipts(),
            failures=Failures(),
            transports=(),
            keys=Passwords(),
            clock=self.clock,
            random=lambda: 0.5,
            emit=self.events.append,
            probe_wanted=self.probes.append,
        )
        self.gate = Gate(account("billing"), ports, self.change)

    def change(self) -> None:
        self.changes += 1


def part() -> Part:
    message = QueuedMessage(
        id=QueueId("1"),
        state=MessageState.SENDING,
        sender=AccountSender(),
        recipients=(),
        message_id="<1@example.org>",
        size_bytes=1,
        received_at=START,
        expires_at=START,
        next_at=START,
    )
    leased = Leased(message=message, head=b"", body=InlineBody(data=b""))
    return Part(attempt=Attempt.of(leased, START), account="billing", recipients=())


def test_it_opens_once_for_one_outage_and_tells() -> None:
    fixture = Fixture()

    until = fixture.gate.trip(LINE)
    fixture.gate.trip(LINE)

    assert until == START + timedelta(seconds=15)
    assert fixture.events == [
        BreakerOpened(
            account="billing", phase=Phase.CONNECT, reason=Reason.REFUSED, detail="nobody listens", until=until
        )
    ]
    assert fixture.probes == []
    assert fixture.changes == 1
    assert fixture.gate.is_shut(START)
    assert not fixture.gate.is_closed
    assert fixture.gate.opens_at() == until
    assert fixture.gate.shut_verdict() == Deferred(
        fault=Fault.ACCOUNT, phase=Phase.CONNECT, reason="the account cannot send: nobody listens"
    )


def test_a_refused_login_asks_for_a_probe() -> None:
    fixture = Fixture()

    fixture.gate.trip(LOGIN)

    assert fixture.probes == ["billing"]


def test_the_trial_heals_it() -> None:
    fixture = Fixture()
    fixture.gate.trip(LINE)
    fixture.clock.advance(15)
    assert not fixture.gate.is_shut(fixture.clock.now())

    fixture.gate.enter(part())
    assert fixture.gate.is_shut(fixture.clock.now())
    fixture.gate.succeeded()

    assert fixture.gate.is_closed
    assert fixture.gate.shut_verdict() is None
    assert fixture.events[1:] == [BreakerClosed(account="billing")]


def test_old_news_do_not_heal_it() -> None:
    fixture = Fixture()
    fixture.gate.trip(LINE)

    fixture.gate.succeeded()

    assert isinstance(fixture.gate.breaker, Open)


def test_a_trial_that_told_nothing_leaves_it_to_the_next() -> None:
    fixture = Fixture()
    fixture.gate.trip(LINE)
    fixture.clock.advance(15)
    trial = part()
    fixture.gate.enter(trial)

    fixture.gate.leave(part())
    assert fixture.gate.is_shut(fixture.clock.now())
    fixture.gate.leave(trial)

    assert isinstance(fixture.gate.breaker, Open)
    assert not fixture.gate.is_shut(fixture.clock.now())


def test_a_closed_gate_has_no_trials_and_nothing_to_heal() -> None:
    fixture = Fixture()

    fixture.gate.enter(part())
    fixture.gate.heal()

    assert fixture.gate.breaker == Closed()
    assert fixture.events == []
    assert fixture.gate.opens_at() is None


def test_hurry_lets_the_next_message_try_at_once() -> None:
    fixture = Fixture()
    fixture.gate.trip(LOGIN)

    fixture.gate.hurry()

    assert not fixture.gate.is_shut(START)


def test_the_third_break_in_a_row_is_the_accounts() -> None:
    fixture = Fixture()

    assert fixture.gate.broke("lost") is None
    fixture.gate.succeeded()
    assert fixture.gate.broke("lost") is None
    assert fixture.gate.broke("lost") is None
    assert fixture.gate.broke("lost") == Trouble(
        kind=TroubleKind.LINE,
        phase=Phase.BODY,
        reason=Reason.LOST,
        detail="3 messages in a row broke off: lost",
    )


def test_the_budget_blocks_it_until_its_time() -> None:
    fixture = Fixture()
    fixture.gate.blocked_until = START + timedelta(seconds=60)

    assert fixture.gate.is_blocked(START)
    assert fixture.gate.opens_at() == START + timedelta(seconds=60)
    assert not fixture.gate.is_blocked(START + timedelta(seconds=60))
    assert fixture.gate.blocked_until is None


def test_after_trouble_sessions_are_allowed_one_then_two_until_the_limit() -> None:
    fixture = Fixture()
    fixture.gate.budget.use(Limits(connections=4))
    assert fixture.gate.connections == 4
    fixture.gate.trip(LINE)

    fixture.gate.heal()
    assert fixture.gate.connections == 1
    assert fixture.gate.succeeded()
    assert fixture.gate.connections == 2
    fixture.gate.trip(LINE)
    assert not fixture.gate.succeeded()
    fixture.gate.heal()
    assert fixture.gate.succeeded()
    assert fixture.gate.succeeded()
    assert fixture.gate.connections == 3
    assert fixture.gate.succeeded()
    assert fixture.gate.connections == 4
    assert not fixture.gate.succeeded()
