import pytest

from maild.probe.arrival import Arrival, judge_arrival

HEAD = (
    b"Received: x\r\nAuthentication-Results: mx.test;\r\n\tspf=%b; dkim=%b; dmarc=%b\r\nTo: a\r\n\r\nbody: no field\r\n"
)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ((b"pass", b"pass", b"pass"), None),
        ((b"fail", b"pass", b"pass"), None),
        ((b"pass", b"none", b"fail"), "ML789"),
    ],
)
def test_the_receiver_s_opinion_is_judged(said: tuple[bytes, bytes, bytes], code: str | None) -> None:
    arrival = Arrival(head=HEAD % said, seconds=3.21)
    found = judge_arrival(arrival, within_s=60)

    assert (None if found is None else found.code) == code
    assert str(arrival).startswith("arrived after 3.2 s; mx.test says spf=")
    if found is not None:
        assert found.message == "The message arrived, and mx.test doubts its sender: dkim=none, dmarc=fail."


def test_a_message_that_did_not_come_is_an_error_and_silence_of_the_receiver_is_none() -> None:
    lost, silent = Arrival(head=None, seconds=60.4), Arrival(head=b" odd\nTo: a\nno colon\n", seconds=1.0)
    found = judge_arrival(lost, within_s=60)

    assert found is not None
    assert found.code == "ML788"
    assert str(lost) == "not arrived within 60 s"
    assert lost.results is None
    assert judge_arrival(silent, within_s=60) is None
    assert str(silent) == "arrived after 1.0 s; the receiver says nothing about the sender"
    bare = Arrival(head=b"To: a\nFrom: b", seconds=1.0)
    assert bare.results is None
    partly = Arrival(head=b"Authentication-Results: mx.test; dkim=pass\n", seconds=1.0)
    assert judge_arrival(partly, within_s=60) is None
    assert str(partly).endswith("mx.test says spf=not tried dkim=pass dmarc=not tried")


def test_half_of_the_time_is_late() -> None:
    late = judge_arrival(Arrival(head=b"To: a\n", seconds=31), within_s=60)

    assert late is not None
    assert (late.code, late.message) == ("ML751", "The message arrived 31 seconds after the server took it.")
    assert judge_arrival(Arrival(head=b"To: a\n", seconds=30), within_s=60) is None
