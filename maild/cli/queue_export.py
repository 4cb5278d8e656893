"""`maild queue export`: messages as files that can be dropped again, here or on another machine.

Each becomes `<id>.eml`, in wire form, and `<id>.env.json`, the envelope file that goes with it: whoever is still to get
it, and what is left of its lifetime. The queue stays as it is. Messages that failed come from `failed/`, for those who
did not get them.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from maild.cli.queue_wanted import Wanted, changes, pages, with_queue
from maild.clock import SystemClock
from maild.errors import PermanentError, TemporaryError
from maild.spool.durable import replace_synced, sync_folder
from maild.spool.failures import kept_chunks, message_chunks
from maild.spool.layout import Layout
from maild.spool.onward import onward_envelope, undelivered
from maild.spool.queue import Leased, MessageState, Queue, QueuedMessage, QueueId
from maild.spool.sidecar import format_sidecar


@click.command("export")
@click.option(
    "--to",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the files; made if it is not there.",
)
@changes
def export(*, folder: Path, as_json: bool, dry_run: bool, **options: Any) -> None:  # noqa: ANN401 -- by `changes`
    """Write messages to files, each with its envelope file, as `maild queue import` and the drop folder take them.

    \b
      maild queue export --to /tmp/moved --account billing && maild queue delete --account billing
    """  # noqa: D301 -- click wants the control character: keep these lines as they are
    wanted, now = Wanted(**options), SystemClock().now()
    wanted.require_some()
    layout = Layout(wanted.place.spool)

    async def work(storage: Queue) -> list[QueueId]:
        exported = []
        async for page in pages(storage, wanted.filter(now)):
            for message in page:
                shown = await storage.show(message.id)
                chunks = None if shown is None else _content(layout, shown)
                if chunks is None or not undelivered(message):
                    continue
                if not dry_run:
                    _write(folder, message, chunks, now)
                exported.append(message.id)
        return exported

    exported = with_queue(wanted.place, work)
    for id_ in exported:
        click.echo(json.dumps({"id": id_, "file": str(folder / f"{id_}.eml")}) if as_json else id_)
    if not as_json:
        click.echo(f"{len(exported)} {'would be ' if dry_run else ''}exported to {folder}")
    missing = set(wanted.ids) - set(exported)
    if missing:
        raise PermanentError(f"Not exported, because nothing is left of them to send: {', '.join(sorted(missing))}.")


def _content(layout: Layout, shown: Leased) -> Iterable[bytes] | None:
    if shown.head:
        return message_chunks(shown)
    if shown.message.state is not MessageState.FAILED:
        return None
    return kept_chunks(layout, shown.message.id)


def _write(folder: Path, message: QueuedMessage, chunks: Iterable[bytes], now: datetime) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_synced(folder, f"{message.id}.env.json", [format_sidecar(onward_envelope(message, now))], mode=0o600)
        replace_synced(folder, f"{message.id}.eml", chunks, mode=0o600)
        sync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            (folder / f"{message.id}.eml").unlink()
        raise TemporaryError(f"{message.id} cannot be written to {folder}: {error.strerror or error}.") from error
