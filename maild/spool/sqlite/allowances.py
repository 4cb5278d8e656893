"""What providers were found to allow: statements about the table of that name."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from maild.spool.allowance import Allowance, AllowanceKind
from maild.spool.sqlite.rows import instant_number, instant_of


def read_allowances(connection: sqlite3.Connection, now: datetime) -> Mapping[str, tuple[Allowance, ...]]:
    """What has not ended, by account."""
    found: defaultdict[str, list[Allowance]] = defaultdict(list)
    query = "SELECT account, kind, value, until FROM allowances WHERE until > ? ORDER BY account, kind"
    for account, kind, value, until in connection.execute(query, (instant_number(now),)):
        found[account].append(Allowance(kind=AllowanceKind(kind), value=value, until=instant_of(until)))
    return {account: tuple(allowances) for account, allowances in found.items()}


def write_allowances(connection: sqlite3.Connection, allowances: Mapping[str, Sequence[Allowance]]) -> None:
    """In the place of all that is known of these accounts."""
    connection.executemany("DELETE FROM allowances WHERE account = ?", [(account,) for account in allowances])
    connection.executemany(
        "INSERT INTO allowances (account, kind, value, until) VALUES (?, ?, ?, ?)",
        [
            (account, one.kind.value, one.value, instant_number(one.until))
            for account, ones in allowances.items()
            for one in ones
        ],
    )
