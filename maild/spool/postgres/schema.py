"""The shared database: its tables, and how they are made, brought up to date or refused.

    messages     one row a message, history included; `owner` has it in SENDING, `origin` is the host that took it in
    contents     header and body of the living; a large body lies in pieces
    pieces       the pieces of large bodies
    recipients   one row a recipient, with the last verdict as JSON
    owners       who sends at the moment, and until when that is believed
    ledger       which files of which host's drop folder were taken in, so that none is taken twice
    sent         recipients delivered by account, minute and host
    nudges       what others changed and a host has not noticed yet
    keys, owed, marks, allowances   as the embedded queue has them

Instants are microseconds since 1970, as in the embedded queue, so that what moves from one to the other is the same;
those of `owners` are the database's own clock, the only one that all hosts share. Ids compare by octets (COLLATE "C"),
as Python compares them. Everything lies in a schema of its own, `maild`.

A role that only sends needs USAGE on the schema and SELECT, INSERT, UPDATE, DELETE on its tables; `maild queue migrate`
needs CREATE on the database, and owns what it makes.
"""

from typing import Final

from psycopg.sql import SQL, Identifier

from maild.spool.postgres.link import Connection
from maild.spool.queue import UnfitQueueError

SCHEMA_VERSION: Final = 1

_LOCK: Final = 0x6D61696C64
"""Of two who migrate at once, one waits."""

_TABLES: Final = """
CREATE TABLE maild.owners (
    owner bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host text NOT NULL,
    until timestamptz NOT NULL
);
CREATE TABLE maild.messages (
    id text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    state text NOT NULL,
    sender_kind text NOT NULL,
    sender_local text,
    sender_domain text,
    message_id text NOT NULL,
    size_bytes bigint NOT NULL,
    received_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    next_at bigint NOT NULL,
    attempts_made integer NOT NULL,
    account text,
    last_account text,
    drop_name text,
    changed_at bigint,
    held_at bigint,
    wish text,
    notes text,
    stream integer NOT NULL,
    pool text COLLATE "C" NOT NULL,
    origin text NOT NULL,
    owner bigint
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX messages_number ON maild.messages (number);
CREATE INDEX messages_queued ON maild.messages (pool, stream, next_at, id) WHERE state = 'queued';
CREATE INDEX messages_deferred ON maild.messages (last_account, pool)
    WHERE state = 'queued' AND last_account IS NOT NULL;
CREATE INDEX messages_sending ON maild.messages (owner) WHERE state = 'sending';
CREATE INDEX messages_held ON maild.messages (id) WHERE state = 'held';
CREATE INDEX messages_living ON maild.messages (received_at, id) WHERE state IN ('queued', 'sending', 'held');
CREATE INDEX messages_history ON maild.messages (changed_at) WHERE state IN ('sent', 'failed', 'deleted');
CREATE TABLE maild.contents (
    id text COLLATE "C" PRIMARY KEY,
    head bytea NOT NULL,
    body bytea,
    body_file text,
    body_bytes bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
CREATE TABLE maild.pieces (
    id text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (id, position)
);
ALTER TABLE maild.pieces ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE maild.recipients (
    id text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    local text NOT NULL,
    domain text NOT NULL,
    state text NOT NULL,
    is_copy integer NOT NULL,
    verdict text,
    verdict_at bigint,
    dot_at bigint,
    PRIMARY KEY (id, position)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX recipients_uncertain ON maild.recipients (id) WHERE state = 'uncertain';
CREATE TABLE maild.ledger (
    host text NOT NULL,
    device bigint NOT NULL,
    inode bigint NOT NULL,
    ctime_ns bigint NOT NULL,
    size_bytes bigint NOT NULL,
    id text NOT NULL,
    taken_at bigint NOT NULL,
    PRIMARY KEY (host, device, inode, ctime_ns, size_bytes)
);
CREATE INDEX ledger_old ON maild.ledger (taken_at);
CREATE TABLE maild.keys (
    key text PRIMARY KEY,
    id text NOT NULL,
    taken_at bigint NOT NULL
);
CREATE INDEX keys_old ON maild.keys (taken_at);
CREATE TABLE maild.sent (
    account text NOT NULL,
    minute bigint NOT NULL,
    host text NOT NULL,
    recipients integer NOT NULL,
    PRIMARY KEY (account, minute, host)
) WITH (fillfactor = 50);
CREATE TABLE maild.nudges (
    host text NOT NULL,
    id text COLLATE "C" NOT NULL,
    teller text NOT NULL,
    PRIMARY KEY (host, id)
);
CREATE TABLE maild.owed (
    at bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    occasion text NOT NULL,
    PRIMARY KEY (at, id, occasion)
);
CREATE TABLE maild.marks (
    name text PRIMARY KEY,
    value bigint NOT NULL
);
INSERT INTO maild.marks (name, value) VALUES ('looked at for being late', 0);
CREATE TABLE maild.allowances (
    account text NOT NULL,
    kind text NOT NULL,
    value bigint NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (account, kind)
);
CREATE TABLE maild.format (version integer NOT NULL);
INSERT INTO maild.format (version) VALUES (1);
"""

