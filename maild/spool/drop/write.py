"""Puts a message into the drop folder the blessed way: hidden, fsynced, renamed. For `maild send` and others.

When `write_drop` returns, the message survives a power cut. It needs no daemon. What can go wrong is `DropError`: then
the message is not promised to be there, and whoever drops it again risks at most that it is sent twice.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from maild.errors import TemporaryError
from maild.spool.drop.name import SUFFIX, own_name, sidecar_name
from maild.spool.durable import sync_folder, write_synced
from maild.spool.layout import Layout, make_drop_folder
from maild.spool.sidecar import Sidecar, format_sidecar

_MODE: Final = 0o640
"""The folder hands its group down, so a daemon of another user in that group reads it."""


class DropError(TemporaryError):
    """The message could not be put into the drop folder."""


def write_drop(layout: Layout, content: bytes, *, account: str | None = None, envelope: Sidecar | None = None) -> str:
    """Drop a message; returns its name below `drop/`, which is also the name of its receipt.

    Args:
        layout: the spool.
        content: the whole message; any line ends.
        account: the account to send through; None: the routes decide.
        envelope: sender and recipients where the header does not say them.

    Raises:
        DropError: the folder is missing or not ours to write to, or the disk is full.
    """
    folder = layout.drop if account is None else layout.drop / account
    name = own_name(os.urandom(12))
    try:
        if not layout.drop.is_dir():
            raise DropError(f"there is no spool at {layout.root}: is maild running, and with this spool?")
        make_drop_folder(layout, folder)
        _write(folder, name, content, envelope)
    except OSError as error:
        raise DropError(f"the message cannot be put into {folder}: {error.strerror}") from error
    return name if account is None else f"{account}/{name}"


def _write(folder: Path, name: str, content: bytes, envelope: Sidecar | None) -> None:
    sidecar = f"{folder}/{sidecar_name(name)}"
    hidden = f"{folder}/.{name.removesuffix(SUFFIX)}.tmp"
    hidden_sidecar = f"{folder}/.{name.removesuffix(SUFFIX)}.env.tmp"
    try:
        if envelope is not None:
            write_synced(hidden_sidecar, [format_sidecar(envelope)], mode=_MODE)
        write_synced(hidden, [content], mode=_MODE)
        if envelope is not None:
            # First: a drop that is there without its envelope would be sent by its header.
            os.rename(hidden_sidecar, sidecar)
        os.rename(hidden, f"{folder}/{name}")
    except OSError:
        for leftover in (hidden, hidden_sidecar, sidecar):
            with suppress(OSError):
                os.unlink(leftover)
        raise
    _sync_names(folder, name)


def _sync_names(folder: Path, name: str) -> None:
    try:
        sync_folder(folder)
    except PermissionError:
        # Who may write to a folder but not list it cannot open it. Syncing the renamed file commits the same journal
        # on every file system that has one.
        with suppress(FileNotFoundError):
            descriptor = os.open(f"{folder}/{name}", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
