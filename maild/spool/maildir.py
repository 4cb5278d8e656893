"""Puts a message into a Maildir on this machine: written in tmp/, fsynced, linked into new/. Shell code.

The name is the caller's, so that doing it twice is harmless as long as nobody has read the first. What can go wrong is
`OSError`: then it is not promised to be there.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from maild.spool.durable import sync_folder, write_synced
from maild.spool.layout import make_folder

_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


def deliver_to_maildir(maildir: Path, name: str, content: bytes) -> None:
    """Durable when it returns; the Maildir is made if it is not there.

    Args:
        maildir: the folder that has tmp, new and cur.
        name: a file name that no other message has.
        content: the message with the line ends of files.

    Raises:
        OSError: it cannot be written.
    """
    for folder in (maildir, *(maildir / part for part in ("tmp", "new", "cur"))):
        make_folder(folder, _FOLDER_MODE)
    temporary = os.path.join(maildir, "tmp", name)
    # Left behind by a crash.
    with suppress(FileNotFoundError):
        os.unlink(temporary)
    write_synced(temporary, [content], mode=_MODE)
    try:
        # A link never takes the place of another message, as a rename would.
        with suppress(FileExistsError):
            os.link(temporary, f"{maildir}/new/{name}")
        sync_folder(maildir / "new")
    finally:
        os.unlink(temporary)
