"""Files of the folder of bodies that nobody needs any more: copies of large bodies whose messages are done with."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from maild.spool.postgres.contents import unused
from maild.spool.postgres.link import Connection

ORPHAN_AGE: Final = timedelta(hours=1)
"""A younger file without a row may be one whose row is about to be written."""


async def orphans(connection: Connection, bodies: Path, now: datetime) -> Sequence[Path]:
    """Those that no living message has."""
    young = (now - ORPHAN_AGE).timestamp()
    names: list[str] = []
    with suppress(FileNotFoundError), os.scandir(bodies) as entries:
        names.extend(entry.name for entry in entries if entry.stat(follow_symlinks=False).st_mtime < young)
    return [bodies / name for name in await unused(connection, names)] if names else ()


def remove(files: Iterable[Path]) -> None:
    """Remove them; one that stays is found at the next start."""
    for file in files:
        with suppress(OSError):
            os.unlink(file)