_STEPS: Final = (_TABLES,)
"""What a database of each format lacks."""


async def version_of(connection: Connection) -> int:
    """The format of the database's tables; 0 when there are none."""
    row = await (await connection.execute("SELECT to_regclass('maild.format')::text")).fetchone()
    if row is None or row[0] is None:
        return 0
    row = await (await connection.execute("SELECT version FROM maild.format")).fetchone()
    return 0 if row is None else int(row[0])


async def migrate(connection: Connection) -> int:
    """Make the tables, or bring them up to date, within one transaction; returns the format that was there before.

    Raises:
        UnfitQueueError: they are of a newer maild, or the database is of the wrong kind.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    await _require_octets(connection)
    version = await version_of(connection)
    if version > SCHEMA_VERSION:
        raise _newer(version)
    if version == 0:
        await connection.execute("CREATE SCHEMA IF NOT EXISTS maild")
    for step in _STEPS[version:]:
        for statement in step.split(";"):
            if statement.strip():
                await connection.execute(statement)
    await connection.execute("UPDATE maild.format SET version = %s WHERE version <> %s", (SCHEMA_VERSION,) * 2)
    return version


async def let_use(connection: Connection, role: str) -> None:
    """Give a role what it takes to send, and no more."""
    for statement in (
        "GRANT USAGE ON SCHEMA maild TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA maild TO {}",
        "REVOKE INSERT, UPDATE, DELETE ON maild.format FROM {}",
    ):
        await connection.execute(SQL(statement).format(Identifier(role)))


async def any_tables(connection: Connection) -> None:
    """Whatever tables there are, or none."""


async def require_current(connection: Connection) -> None:
    """See that the tables are those that this maild knows.

    Raises:
        UnfitQueueError: they are missing, older or newer.
    """
    version = await version_of(connection)
    if version > SCHEMA_VERSION:
        raise _newer(version)
    if version < SCHEMA_VERSION:
        found = "has no tables of maild yet" if version == 0 else f"has tables of an older maild (format {version})"
        raise UnfitQueueError(
            f"the shared queue's database {found}: run `maild queue migrate` once, as the role that is to own them"
        )


async def doubts_of(connection: Connection) -> tuple[str, ...]:
    """Sentences about settings with which a commit may be lost though it was confirmed."""
    names = ("fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names")
    query = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    row = await (await connection.execute(query)).fetchone()
    assert row is not None
    fsync, pages, commit, standbys = row
    doubts = []
    if fsync == "off":
        doubts.append("The database runs with fsync = off: a power cut may lose the whole queue.")
    if pages == "off":
        doubts.append("The database runs with full_page_writes = off: a power cut may damage the queue.")
    if commit == "off":
        doubts.append("synchronous_commit is off for this role: a crash of the database loses what was just taken in.")
    elif standbys and commit in {"local", "remote_write"}:
        doubts.append(
            f"synchronous_commit is {commit} for this role though there are synchronous standbys "
            f"({standbys}): a fail-over may lose what was just taken in."
        )
    return tuple(doubts)


async def _require_octets(connection: Connection) -> None:
    row = await (await connection.execute("SHOW server_encoding")).fetchone()
    if row is None or row[0] != "UTF8":
        found = "unknown" if row is None else row[0]
        raise UnfitQueueError(f"the shared queue's database has the encoding {found}: make one with ENCODING 'UTF8'")


def _newer(version: int) -> UnfitQueueError:
    return UnfitQueueError(
        f"the shared queue's tables were made by a newer maild (format {version}, this one knows {SCHEMA_VERSION}): "
        f"nothing was changed. Install that version on this host too"
    )
