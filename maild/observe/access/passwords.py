"""Judges names and passwords against bcrypt hashes (RFC 7617), once for each password and not for each request.

Shell code: a hash takes a tenth of a second of a processor, in a thread, one at a time. What it came to is remembered
under a digest whose key no one knows; else each scrape would cost more than the scrape. Whoever asks with a name that
nobody has waits as long as with one that somebody has. Replies are remembered for refused passwords as well, so that
a scraper with an old password is no load.
"""

import asyncio
from base64 import b64decode
from binascii import Error as Base64Error
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

REMEMBERED: Final = 100
MAX_PASSWORD_BYTES: Final = 72
"""What bcrypt looks at; other implementations ignore the rest silently, and so do existing files' passwords."""


class Passwords:
    """What was found out so far."""

    def __init__(self, key: bytes) -> None:
        """Args: key: random bytes."""
        self._key = key
        self._known: OrderedDict[bytes, bool] = OrderedDict()
        self._turn = asyncio.Lock()
        self.checked = 0
        """How many hashes were computed."""

    async def are_right(self, authorization: str, users: Mapping[str, str]) -> bool:
        """Whether the header names a user and his password; `users` are names with hashes, one at least."""
        found = credentials(authorization)
        if found is None:
            return False
        name, password = found
        # Somebody else's hash costs the same time, and its verdict is not asked for.
        hashed = users.get(name) or next(iter(users.values()))
        parts = (name.encode(), hashed.encode(), password)
        digest = blake2b(b"".join(len(one).to_bytes(4) + one for one in parts), key=self._key).digest()
        if digest not in self._known:
            async with self._turn:
                # Many requests with one password wait for one hash.
                if digest not in self._known:
                    self.checked += 1
                    self._remember(digest, await asyncio.to_thread(_fits, password, hashed.encode()))
        return self._known.get(digest, False) and name in users

    def _remember(self, digest: bytes, is_right: bool) -> None:  # noqa: FBT001 -- a key and its value
        while len(self._known) >= REMEMBERED:
            # One that was right is asked for again; those of somebody who guesses go first.
            wrong = next((one for one, was_right in self._known.items() if not was_right), None)
            self._known.pop(wrong if wrong is not None else next(iter(self._known)))
        self._known[digest] = is_right


def credentials(authorization: str) -> tuple[str, bytes] | None:
    """Name and password of an Authorization header; None when it has none of the Basic scheme (RFC 7617 §2)."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = b64decode(encoded.strip(), validate=True).partition(b":")
        return (name.decode(), password) if colon else None
    except (Base64Error, ValueError):
        return None


def _fits(password: bytes, hashed: bytes) -> bool:
    import bcrypt  # noqa: PLC0415 -- for the few sites that have passwords here

    try:
        return bcrypt.checkpw(password[:MAX_PASSWORD_BYTES], hashed)
    except ValueError:
        # A zero byte in it: no password that was ever hashed.
        return False
