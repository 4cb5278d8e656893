from datetime import timedelta
from pathlib import Path

from maild.delivery.session_terms import SessionTerms
from maild.delivery.transports.transport import Order
from maild.delivery.used_session import UsedSession
from tests.delivery.world import ScriptedSession, ScriptedTransport, account
from tests.rows import each_row

TERMS = SessionTerms(idle=timedelta(seconds=5), lifetime=timedelta(seconds=10))


def used(*, messages_sent: int = 0, is_usable: bool = True) -> UsedSession:
    session = ScriptedSession(ScriptedTransport(), Order(account=account(), folder=Path()), 1)
    session.is_usable = is_usable
    return UsedSession(
        session=session, key=None, opened_at=100.0, epoch=1, most=3, terms=TERMS, messages_sent=messages_sent
    )


def test_a_young_session_goes_on() -> None:
    assert used(messages_sent=2).may_go_on(109.9, 1)


@each_row(
    ("session", "now", "epoch"),
    [
        (used(is_usable=False), 100.0, 1),
        (used(), 100.0, 2),
        (used(messages_sent=3), 100.0, 1),
        (used(), 110.0, 1),
    ],
)
def test_a_doubtful_an_outdated_a_worn_and_an_old_one_do_not(session: UsedSession, now: float, epoch: int) -> None:
    assert not session.may_go_on(now, epoch)
