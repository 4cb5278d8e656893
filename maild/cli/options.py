"""Options that several commands have, written once so that they are spelled and explained the same everywhere."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(command: Command) -> Command:
    """`--config DIR`, handed on as `config`, None when not given."""
    return click.option(
        "--config",
        metavar="DIR",
        help="The configuration folder. Default: $MAILD_CONFIG, else configs/ here, else /etc/maild.",
    )(command)


def spool_option(command: Command) -> Command:
    """`--spool DIR`, handed on as `spool`, None when not given."""
    return click.option(
        "--spool", metavar="DIR", help="The spool folder. Default: $MAILD_SPOOL, else what the configuration says."
    )(command)
