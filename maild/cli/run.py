"""`maild run`: the daemon in the foreground, as systemd or a person starts it.

What can go wrong ends as one sentence on stderr and an exit status: 78 when there is nothing to run or a port is taken
(with the diagnostics of the files), 1 when another daemon has the spool, 3 when a part of maild itself broke.
"""

import os
import sys
from pathlib import Path

import click

from maild.cli.options import config_option
from maild.config.place import config_folder
from maild.daemon.allocator import use_few_areas
from maild.daemon.app import run_daemon
from maild.daemon.eventloop import run_on_loop
from maild.daemon.options import NothingToRunError, RunOptions
from maild.diagnostics.render import Style
from maild.diagnostics.render.text import render_text


@click.command("run")
@config_option
@click.option("--once", is_flag=True, help="Send what is there and end: 0 when nothing is left waiting, else 1.")
def run(config: str | None, *, once: bool) -> int:
    """Run the daemon: watch the configuration, take in drops, send them, probe the accounts, serve metrics.

    It logs to standard error, stops in good order on SIGTERM and Ctrl-C, and looks at the configuration at once on
    SIGHUP.
    """
    given = config or os.environ.get("MAILD_CONFIG") or None
    folder = config_folder(None if given is None else Path(given), Path.cwd())
    options = RunOptions(config=folder, environ=os.environ, home=Path.home(), log=sys.stderr, is_once=once)
    use_few_areas()
    try:
        return run_on_loop(run_daemon(options))
    except NothingToRunError as error:
        click.echo(render_text(error.report, Style()), err=True, nl=False)
        raise
