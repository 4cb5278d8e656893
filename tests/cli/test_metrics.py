import json

from click.testing import CliRunner

from maild.cli.metrics import metrics
from maild.observe.catalogue import METRICS


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(metrics, arguments)
    assert result.exit_code == 0
    return result.output


def test_the_list_has_a_line_for_each() -> None:
    lines = shown().splitlines()

    assert len(lines) == len(METRICS)
    (reloads,) = [line.split(maxsplit=2) for line in lines if line.startswith("maild_config_reloads_total ")]
    assert reloads == [
        "maild_config_reloads_total",
        "counter",
        "Looks at the configuration folder, by what caused and what came of them.",
    ]


def test_a_program_gets_types_units_labels_and_buckets() -> None:
    (found,) = [one for one in json.loads(shown("--format", "json")) if one["name"] == "maild_breaker_open"]
    assert found == {
        "name": "maild_breaker_open",
        "type": "gauge",
        "unit": "",
        "meaning": "1 while the account cannot be used; its messages wait.",
        "labels": {"account": {"meaning": "An account's name, from the configuration.", "values": []}},
        "buckets": [],
    }


def test_the_reference_for_people_is_two_tables() -> None:
    text = shown("--format", "md")

    assert (
        "| `maild_delivery_recipients_total` | counter |  | `account`, `verdict` | Verdicts on recipients. |\n" in text
    )
    assert (
        "| `maild_delivery_recipients_total` | `verdict` | What became of a recipient in one try. "
        "| `delivered`, `deferred`, `failed`, `uncertain` |\n"
    ) in text
