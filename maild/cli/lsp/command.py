"""`maild lsp`: the language server on standard input and output. Shell code.

pygls is an extra that most installations do not need, so it is imported here and nowhere before.
"""

import importlib
import os
import sys
from collections.abc import Callable
from types import ModuleType

import click

from maild.errors import UsageError

_NEEDED = frozenset({"pygls", "lsprotocol", "cattrs", "attrs", "attr"})


@click.command("lsp", short_help="Serve an editor: findings, fixes, help and completion as one types.")
@click.option("--no-secrets", is_flag=True, help="Do not look whether passwords can be had here. Implied by $CI.")
@click.option("--stdio", is_flag=True, help="Taken because many editors say it; there is no other way.")
def lsp(*, no_secrets: bool, stdio: bool) -> int:
    """Serve an editor over standard input and output, by the Language Server Protocol.

    The same findings as `maild check`, live; quick fixes; help for keys, values and findings; completion. An editor
    starts this for YAML files and stops it; files that are no configuration of maild are left alone.
    """
    del stdio
    server = import_server()
    from maild.cli.lsp.desk import Desk  # noqa: PLC0415 -- as lazily as the server
    from maild.cli.lsp.stdio import serve  # noqa: PLC0415
    from maild.cli.secret_presence import SecretPresence  # noqa: PLC0415
    from maild.clock import SystemClock  # noqa: PLC0415

    is_ci = os.environ.get("CI", "") not in {"", "0", "false"}
    secrets = None if no_secrets or is_ci else SecretPresence(environ=os.environ)
    return serve(server.build_server(Desk(clock=SystemClock(), secrets=secrets)))


def import_server(import_module: Callable[[str], ModuleType] = importlib.import_module) -> ModuleType:
    """The module that speaks the protocol.

    Raises:
        UsageError: what it needs is not installed.
    """
    try:
        return import_module("maild.cli.lsp.server")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise UsageError(
            "The language server needs pygls, which is not installed. "
            f"Install it with: {sys.executable} -m pip install 'pygls>=2'"
        ) from None
