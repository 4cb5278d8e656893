"""The body files of copies: made durable before their rows, or thrown away. Shell code."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from maild.spool.drop.outcome import Copied
from maild.spool.durable import sync_folder
from maild.spool.queue import FileBody


def sync_bodies(bodies: Path, copied: Sequence[Copied]) -> None:
    """Make the names of the body files durable, in the folder of large bodies.

    Raises:
        OSError: that is not possible; the files are gone then.
    """
    if not any(isinstance(one.arrival.body, FileBody) for one in copied):
        return
    try:
        sync_folder(bodies)
    except OSError:
        discard_bodies(copied)
        raise


def discard_body(copied: Copied) -> None:
    """Remove the body file of a copy that does not go into the queue."""
    if isinstance(copied.arrival.body, FileBody):
        # One that stays is an orphan, and those are cleared at the next start.
        with suppress(OSError):
            copied.arrival.body.path.unlink()


def discard_bodies(copied: Iterable[Copied]) -> None:
    """The same for many."""
    for one in copied:
        discard_body(one)
