from maild.daemon.memory import Memory
from maild.observe.events import WatchRebuilt
from maild.probe.events import LoginSuspended, LoginTried, ProbeFinished
from maild.spool.events import IntakePaused, IntakeResumed
from tests.observe.values import probe


def test_the_last_probe_of_each_account_is_remembered() -> None:
    memory = Memory()

    memory.on_event(ProbeFinished(result=probe("billing")))
    memory.on_event(ProbeFinished(result=probe("shop")))

    assert dict(memory.probes) == {"billing": probe("billing"), "shop": probe("shop")}


def test_a_login_stays_suspended_until_one_succeeds() -> None:
    memory = Memory()
    memory.on_event(LoginSuspended(account="billing", detail="535"))

    memory.on_event(LoginTried(account="billing", is_rejected=True))
    assert dict(memory.suspended) == {"billing": "535"}

    memory.on_event(LoginTried(account="billing", is_rejected=False))
    memory.on_event(LoginTried(account="billing", is_rejected=False))
    assert dict(memory.suspended) == {}


def test_why_intake_pauses_is_remembered_until_it_goes_on() -> None:
    memory = Memory()

    memory.on_event(IntakePaused(reason="no_space", detail="the disk is full"))
    assert memory.intake_paused == "the disk is full"
    memory.on_event(IntakePaused(reason="no_space", detail=""))
    assert memory.intake_paused == "no_space"

    memory.on_event(IntakeResumed())
    assert memory.intake_paused == ""


def test_rebuilt_watches_are_counted() -> None:
    memory = Memory()

    memory.on_event(WatchRebuilt(folder="configs", mode="events", problem=""))

    assert memory.watch_rebuilds == 1


def test_what_belongs_to_an_account_that_changed_is_forgotten() -> None:
    memory = Memory()
    for name in ("billing", "shop"):
        memory.on_event(ProbeFinished(result=probe(name)))
        memory.on_event(LoginSuspended(account=name, detail="535"))

    memory.forget(frozenset({"billing"}))

    assert list(memory.probes) == list(memory.suspended) == ["shop"]
