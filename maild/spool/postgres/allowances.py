"""What providers were found to allow: statements about the table of that name. What one host learns, all know."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from maild.spool.allowance import Allowance, AllowanceKind
from maild.spool.postgres.link import Connection
from maild.spool.sqlite.rows import instant_number, instant_of


async def read_allowances(connection: Connection, now: datetime) -> Mapping[str, tuple[Allowance, ...]]:
    """What has not ended, by account."""
    found: defaultdict[str, list[Allowance]] = defaultdict(list)
    query = "SELECT account, kind, value, until FROM maild.allowances WHERE until > %s ORDER BY account, kind"
    rows = await connection.execute(query, (instant_number(now),))
    for account, kind, value, until in await rows.fetchall():
        found[account].append(Allowance(kind=AllowanceKind(kind), value=value, until=instant_of(until)))
    return {account: tuple(sorted(ones, key=lambda one: one.kind)) for account, ones in found.items()}


async def write_allowances(connection: Connection, allowances: Mapping[str, Sequence[Allowance]]) -> None:
    """In the place of all that is known of these accounts."""
    await connection.execute("DELETE FROM maild.allowances WHERE account = ANY(%s)", (list(allowances),))
    await connection.cursor().executemany(
        "INSERT INTO maild.allowances (account, kind, value, until) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (account, kind) DO UPDATE SET value = excluded.value, until = excluded.until",
        [
            (account, one.kind.value, one.value, instant_number(one.until))
            for account, ones in sorted(allowances.items())
            for one in ones
        ],
    )
