"""What tells this host's spool from others on a shared queue: a random word in the spool, made once.

Whose spool is copied to another machine must remove the file there: two hosts of one name take each other's leases.
"""

import os
from contextlib import suppress
from typing import Final

from maild.errors import ConfigError
from maild.spool.durable import replace_synced
from maild.spool.layout import Layout

_NAME: Final = "host"
_BYTES: Final = 12
_MODE: Final = 0o640


def identity_of(layout: Layout) -> str:
    """The word; empty where no daemon has shared a queue from this spool yet."""
    with suppress(OSError, UnicodeDecodeError):
        return (layout.root / _NAME).read_text(encoding="ascii").strip()
    return ""


def settled_identity(layout: Layout) -> str:
    """The same; made if it is not there. For who has the spool's lock.

    Raises:
        ConfigError: it cannot be written.
    """
    known = identity_of(layout)
    if known:
        return known
    word = os.urandom(_BYTES).hex()
    try:
        replace_synced(layout.root, _NAME, [f"{word}\n".encode()], mode=_MODE)
    except OSError as error:
        raise ConfigError(f"{layout.root / _NAME} cannot be written: {error.strerror}") from error
    return word
