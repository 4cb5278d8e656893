"""`maild status`: what the daemon is doing now, asked over its own web port; without a daemon what the queue holds.

Where to ask: `--url`, else the note that the daemon leaves in its spool, else `web.listen` of maild.yaml.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

import click

from maild.cli.ask import NoAnswerError, ask_status
from maild.cli.diff import findings, findings_object, print_findings
from maild.cli.flaw_text import flaw_lines
from maild.cli.options import config_option, spool_option
from maild.cli.presence import has_daemon
from maild.cli.queue_wanted import with_queue
from maild.cli.running import place_in_use, running_sides
from maild.cli.site import Place, find_place
from maild.cli.status_text import status_lines
from maild.cli.unapplied import unapplied_lines, unapplied_object
from maild.cli.waiting import Waiting, waiting_between
from maild.clock import SystemClock
from maild.config.folder import FileKind, find_files, read_source
from maild.config.load import load_site
from maild.config.model import Site
from maild.daemon.presence import read_note
from maild.daemon.spoolcheck import judge_own_spool
from maild.diagnostics.render.display import printable
from maild.errors import ConfigError, MaildError, PermanentError
from maild.spool.layout import Layout


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the status object of `maild schema status`.")
@click.option("--url", metavar="PLACE", help="Ask there: host:port, http://host:port or unix:/path.")
@click.option("--diff", "is_diff", is_flag=True, help="Say what is in force otherwise than it is on the disk.")
@config_option
@spool_option
def status(config: str | None, spool: str | None, *, as_json: bool, url: str | None, is_diff: bool) -> int:
    """Say what the daemon is doing now. Ends with 1 when it does not run or is not ready.

    With --diff, where an edit was not taken: what the files on the disk would change, as maild diff says it, the errors
    that keep them from it, and of files with errors the lines that differ. Ends with 1 when anything differs; --json
    prints the object of maild schema changes.
    """
    if is_diff:
        return _diff(_place(config, spool, url), url, as_json=as_json)
    # Who says where to ask needs no spool, and so no maild.yaml without errors.
    place = None if url is not None else _place(config, spool, None)
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
    for line in (*problems, *(() if place is None else _without_daemon(place)), *_flaws(place)):
        click.echo(line, err=as_json)
    return 1


def _place(config: str | None, spool: str | None, url: str | None) -> Place:
    """The place that is meant. What is in force matters most when maild.yaml is broken and does not tell where that is:
    then the daemon at `url` tells its spool, or that is meant in which versions of the folder's files are kept. Nor
    does maild.yaml tell when it is gone, or says already where the next daemon is to have its spool.
    """
    try:
        place = find_place(config, spool)
        if spool or os.environ.get("MAILD_SPOOL") or has_daemon(Layout(place.spool)) is not False:
            return place
        return place_in_use(place.folder, os.environ, Path.home(), is_running=True) or place
    except ConfigError:
        folder = find_place(config, ".").folder  # with a spool that is named nothing is read
        answer = None if url is None else _answer([url])
        if answer is not None:
            return Place(folder=folder, spool=Path(answer["spool"]["folder"]), is_bare=True)
        found = place_in_use(folder, os.environ, Path.home())
        if found is None:
            raise
        return found


def _diff(place: Place, url: str | None, *, as_json: bool) -> int:
    """What is in force against what is on the disk; without a daemon, what the last one accepted."""
    answer = _answer(_places(place) if url is None else [url])
    config = {} if answer is None else answer["config"]
    running = running_sides(place, _in_force(config), now=SystemClock().now())
    has_queue = os.access(Layout(place.spool).queue_file, os.R_OK | os.W_OK)
    waiting = waiting_between(running.before, running.after, str(place.spool)) if has_queue else Waiting()
    found = findings(running.before, running.after, waiting)
    if answer is None:
        click.echo("No daemon answers here: what was accepted last is taken for what is in force.", err=True)
    for file in running.unknown:
        words = "not compared, for something in it looks like a secret, so that no version of it is kept"
        click.echo(printable(f"{file}: {words}."), err=True)
    for key in config.get("pending_restart", ()):
        click.echo(printable(f"{key} was changed and takes effect at the next start."), err=True)
    if as_json:
        unapplied = [unapplied_object(one) for one in running.unapplied]
        click.echo(
            json.dumps({**findings_object(found, running.before, running.after), "unapplied": unapplied}, indent=2)
        )
    else:
        print_findings(found, running.before, running.after)
        for line in (line for one in running.unapplied for line in ("", *unapplied_lines(one))):
            click.echo(printable(line))
    return 1 if found.changes or found.errors or config.get("pending_restart") else 0


def _answer(places: Iterable[str]) -> Mapping[str, Any] | None:
    for where in places:
        with suppress(NoAnswerError):
            return ask_status(where)
    return None


def _in_force(config: Mapping[str, Any]) -> frozenset[str]:
    """The names, below the folder, of the files of which a version is in force."""
    files = (PurePath(file["file"]) for file in config.get("files", ()) if file["standing"] != "rejected")
    return frozenset(
        file.relative_to(config["folder"]).as_posix() for file in files if file.is_relative_to(config["folder"])
    )


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


def _without_daemon(place: Place) -> Iterator[str]:
    layout = Layout(place.spool)
    match has_daemon(layout):
        case True:
            yield f"A daemon has the spool {layout.root}, but its port does not answer here."
        case False:
            yield f"No daemon runs on the spool {layout.root}; what is dropped or queued there waits."
        case None:
            yield f"It cannot be told whether a daemon runs on the spool {layout.root}."
    try:
        counts = with_queue(place, lambda storage: storage.counts())
    except PermissionError:
        yield "The queue may not be looked at."
        return
    except PermanentError:
        yield "There is no queue yet."
        return
    except MaildError as error:
        yield f"The queue cannot be read: {error}"
        return
    yield "The queue: " + (", ".join(f"{count} {state}" for state, count in counts.items() if count) or "empty")
