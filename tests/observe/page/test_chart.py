from hypothesis import given
from hypothesis import strategies as st

from maild.observe.page.chart import BAR_WIDTH, CHART_HEIGHT, SPARK_HEIGHT, Bar, Spark, bars_of, sparks_of
from maild.observe.recent import Minute, ProbePoint


def test_a_minute_is_a_pile_with_the_failed_ones_at_the_bottom() -> None:
    bars = bars_of([Minute(ago=1), Minute(ago=0, delivered=2, deferred=1, failed=1)])

    assert bars == (
        Bar(kind="failed", x=BAR_WIDTH, y=75, height=25),
        Bar(kind="deferred", x=BAR_WIDTH, y=50, height=25),
        Bar(kind="delivered", x=BAR_WIDTH, y=0, height=50),
    )


def test_without_minutes_there_is_nothing_to_draw() -> None:
    assert bars_of([]) == ()
    assert sparks_of([]) == ()


@given(st.lists(st.builds(Minute, ago=st.just(0), delivered=st.integers(0, 10**9), failed=st.integers(0, 10**9))))
def test_every_bar_is_inside_of_the_drawing(minutes: list[Minute]) -> None:
    for bar in bars_of(minutes):
        assert -0.05 <= bar.y <= CHART_HEIGHT
        assert 0 <= bar.height <= CHART_HEIGHT


def test_a_slower_probe_is_higher_and_says_what_came_of_it() -> None:
    points = [
        ProbePoint(seconds=0.0, can_send=True),
        ProbePoint(seconds=2.0, can_send=False),
        ProbePoint(seconds=1.0, can_send=None),
    ]

    assert sparks_of(points) == (
        Spark(kind="passes", x=150, y=SPARK_HEIGHT - 2),
        Spark(kind="fails", x=154, y=2.0),
        Spark(kind="unknown", x=158, y=10.0),
    )


def test_probes_that_took_no_time_are_drawn_too() -> None:
    assert sparks_of([ProbePoint(seconds=0.0, can_send=True)]) == (Spark(kind="passes", x=158, y=SPARK_HEIGHT - 2),)
