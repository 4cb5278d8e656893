"""A note in the spool folder that tells other programs where the running daemon listens: `daemon.json`.

Shell code. `maild status` needs it when the port was chosen by the system. The note is a convenience: that a daemon
runs is said by the spool's lock, and a note left by a crash is recognised by nobody answering.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from maild.spool.layout import Layout

NAME: Final = "daemon.json"
MAX_BYTES: Final = 64 * 1024


def write_note(layout: Layout, *, pid: int, places: Sequence[str]) -> None:
    """Leave the note, replacing one of an earlier run. A spool that cannot be written shows elsewhere, not here."""
    text = json.dumps({"version": 1, "pid": pid, "listen": list(places)}) + "\n"
    temporary = _path(layout).with_name(f".{NAME}.{pid}")
    with suppress(OSError):
        temporary.write_text(text, encoding="utf-8")
        temporary.chmod(0o640)
        temporary.replace(_path(layout))


def remove_note(layout: Layout) -> None:
    """Take it away."""
    with suppress(OSError):
        _path(layout).unlink()


def read_note(layout: Layout) -> tuple[str, ...]:
    """Where the daemon listens as far as the note says; empty without a note."""
    try:
        descriptor = os.open(_path(layout), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            note = json.loads(file.read(MAX_BYTES))
    except (OSError, ValueError):
        return ()
    places = note.get("listen") if isinstance(note, dict) else None
    return tuple(place for place in places if isinstance(place, str)) if isinstance(places, list) else ()


def _path(layout: Layout) -> Path:
    return layout.root / NAME
