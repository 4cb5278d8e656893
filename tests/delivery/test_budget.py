from datetime import UTC, datetime, timedelta

from maild.config.model import Account, HttpSettings, Limits, SmtpSettings, Tls, TlsMode
from maild.delivery.budget import Budget, Spent, effective_limits
from maild.providers.catalogue import provider_of
from maild.spool.allowance import Allowance, AllowanceKind

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def at(**delta: float) -> datetime:
    return NOON + timedelta(**delta)


def test_without_limits_everything_goes_at_once_and_nothing_is_remembered() -> None:
    budget = Budget(Limits())

    budget.spend(NOON, 1_000_000)

    assert budget.free_at(NOON, 1_000_000) == NOON
    assert budget.day_left(NOON) is None
    assert budget.connections == 4


def test_the_connections_are_the_configured_ones() -> None:
    assert Budget(Limits(connections=2)).connections == 2


def test_the_minute_rolls() -> None:
    budget = Budget(Limits(per_minute=2))
    budget.spend(NOON, 1)
    budget.spend(at(seconds=20), 1)

    assert budget.free_at(at(seconds=30), 1) == at(seconds=60)
    assert budget.free_at(at(seconds=60), 1) == at(seconds=60)
    budget.spend(at(seconds=60), 1)
    assert budget.free_at(at(seconds=61), 1) == at(seconds=80)


def test_a_lower_limit_counts_what_was_sent_before_it_came() -> None:
    budget = Budget(Limits(per_minute=3))
    for second in range(3):
        budget.spend(at(seconds=second), 1)

    budget.use(Limits(per_minute=1))

    assert budget.free_at(at(seconds=10), 1) == at(seconds=62)


def test_the_day_rolls_in_quarters_of_an_hour_and_errs_on_the_late_side() -> None:
    budget = Budget(Limits(per_day=10))
    budget.spend(NOON, 3)
    budget.spend(at(minutes=10), 3)
    budget.spend(at(minutes=20), 4)

    assert budget.day_left(at(minutes=30)) == 0
    assert budget.free_at(at(minutes=30), 6) == at(days=1, minutes=15)
    assert budget.free_at(at(minutes=30), 7) == at(days=1, minutes=35)
    assert budget.free_at(at(days=1, minutes=15), 6) == at(days=1, minutes=15)
    assert budget.day_left(at(days=1, minutes=15)) == 6


def test_a_message_larger_than_the_allowance_waits_for_an_empty_day_and_goes() -> None:
    budget = Budget(Limits(per_day=10))
    assert budget.free_at(NOON, 50) == NOON
    budget.spend(NOON, 2)

    assert budget.free_at(NOON, 50) == at(days=1, minutes=15)
    assert budget.free_at(at(days=1, minutes=15), 50) == at(days=1, minutes=15)


def test_what_the_provider_did_not_accept_is_given_back() -> None:
    budget = Budget(Limits(per_day=10))
    budget.spend(NOON, 4)
    budget.spend(at(minutes=20), 3)

    budget.refund(5)

    assert budget.day_left(at(minutes=20)) == 8
    budget.refund(100)
    assert budget.day_left(at(minutes=20)) == 10


def test_history_from_before_the_start_counts() -> None:
    budget = Budget(Limits(per_day=10))
    assert budget.is_counted

    budget.learn([Spent(at=at(hours=-23), recipients=6), Spent(at=at(hours=-1), recipients=4)])

    assert budget.free_at(NOON, 1) == at(hours=1, minutes=15)
    assert budget.day_left(NOON) == 0


def smtp_account(host: str, limits: Limits) -> Account:
    settings = SmtpSettings(host=host, port=465, tls=Tls(mode=TlsMode.IMPLICIT))
    return Account(name="a", transport=settings, username="a@example.org", limits=limits)


def test_the_provider_documents_what_the_account_does_not_say() -> None:
    provider = provider_of("smtp.office365.com")
    assert provider is not None

    own = effective_limits(smtp_account("smtp.office365.com", Limits(connections=1)))

    assert own == Limits(per_minute=provider.limits.per_minute, per_day=provider.limits.per_day, connections=1)


def test_ones_own_server_has_the_limits_that_the_account_names() -> None:
    limits = Limits(per_minute=1, per_day=2, connections=3)

    assert effective_limits(smtp_account("mail.example.org", limits)) == limits
    assert effective_limits(smtp_account("mail.example.org", Limits())) == Limits()


def test_a_mail_service_has_the_limits_that_the_account_names() -> None:
    account = Account(name="a", transport=HttpSettings(url="https://mail.example/"), limits=Limits(per_day=5))

    assert effective_limits(account) == Limits(per_day=5)


def allowance(kind: AllowanceKind, value: int, **until: float) -> Allowance:
    return Allowance(kind=kind, value=value, until=at(**until))


def test_a_lowered_limit_is_in_force_until_it_ends() -> None:
    budget = Budget(Limits(per_day=10))
    budget.lower([allowance(AllowanceKind.PER_DAY, 4, hours=2), allowance(AllowanceKind.PER_MINUTE, 1, hours=2)])
    budget.spend(NOON, 4)

    assert budget.day_left(NOON) == 0
    assert budget.free_at(NOON, 1) == at(days=1, minutes=15)
    assert budget.used_up(NOON) == "the 1 messages a minute that it may send are used up"
    assert budget.used_up(at(minutes=2)) == "the 4 recipients a day that it may send to are used up"
    assert budget.day_left(at(hours=2)) == 6
    assert budget.free_at(at(hours=2), 6) == at(hours=2)
    assert budget.lowered(at(hours=2)) == ()


def test_what_is_lowered_less_than_the_limit_itself_lowers_nothing() -> None:
    budget = Budget(Limits(per_day=10))
    budget.lower([allowance(AllowanceKind.PER_DAY, 40, hours=2)])

    assert budget.limit(AllowanceKind.PER_DAY, NOON) == 10
    assert budget.lowered(NOON) == ()


def test_limits_of_time_are_counted_wherever_they_come_from() -> None:
    budget = Budget(Limits(per_session=5))
    counted = [budget.is_counted]
    for kind in (AllowanceKind.PER_MESSAGE, AllowanceKind.PER_MINUTE):
        budget.lower([allowance(kind, 4, hours=2)])
        counted.append(budget.is_counted)

    assert counted == [False, False, True]
    assert budget.limit(AllowanceKind.PER_SESSION, NOON) == 5
    assert Budget(Limits(per_minute=1)).is_counted


def test_the_last_minute_before_the_start_counts_and_is_not_told_twice() -> None:
    budget = Budget(Limits(per_minute=2))
    budget.learn([], [at(seconds=-30), at(seconds=-10)])
    budget.learn([], [NOON])

    assert budget.free_at(NOON, 1) == at(seconds=30)
    assert budget.day_spent(NOON) == 0
