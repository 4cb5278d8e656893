"""Finds the messages that a filter means.

What shell globs and words are compared with is compared here and not in the database, so that they mean the same for
every kind of queue: candidates come in pages, until there are as many as were asked for.
"""

from fnmatch import fnmatchcase
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.verdict import verdict_words
from maild.spool.postgres.link import Connection
from maild.spool.postgres.messages import load
from maild.spool.queue import QueuedMessage, QueueFilter
from maild.spool.sqlite.rows import instant_number

_PAGE: Final = 2000


async def select_messages(connection: Connection, host: str, wanted: QueueFilter) -> tuple[QueuedMessage, ...]:
    """The messages that match, oldest first."""
    conditions, values = _conditions(wanted)
    found: list[QueuedMessage] = []
    is_plain = wanted.sender in {None, "<>"} and wanted.recipient is None and wanted.error is None
    page = _PAGE if wanted.limit is None or not is_plain else min(_PAGE, wanted.limit)
    while wanted.limit is None or len(found) < wanted.limit:
        order = f"received_at, id LIMIT {page}"
        rows = await load(connection, host, " AND ".join(conditions), values, order=order)
        found += [one.message for one in rows if is_plain or _fits(one.message, wanted)]
        if len(rows) < page:
            break
        if "last_at" not in values:
            conditions.append("(received_at, id) > (%(last_at)s, %(last_id)s)")
        last = rows[-1].message
        values |= {"last_at": instant_number(last.received_at), "last_id": last.id}
    return tuple(found[: wanted.limit])


def _fits(message: QueuedMessage, wanted: QueueFilter) -> bool:
    """What the database was not asked."""
    if wanted.sender not in {None, "<>"}:
        sender = message.sender
        if not isinstance(sender, Mailbox) or not fnmatchcase(str(sender).lower(), str(wanted.sender).lower()):
            return False
    if wanted.recipient is not None:
        pattern = wanted.recipient.lower()
        if not any(fnmatchcase(str(one.mailbox).lower(), pattern) for one in message.recipients):
            return False
    said = (verdict_words(one.verdict).lower() for one in message.recipients)
    return wanted.error is None or any(wanted.error.lower() in words for words in said)


def _conditions(wanted: QueueFilter) -> tuple[list[str], dict[str, object]]:
    is_named = wanted.ids is not None or wanted.drops is not None
    conditions = ["true"]
    values: dict[str, object] = {}
    if wanted.states is not None:
        conditions.append("state = ANY(%(states)s)")
        values["states"] = [state.value for state in wanted.states]
    if not is_named and not any(state.is_history for state in wanted.states or ()):
        # In these words, or the partial index would not be used.
        conditions.append("state IN ('queued', 'sending', 'held')")
    if wanted.sender == "<>":
        conditions.append("sender_kind = 'null'")
    for condition, name, value in _bounds(wanted):
        if value is not None:
            conditions.append(condition)
            values[name] = value
    if wanted.after is not None:
        conditions.append("(received_at, id) > (%(after_at)s, %(after_id)s)")
        values |= {"after_at": instant_number(wanted.after[0]), "after_id": wanted.after[1]}
    return conditions, values


def _bounds(wanted: QueueFilter) -> tuple[tuple[str, str, object], ...]:
    before, after = wanted.received_before, wanted.received_after
    return (
        ("id = ANY(%(ids)s)", "ids", None if wanted.ids is None else list(wanted.ids)),
        # The name of a drop means something on its own host only.
        ("drop_name = ANY(%(drops)s) AND origin = %(host)s", "drops", _listed(wanted.drops)),
        ("coalesce(last_account, account) = %(account)s", "account", wanted.account),
        ("received_at < %(before)s", "before", None if before is None else instant_number(before)),
        ("received_at >= %(since)s", "since", None if after is None else instant_number(after)),
        ("size_bytes >= %(min_bytes)s", "min_bytes", wanted.min_bytes),
        ("size_bytes <= %(max_bytes)s", "max_bytes", wanted.max_bytes),
    )


def _listed(names: tuple[str, ...] | None) -> list[str] | None:
    return None if names is None else list(names)
