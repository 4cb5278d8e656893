from maild.observe.access.bucket import Bucket
from maild.observe.access.settings import RateLimit


def test_a_burst_is_let_in_and_then_one_each_interval() -> None:
    bucket = Bucket(RateLimit(interval_s=2.0, burst=2))

    assert [bucket.take(at_s) for at_s in (100.0, 100.0, 100.0, 101.0, 102.0, 103.0)] == [
        *(True, True, False),
        *(False, True, False),
    ]
    assert [bucket.take(200.0) for _ in range(3)] == [True, True, False], "it holds no more than a burst"
