"""Everything that differs between two configurations, in the order in which it is told. Pure.

Brings together what changes in settings, in ways and for waiting messages, each of which is worked out elsewhere. For
`maild diff`, and for whoever compares what is in force with what is on the disk.
"""

from collections.abc import Sequence

from maild.cli.change_text import Difference
from maild.config.compare import Configuration, compare
from maild.delivery.detour import detours, routing_table
from maild.delivery.stranding import QueuedMail, queue_changes


def all_changes(old: Configuration, new: Configuration, waiting: Sequence[QueuedMail] = ()) -> tuple[Difference, ...]:
    """What differs between two configurations: accounts and settings, ways, and what that means for waiting mail."""
    settled, way = compare(old, new), _in_force(old, new)
    changed = {name for change in settled if (name := getattr(change, "account", None)) is not None}
    queued = queue_changes(waiting, routing_table(old), routing_table(way), changed)
    return (*settled, *detours(old, way), *queued)


def _in_force(old: Configuration, new: Configuration) -> Configuration:
    """The new configuration as a running daemon has it: what has errors stays as it was."""
    kept = {name: old.accounts[name] for name in new.broken if name in old.accounts}
    return Configuration(site=old.site if new.site is None else new.site, accounts={**new.accounts, **kept})
