from maild.observe.catalogue.delivery import ATTEMPTS
from maild.observe.catalogue.spool import INTAKE_TAKEN
from maild.observe.metric import Kind as MetricKind
from maild.observe.metric import MetricInfo
from maild.observe.series import Distribution, Series

SECONDS = MetricInfo(name="x_seconds", kind=MetricKind.HISTOGRAM, meaning="", labels=("account",), buckets=(1.0, 5.0))


def test_a_counter_counts_by_its_labels() -> None:
    series = Series()

    series.add(ATTEMPTS, "billing")
    series.add(ATTEMPTS, "billing", amount=2)
    series.add(ATTEMPTS, "shop", amount=0)

    assert series.picture().counters == {ATTEMPTS: {("billing",): 3, ("shop",): 0}}


def test_a_histogram_puts_a_value_into_the_first_bucket_that_holds_it() -> None:
    series = Series()

    for value in (0.5, 1.0, 1.5, 99.0):
        series.observe(SECONDS, value, "billing")

    distribution = series.picture().histograms[SECONDS]["billing",]
    assert distribution == Distribution(counts=(2, 1, 1), total=102.0)
    assert distribution.cumulated() == (2, 3, 4)


def test_a_picture_does_not_change_any_more() -> None:
    series = Series()
    series.add(INTAKE_TAKEN)
    series.observe(SECONDS, 1, "billing")
    picture = series.picture()

    series.add(INTAKE_TAKEN)
    series.observe(SECONDS, 1, "billing")

    assert picture.counters == {INTAKE_TAKEN: {(): 1}}
    assert picture.histograms[SECONDS]["billing",].cumulated() == (1, 1, 1)


def test_the_series_of_an_account_that_is_no_more_are_dropped_and_others_stay() -> None:
    series = Series()
    series.add(ATTEMPTS, "billing")
    series.add(ATTEMPTS, "shop")
    series.add(INTAKE_TAKEN)
    series.observe(SECONDS, 1, "billing")

    series.forget(["billing"])
    series.forget([])

    assert series.picture().counters == {ATTEMPTS: {("shop",): 1}, INTAKE_TAKEN: {(): 1}}
    assert series.picture().histograms == {SECONDS: {}}
