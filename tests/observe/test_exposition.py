from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families

from maild.observe.exposition import count_series, exposition
from maild.observe.metric import MetricInfo, counter, gauge, histogram
from maild.observe.series import Labels, Series

GAUGE = gauge("maild_x_seconds", "A gauge.", "file", "code", unit="seconds")
COUNTER = counter("maild_y", "A counter.", "account")
HISTOGRAM = histogram("maild_z_seconds", "A histogram.", (0.1, 1, 10), "account")
BARE = histogram("maild_bare_seconds", "A histogram without labels.", (1,))

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8)
VALUES = st.floats(allow_nan=False, allow_infinity=False)


@given(
    gauges=st.dictionaries(st.tuples(TEXTS, TEXTS), VALUES, max_size=4),
    counts=st.dictionaries(st.tuples(TEXTS), st.integers(0, 2**40), max_size=4),
    observed=st.dictionaries(TEXTS, st.lists(st.floats(0, 100), max_size=5), max_size=3),
)
def test_the_librarys_parsers_read_back_what_was_written(
    gauges: Mapping[Labels, float], counts: Mapping[Labels, int], observed: Mapping[str, list[float]]
) -> None:
    series = Series()
    for labels, count in counts.items():
        series.add(COUNTER, *labels, amount=count)
    for account, values in observed.items():
        for value in values:
            series.observe(HISTOGRAM, value, account, whose=("queue_id", "01JD", 1.5))
            series.observe(BARE, value)
    metrics = (GAUGE, COUNTER, HISTOGRAM, BARE)
    shown, picture = {GAUGE: list(gauges.items())}, series.picture()
    expected: dict[tuple[str, Labels], float] = {("maild_x_seconds", labels): value for labels, value in gauges.items()}
    expected |= {("maild_y_total", labels): count for labels, count in counts.items()}
    for account, values in observed.items():
        if values:
            expected["maild_z_seconds_count", (account,)] = len(values)
            expected["maild_z_seconds_sum", (account,)] = sum(values)
            for bound in (0.1, 1.0, 10.0, float("inf")):
                key = "+Inf" if bound == float("inf") else str(bound)
                expected["maild_z_seconds_bucket", (account, key)] = sum(1 for value in values if value <= bound)

    for is_open, parse in ((False, text_string_to_metric_families), (True, openmetrics_families)):
        text = exposition(metrics, shown, picture, is_open=is_open)
        found = {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in parse(text)
            for sample in family.samples
            if "_bare_" not in sample.name
        }
        assert found == expected
    assert count_series(shown, picture) == len(expected) + (4 if any(observed.values()) else 0)


def lines(metric: MetricInfo, series: Series, *, is_open: bool) -> list[str]:
    return exposition([metric], {}, series.picture(), is_open=is_open).splitlines()


def test_a_histogram_in_both_formats_line_by_line() -> None:
    series = Series()
    series.observe(BARE, 0.5, whose=("queue_id", 'a"b', 12.0))
    series.observe(BARE, 3)

    assert lines(BARE, series, is_open=False) == [
        "# HELP maild_bare_seconds A histogram without labels.",
        "# TYPE maild_bare_seconds histogram",
        'maild_bare_seconds_bucket{le="1.0"} 1',
        'maild_bare_seconds_bucket{le="+Inf"} 2',
        "maild_bare_seconds_count 2",
        "maild_bare_seconds_sum 3.5",
    ]
    assert lines(BARE, series, is_open=True)[2:] == [
        "# UNIT maild_bare_seconds seconds",
        'maild_bare_seconds_bucket{le="1.0"} 1 # {queue_id="a\\"b"} 0.5 12.000',
        'maild_bare_seconds_bucket{le="+Inf"} 2',
        "maild_bare_seconds_count 2",
        "maild_bare_seconds_sum 3.5",
        "# EOF",
    ]


def test_what_a_label_may_not_hold_as_it_is_is_escaped() -> None:
    series = Series()
    series.add(COUNTER, 'a"\\\n')
    series.observe(HISTOGRAM, 20, 'a"')

    assert lines(COUNTER, series, is_open=False)[-1] == 'maild_y_total{account="a\\"\\\\\\n"} 1.0'
    assert lines(HISTOGRAM, series, is_open=False)[-1] == 'maild_z_seconds_sum{account="a\\""} 20.0'
