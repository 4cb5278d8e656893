from maild.probe.events import LoginSuspended, LoginTried, ProbeEvent
from maild.probe.teller import Teller


def test_of_a_login_that_was_replaced_only_its_refusal_is_told_and_of_a_try_only_the_login() -> None:
    told: list[ProbeEvent] = []
    teller = Teller(told.append)
    suspended = LoginSuspended(account="a", detail="535")
    good, bad = (LoginTried(account="a", is_rejected=is_rejected) for is_rejected in (False, True))

    tell = teller.tell_of("a")
    for event in (suspended, suspended, good, suspended):
        tell(event)
    assert told == [suspended, good, suspended]

    teller.replaced(["a"])
    for event in (good, suspended, bad):
        tell(event)
    assert told[3:] == [bad]

    teller.tell_login(suspended)
    teller.tell_login(good)
    assert told[4:] == [good]

    teller.tell(suspended)
    teller.keep([])
    teller.tell(suspended)
    assert told[5:] == [suspended, suspended]
