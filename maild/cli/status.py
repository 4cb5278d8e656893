"""`maild status`: what the daemon is doing now, asked over its own web port; without a daemon what the queue holds.

Where to ask: `--url`, else the note that the daemon leaves in its spool, else `web.listen` of maild.yaml.
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from maild.cli.ask import NoAnswerError, ask_status
from maild.cli.flaw_text import flaw_lines
from maild.cli.options import config_option, spool_option
from maild.cli.presence import has_daemon
from maild.cli.site import Place, find_place
from maild.cli.status_text import status_lines
from maild.config.folder import FileKind, find_files, read_source
from maild.config.load import load_site
from maild.config.model import Site
from maild.daemon.presence import read_note
from maild.daemon.spoolcheck import judge_own_spool
from maild.errors import MaildError
from maild.spool.layout import Layout
from maild.spool.sqlite import SqliteQueue


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the status object of `maild schema status`.")
@click.option("--url", metavar="PLACE", help="Ask there: host:port, http://host:port or unix:/path.")
@config_option
@spool_option
def status(config: str | None, spool: str | None, *, as_json: bool, url: str | None) -> int:
    """Say what the daemon is doing now. Ends with 1 when it does not run or is not ready."""
    # Who says where to ask needs no spool, and so no maild.yaml without errors.
    place = None if url is not None else find_place(config, spool)
    problems = []
    for where in [url or ""] if place is None else _places(place):
        try:
            answer = ask_status(where)
        except NoAnswerError as error:
            problems.append(str(error))
            continue
        if as_json:
            click.echo(json.dumps(answer, indent=2))
        else:
            for line in (*status_lines(answer), *_flaws(place)):
                click.echo(line)
        return 0 if answer["health"]["ready"] else 1
    for line in (*problems, *(() if place is None else _without_daemon(Layout(place.spool))), *_flaws(place)):
        click.echo(line, err=as_json)
    return 1


def _flaws(place: Place | None) -> Iterator[str]:
    """What is wrong with the spool itself, where it is on this machine and this user's."""
    return iter(()) if place is None else flaw_lines(judge_own_spool(Layout(place.spool)))


def _places(place: Place) -> Iterator[str]:
    noted = read_note(Layout(place.spool))
    yield from noted
    for listen in _site(place.folder).web.listen:
        if listen not in noted and not listen.endswith(":0"):
            yield listen


def _site(folder: Path) -> Site:
    if folder.is_dir():
        for source in find_files(folder):
            if source.kind is FileKind.SITE:
                return load_site(source.file, read_source(source.path)).site or Site()
    return Site()


def _without_daemon(layout: Layout) -> Iterator[str]:
    match has_daemon(layout):
        case True:
            yield f"A daemon has the spool {layout.root}, but its port does not answer here."
        case False:
            yield f"No daemon runs on the spool {layout.root}; what is dropped or queued there waits."
        case None:
            yield f"It cannot be told whether a daemon runs on the spool {layout.root}."
    try:
        is_there = layout.queue_file.exists()
    except PermissionError:
        yield "The queue may not be looked at."
        return
    if not is_there:
        yield "There is no queue yet."
        return
    try:
        counts = asyncio.run(_counts(layout))
    except MaildError as error:
        yield f"The queue cannot be read: {error}"
        return
    yield "The queue: " + (", ".join(f"{count} {state}" for state, count in counts.items()) or "empty")


async def _counts(layout: Layout) -> dict[str, Any]:
    queue = SqliteQueue(layout.queue_file, layout.bodies)
    try:
        return {state.value: count for state, count in (await queue.counts()).items() if count}
    finally:
        await queue.close()
