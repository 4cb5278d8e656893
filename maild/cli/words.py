"""What a shell may complete: the names of accounts, the codes of rules, the names of schemas.

Called while somebody presses a key: it reads names of files and no file. What cannot be read completes to nothing.
"""

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from maild.config.folder import FileKind, find_files
from maild.config.place import config_folder
from maild.errors import MaildError


def account_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The accounts of the configuration folder that the command line, the environment or the place means."""
    del parameter
    named = context.params.get("config") or os.environ.get("MAILD_CONFIG") or None
    try:
        sources = find_files(config_folder(None if named is None else Path(named), Path.cwd()))
    except (MaildError, OSError):
        return []
    names = (Path(source.path).stem for source in sources if source.kind is FileKind.ACCOUNT)
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def codes(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Every code there is an explanation of, with its name."""
    del context, parameter
    # Imports every rule, which no other command line that is completed should pay for.
    from maild.cli.explanations import all_explanations  # noqa: PLC0415

    wanted = incomplete.upper()
    return [CompletionItem(one.code, help=one.name) for one in all_explanations() if one.code.startswith(wanted)]


def schema_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The schemas that `maild schema` prints."""
    del context, parameter
    from maild.config.resources import SCHEMA_NAMES  # noqa: PLC0415

    return [CompletionItem(name) for name in SCHEMA_NAMES if name.startswith(incomplete)]
