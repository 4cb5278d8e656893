"""The door to the queue that many hosts share. What it needs is an extra, imported when a site wants it.

What can go wrong: the extra is not installed (`ConfigError`, which says what to install).
"""

import asyncio
import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from maild.config.shared_queue import SharedQueue
from maild.errors import ConfigError
from maild.secret.resolve import resolve_secret
from maild.secret.value import Secret
from maild.spool.host_identity import identity_of, settled_identity
from maild.spool.layout import Layout, make_folder
from maild.spool.outbox import Outbox

if TYPE_CHECKING:
    from maild.spool.postgres.address import Address
    from maild.spool.postgres.host import HostQueue, Repeated
    from maild.spool.postgres.mover import MovableQueue
    from maild.spool.postgres.queue import PostgresQueue

_NEEDED: Final = frozenset({"psycopg", "psycopg_pool"})
_BODIES_MODE: Final = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlace:
    """A shared queue as one host reaches it.

    Attributes:
        folder: what a relative path of the password counts from.
        environ: where an environment variable of the password is.
    """

    queue: SharedQueue
    layout: Layout
    folder: Path
    environ: Mapping[str, str] = field(repr=False)

    @property
    def bodies(self) -> Path:
        """Where copies of large bodies lie while they are sent; the outbox has those that came in here."""
        return self.layout.bodies / "shared"

    def address(self) -> "Address":
        """Of the database."""
        from maild.spool.postgres.address import Address  # noqa: PLC0415 -- as lazily as the rest

        return Address(uri=self.queue.uri, password=self._password)

    async def _password(self) -> Secret | None:
        reference = self.queue.password
        if reference is None:
            return None
        return await asyncio.to_thread(resolve_secret, reference, folder=self.folder, environ=self.environ)


def open_as_host(place: SharedPlace, repeated: "Repeated") -> "HostQueue":
    """For the one daemon of a host, with its outbox.

    Raises:
        ConfigError: what it needs is not installed, or the spool cannot be written.
    """
    import_shared()
    from maild.spool.postgres.host import HostQueue  # noqa: PLC0415

    _make_bodies(place)
    return HostQueue(
        place.address(),
        host=settled_identity(place.layout),
        bodies=place.bodies,
        outbox=Outbox(place.layout.queue_file, place.layout.bodies),
        repeated=repeated,
    )


def open_to_move(place: SharedPlace) -> "MovableQueue":
    """For a command that takes messages away, or brings some. It has the spool's lock.

    Raises:
        ConfigError: what it needs is not installed, or the spool cannot be written.
    """
    import_shared()
    from maild.spool.postgres.mover import MovableQueue  # noqa: PLC0415

    _make_bodies(place)
    return MovableQueue(place.address(), host=settled_identity(place.layout), bodies=place.bodies)


def open_as_guest(place: SharedPlace) -> "PostgresQueue":
    """For a command or a page, which changes what others send.

    Raises:
        ConfigError: what it needs is not installed.
    """
    import_shared()
    from maild.spool.postgres.queue import PostgresQueue  # noqa: PLC0415

    return PostgresQueue(place.address(), host=identity_of(place.layout), bodies=place.bodies)


async def migrate_shared(address: "Address", grant: str | None) -> tuple[int, int]:
    """Make the tables or bring them up to date, and let a role use them; returns the formats before and now.

    Raises:
        ConfigError: what it needs is not installed.
        QueueError: that cannot be done.
    """
    import_shared()
    from maild.spool.postgres.link import Link  # noqa: PLC0415
    from maild.spool.postgres.schema import SCHEMA_VERSION, any_tables, let_use, migrate  # noqa: PLC0415

    link = Link(address, any_tables)
    try:
        before = await link.run(migrate)
        if grant is not None:
            await link.run(lambda connection: let_use(connection, grant))
    finally:
        await link.close()
    return before, SCHEMA_VERSION


def _make_bodies(place: SharedPlace) -> None:
    try:
        make_folder(place.bodies, _BODIES_MODE)
    except OSError as error:
        raise ConfigError(f"{place.bodies} cannot be made: {error.strerror}") from error


def import_shared(import_module: Callable[[str], ModuleType] = importlib.import_module) -> None:
    """See that it can be imported.

    Raises:
        ConfigError: what it needs is not installed.
    """
    try:
        import_module("maild.spool.postgres.host")
    except ImportError as error:
        # psycopg without its library of PostgreSQL is there and cannot be imported either; it names nothing then.
        if error.name is not None and error.name.partition(".")[0] not in _NEEDED:
            raise
        raise ConfigError(
            "A shared queue (`spool.queue`) needs psycopg and its pool, which are not installed. "
            f"Install them with: {sys.executable} -m pip install 'psycopg[binary]>=3.2' 'psycopg-pool>=3.3'"
        ) from None
