"""Where the shared database is, as a value that shows no secret."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from maild.secret.value import Secret


async def no_password() -> Secret | None:
    """For who needs none: a passfile, a certificate, or the socket's own check."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """See above.

    Attributes:
        uri: libpq's (several hosts and parameters are its business); it holds no password.
        password: asked at each new connection, so that a changed one is used.
    """

    uri: str
    password: Callable[[], Awaitable[Secret | None]] = no_password

    def __str__(self) -> str:
        """Hosts and database, without parameters."""
        parts = urlsplit(self.uri)
        place = parts.netloc.rpartition("@")[2]
        return f"{place or 'here'}{parts.path}"
