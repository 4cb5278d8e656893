from dataclasses import replace
from datetime import timedelta

from maild.mail.phase import Phase
from maild.mail.verdict import Uncertain
from maild.observe.recent import MINUTES, PROBES, Minute, ProbePoint, Recent
from maild.probe.events import ProbeFinished
from maild.probe.result import CheckVerdict
from maild.spool.events import IntakeResumed
from tests.observe.test_metrics import DEFERRED, DELIVERED, FAILED, attempt
from tests.observe.values import NOON, probe

UNCERTAIN = Uncertain(phase=Phase.BODY, reason="connection lost")


def test_the_hour_is_told_by_the_minute_oldest_first() -> None:
    recent = Recent()
    recent.on_event(attempt(ann=DELIVERED, bob=DEFERRED, carl=FAILED, dora=UNCERTAIN))
    recent.on_event(attempt(ann=DELIVERED))

    minutes = recent.picture(NOON + timedelta(minutes=2), []).minutes

    assert [minute.ago for minute in minutes] == list(range(MINUTES - 1, -1, -1))
    assert [minute for minute in minutes if minute != Minute(ago=minute.ago)] == [
        Minute(ago=2, delivered=2, deferred=1, failed=2)
    ]


def test_what_is_older_than_an_hour_is_forgotten() -> None:
    recent = Recent()
    recent.on_event(attempt(ann=DELIVERED))
    later = replace(attempt(ann=DELIVERED), finished_at=NOON + timedelta(minutes=MINUTES))
    recent.on_event(later)

    minutes = recent.picture(NOON + timedelta(minutes=MINUTES), []).minutes

    assert sum(minute.delivered for minute in minutes) == 1
    assert len(recent._verdicts) == 1


def test_the_last_probes_of_the_accounts_in_force_are_kept() -> None:
    recent = Recent()
    for _ in range(PROBES):
        recent.on_event(ProbeFinished(result=probe()))
    recent.on_event(ProbeFinished(result=probe(verdict=CheckVerdict.FAIL)))
    recent.on_event(ProbeFinished(result=probe("gone")))
    recent.on_event(IntakeResumed())

    points = recent.picture(NOON, ["billing", "new"]).probes

    assert list(points) == ["billing"]
    assert len(points["billing"]) == PROBES
    assert points["billing"][0] == ProbePoint(seconds=0.5, can_send=True)
    assert points["billing"][-1] == ProbePoint(seconds=0.5, can_send=False)
    assert "gone" not in recent.picture(NOON, ["billing", "gone"]).probes
