"""`maild metrics`: the reference of everything that /metrics exposes, from the list that it is exposed by.

Needs no daemon and changes nothing. The same list is checked against a scrape by the tests, so a metric that is not
here does not exist.
"""

import json

import click

from maild.observe.catalogue import METRICS
from maild.observe.labels import label_info
from maild.observe.metric import Kind, MetricInfo


@click.command("metrics", short_help="List every metric of /metrics.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    show_default=True,
    help="text is a list; json and md hold units, labels and their values too.",
)
def metrics(form: str) -> int:
    """List every metric that the daemon exposes, with type, unit, labels and meaning.

    An account that is removed takes its series along, and so does a file. Counters begin at zero with the daemon.
    """
    match form:
        case "json":
            click.echo(json.dumps([_object(metric) for metric in METRICS], indent=2))
        case "md":
            click.echo("\n".join(_markdown()))
        case _:
            width = max(len(exposed_name(metric)) for metric in METRICS)
            for metric in METRICS:
                click.echo(f"{exposed_name(metric):<{width}}  {metric.kind.value:<9}  {metric.meaning}")
    return 0


def exposed_name(metric: MetricInfo) -> str:
    """The name to ask Prometheus for; of a histogram, what `_bucket`, `_sum` and `_count` are put behind."""
    return f"{metric.name}_total" if metric.kind is Kind.COUNTER else metric.name


def _object(metric: MetricInfo) -> dict[str, object]:
    labels = {}
    for label in metric.labels:
        info = label_info(metric, label)
        labels[label] = {"meaning": info.meaning, "values": list(info.values)}
    return {
        "name": exposed_name(metric),
        "type": metric.kind.value,
        "unit": metric.unit,
        "meaning": metric.meaning,
        "labels": labels,
        "buckets": list(metric.buckets),
    }


def _markdown() -> list[str]:
    lines = ["# Metrics of maild", "", "| name | type | unit | labels | meaning |", "|---|---|---|---|---|"]
    lines += [
        f"| `{exposed_name(metric)}` | {metric.kind.value} | {metric.unit} "
        f"| {', '.join(f'`{label}`' for label in metric.labels)} | {metric.meaning} |"
        for metric in METRICS
    ]
    lines += ["", "## Labels", "", "| metric | label | meaning | values |", "|---|---|---|---|"]
    for metric in METRICS:
        for label in metric.labels:
            info = label_info(metric, label)
            values = ", ".join(f"`{value}`" for value in info.values)
            lines.append(f"| `{exposed_name(metric)}` | `{label}` | {info.meaning} | {values} |")
    return lines
