"""Drops a file again that was rejected, under its old name where that can be, so that its receipt goes on. Shell code.

Never in the place of another drop: that one may be somebody's next message.
"""

import os
from contextlib import suppress
from typing import Final

from maild.spool.drop.name import SUFFIX, NameKind, name_kind, own_name, safe_name, sidecar_name
from maild.spool.drop.write import DropError
from maild.spool.durable import sync_folder, write_synced
from maild.spool.layout import Layout, make_drop_folder
from maild.spool.sidecar import Sidecar, format_sidecar, is_account_name

_MODE: Final = 0o640
_TRIES: Final = 100


def drop_again(
    layout: Layout, old: str, content: bytes, envelope: Sidecar | None, *, account: str | None = None
) -> str:
    """Drop a message; returns its name below `drop/`, which is the old one unless that is taken or was the fault.

    Args:
        layout: the spool.
        old: the name it had below `drop/`.
        content: the whole message.
        envelope: its envelope file's content.
        account: the account to send through; None: the folder that it was in, or none.

    Raises:
        DropError: it cannot be written.
    """
    folder_name, _, wanted = old.rpartition("/")
    if account is not None or not is_account_name(folder_name):
        folder_name = account or ""
    folder = layout.drop / folder_name if folder_name else layout.drop
    name = wanted if name_kind(wanted) is NameKind.DROP else safe_name(wanted)
    hidden = f"{folder}/.{own_name(os.urandom(12)).removesuffix(SUFFIX)}.tmp"
    try:
        make_drop_folder(layout, folder)
        write_synced(hidden, [content], mode=_MODE)
        try:
            placed = _place(f"{folder}", hidden, name, envelope)
        finally:
            os.unlink(hidden)
        sync_folder(folder)
    except OSError as error:
        raise DropError(f"it cannot be put into {folder}: {error.strerror or error}") from error
    return f"{folder_name}/{placed}" if folder_name else placed


def _place(folder: str, hidden: str, name: str, envelope: Sidecar | None) -> str:
    for number in range(1, _TRIES):
        candidate = name if number == 1 else f"{number}-{name}"
        sidecar = f"{folder}/{sidecar_name(candidate)}"
        if os.path.lexists(sidecar) or os.path.lexists(f"{folder}/{candidate}"):
            continue
        if envelope is not None:
            write_synced(sidecar, [format_sidecar(envelope)], mode=_MODE)
        try:
            # A link takes nobody's place, as a rename might.
            os.link(hidden, f"{folder}/{candidate}")
        except FileExistsError:
            with suppress(FileNotFoundError):
                os.unlink(sidecar)
            continue
        return candidate
    raise FileExistsError(f"{name} is taken, and so are {_TRIES} names like it")
