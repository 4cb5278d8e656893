"""What `configs/monitoring` says is true of this program: its metrics, their labels, the commands it sends people to.

That Prometheus takes it too, and that the alerts fire when they should, is tried with the real one in tests/peers.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
import yaml

from maild.cli.main import maild
from maild.observe.catalogue import METRICS
from maild.observe.labels import label_info
from maild.observe.metric import Kind, MetricInfo

FOLDER: Final = Path(__file__).parent.parent / "configs" / "monitoring"
_METRIC: Final = re.compile(r"\b((?:maild|process)_\w+)(?:\{([^}]*)\})?")
_MATCHER: Final = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
OF_PROMETHEUS: Final = frozenset({"job", "instance", "le"})


def rules() -> list[Mapping[str, Any]]:
    (group,) = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    found = group["rules"]
    assert isinstance(found, list)
    return found


def dashboard() -> Mapping[str, Any]:
    found = json.loads((FOLDER / "dashboard.json").read_text())
    assert isinstance(found, dict)
    return found


def expressions() -> Iterator[str]:
    """Every PromQL text in the alerts and the dashboard."""
    yield from (rule["expr"] for rule in rules())
    board = dashboard()
    yield from (target["expr"] for panel in board["panels"] for target in panel.get("targets", []))
    yield from (variable["definition"] for variable in board["templating"]["list"] if variable["type"] == "query")
    yield from (annotation["expr"] for annotation in board["annotations"]["list"])


def exposed() -> dict[str, MetricInfo]:
    """The metrics by each name under which Prometheus stores them."""
    names: dict[str, MetricInfo] = {}
    for metric in METRICS:
        match metric.kind:
            case Kind.GAUGE:
                names[metric.name] = metric
            case Kind.COUNTER:
                names[f"{metric.name}_total"] = metric
            case Kind.HISTOGRAM:
                names |= {f"{metric.name}_{part}": metric for part in ("bucket", "sum", "count")}
    return names


def test_an_expression_asks_for_metrics_labels_and_values_that_there_are() -> None:
    names = exposed()
    for name, matchers in (found for expression in expressions() for found in _METRIC.findall(expression)):
        assert name in names
        for label, _, words in _MATCHER.findall(matchers):
            if label in OF_PROMETHEUS:
                continue
            assert label in names[name].labels
            values = label_info(names[name], label).values
            assert words == "$account" or not values or set(words.split("|")) <= set(values)


def test_whatever_is_grouped_by_is_a_label_of_something() -> None:
    known = OF_PROMETHEUS | {label for metric in METRICS for label in metric.labels}
    grouped = [
        label.strip()
        for expression in expressions()
        for labels in re.findall(r"\b(?:by|on|group_left)\s*\(([^)]*)\)", expression)
        for label in labels.split(",")
    ]

    assert {label for label in grouped if label} - known == set()


def test_an_alert_says_what_is_so_and_what_to_do() -> None:
    for rule in rules():
        assert re.fullmatch(r"Maild[A-Z][A-Za-z]+", rule["alert"])
        assert rule["labels"]["severity"] in {"critical", "warning", "info", "none"}
        assert sorted(rule["annotations"]) == ["description", "summary"]
        assert all(text.endswith(".") for text in rule["annotations"].values())
    assert len({rule["alert"] for rule in rules()}) == len(rules())


def test_every_alert_has_its_case() -> None:
    cases = (FOLDER / "alerts.test.yml").read_text()

    assert [rule["alert"] for rule in rules() if rule["alert"] not in cases] == []


def texts() -> Iterator[str]:
    """What a person reads in the alerts and on the dashboard."""
    yield from (text for rule in rules() for text in rule["annotations"].values())
    yield from (panel.get("description", "") for panel in dashboard()["panels"])


def test_the_commands_that_a_text_sends_people_to_exist() -> None:
    commands = [words.split() for text in texts() for words in re.findall(r"`maild ([^`]+)`", text)]

    assert commands
    for name, *arguments in commands:
        context = click.Context(maild)
        command = maild.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group) and arguments:
            assert arguments[0] in command.list_commands(context)
            command = command.get_command(context, arguments[0])
            assert command is not None
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in arguments if word.startswith("--")} <= options


def test_a_dashboard_can_be_imported_anywhere() -> None:
    board = dashboard()
    ids = [panel["id"] for panel in board["panels"]]

    assert board["id"] is None
    assert board["uid"] == "maild"
    assert len(set(ids)) == len(ids)
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in board["panels"] if panel["type"] != "row")
