from pathlib import Path

import click

from maild.cli.words import account_names, codes, schema_names
from tests.fakes.site_folder import HTTP, write_accounts

PARAMETER = click.Argument(["name"])


def asked(config: Path | None) -> click.Context:
    context = click.Context(click.Command("x"))
    context.params = {"config": None if config is None else str(config)}
    return context


def test_accounts_are_completed_from_the_folder_that_is_named(tmp_path: Path) -> None:
    folder = write_accounts(tmp_path, billing=HTTP, brevo="broken: [", shop=HTTP) / "configs"

    assert [item.value for item in account_names(asked(folder), PARAMETER, "b")] == ["billing", "brevo"]
    assert len(account_names(asked(folder), PARAMETER, "")) == 3


def test_what_is_not_there_completes_to_nothing(tmp_path: Path) -> None:
    assert account_names(asked(tmp_path / "none"), PARAMETER, "") == []


def test_codes_are_completed_in_whatever_case_and_with_their_names() -> None:
    (found,) = codes(asked(None), PARAMETER, "ml301")

    assert (found.value, found.help) == ("ML301", "port-25-submission")


def test_schemas_are_completed() -> None:
    assert [item.value for item in schema_names(asked(None), PARAMETER, "acc")] == ["account"]
