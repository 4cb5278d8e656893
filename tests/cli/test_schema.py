import json

from click.testing import CliRunner

from maild.cli.schema import schema
from maild.config.resources import SCHEMA_NAMES
from maild.errors import UsageError


def test_without_a_name_the_names_are_printed() -> None:
    result = CliRunner().invoke(schema, [], standalone_mode=False)

    assert result.output.split() == list(SCHEMA_NAMES)


def test_a_schema_is_printed_as_it_is_published() -> None:
    result = CliRunner().invoke(schema, ["diagnostics"], standalone_mode=False)

    assert json.loads(result.output)["$id"] == "urn:maild:schema:diagnostics"


def test_an_unknown_schema_is_wrong_usage() -> None:
    assert isinstance(CliRunner().invoke(schema, ["recipes"], standalone_mode=False).exception, UsageError)
