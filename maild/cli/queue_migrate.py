"""`maild queue migrate`: make the tables of a shared queue, or bring them up to date.

What can go wrong: the site shares no queue (`UsageError`), the database is away or refuses it, the tables are of a
newer maild (`QueueError`; nothing is changed then).
"""

import asyncio
import os
from dataclasses import replace

import click

from maild.cli.options import config_option, spool_option
from maild.cli.site import find_place
from maild.config.shared_queue import SharedQueue, holds_password, uri_problem
from maild.errors import UsageError
from maild.spool.shared import SharedPlace, migrate_shared


@click.command("migrate")
@click.option("--uri", metavar="URI", help="Do it as this role; its password from $PGPASSWORD or a passfile.")
@click.option("--grant", metavar="ROLE", help="Let this role use the tables: the one of spool.queue.")
@config_option
@spool_option
def migrate(uri: str | None, grant: str | None, config: str | None, spool: str | None) -> None:
    """Make the tables of the shared queue (spool.queue in maild.yaml), or bring them up to date.

    Once before the first daemon starts, and after an update that asks for it; a second time does nothing. The role
    that it is done as owns the tables. With --uri and --grant the daemons' role needs no more than to use them.

    \b
      maild queue migrate
      maild queue migrate --uri postgresql://owner@db.example.com/maild --grant maild
    """  # noqa: D301 -- click wants the control character: keep these lines as they are
    shared = find_place(config, spool).shared_queue(os.environ)
    if shared is None:
        raise UsageError("This site shares no queue: its maild.yaml has no `spool: {queue: postgresql://...}`.")
    place = shared if uri is None else _as_owner(shared, uri)
    before, now = asyncio.run(migrate_shared(place.address(), grant))
    done = f"were made (format {now})" if before == 0 else f"were brought from format {before} to {now}"
    click.echo(f"The tables in {place.address()} {f'have format {now} already' if before == now else done}.")
    if grant is not None:
        click.echo(f"The role {grant} may use them.")


def _as_owner(shared: SharedPlace, uri: str) -> SharedPlace:
    if holds_password(uri):
        raise UsageError("A password in --uri is seen by every user of this machine: put it into $PGPASSWORD.")
    problem = uri_problem(uri)
    if problem is not None:
        raise UsageError(f"--uri: {problem}.")
    return replace(shared, queue=SharedQueue(uri=uri))
