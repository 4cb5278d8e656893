import asyncio
import re

from prometheus_client.parser import text_string_to_metric_families

from maild.observe.catalogue import METRICS
from maild.observe.labels import CHECKS, LABELS, label_info
from maild.observe.metrics import Metrics
from maild.probe import catalogue as checks
from maild.probe.arrival import round_trip
from tests.observe.test_metrics import EVENTS
from tests.observe.values import status


def test_every_label_says_what_it_means() -> None:
    for metric in METRICS:
        for label in metric.labels:
            assert re.fullmatch(r"[A-Z].*\.", label_info(metric, label).meaning), (metric.name, label)


def test_no_label_is_explained_that_no_metric_has() -> None:
    used = {label for metric in METRICS for label in metric.labels}
    used |= {f"{metric.name}.{label}" for metric in METRICS for label in metric.labels}

    assert set(LABELS) - used == set()


def test_the_checks_are_those_that_are_run() -> None:
    assert (*(check.name for check in checks.CHECKS), round_trip.NAME) == CHECKS


def test_what_is_exposed_is_of_the_closed_sets() -> None:
    metrics = Metrics()
    for event, _ in EVENTS:
        metrics.on_event(event)
    text = asyncio.run(metrics.render(status(), "text/plain"))[1].decode()
    known = {metric.name: metric for metric in METRICS}

    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            for label, value in sample.labels.items():
                values = label_info(known[family.name], label).values if label != "le" else ()
                assert not values or value in values, (family.name, label, value)
