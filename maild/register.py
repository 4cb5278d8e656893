"""A register: many entries by name, immutable, of which each edit makes another one without copying all of them. Pure.

A configuration of ten thousand accounts is kept in a handful of such tables, and an edit changes one entry of each. A
register shares the table it came from and remembers what is new since then; when that has become too much for looking
in two places, or when names come or go, the table is made anew. Entries are told apart by identity: whoever carries
over what did not change is found to have changed nothing.
"""

from collections.abc import Collection, ItemsView, Iterator, Mapping, ValuesView
from typing import Final, TypeVar, overload

MOST_FRESH: Final = 256
"""So many new entries are kept beside the table; copying them is what an edit costs."""

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")


class Register(Mapping[K, V]):
    """See above. `names` are those of all entries, the very same object as long as none comes or goes."""

    __slots__ = ("_fresh", "_table", "names")

    def __init__(self, entries: Mapping[K, V] | None = None) -> None:
        """One of these entries, in their order."""
        self._table: dict[K, V] = {} if entries is None else dict(entries)
        self._fresh: dict[K, V] = {}
        self.names: frozenset[K] = frozenset(self._table)

    @classmethod
    def of(cls, entries: Mapping[K, V]) -> "Register[K, V]":
        """These entries; themselves when they are a register."""
        return entries if isinstance(entries, Register) else cls(entries)

    def __getitem__(self, name: K) -> V:
        return self._fresh[name] if name in self._fresh else self._table[name]

    @overload
    def get(self, name: K, /) -> V | None: ...

    @overload
    def get(self, name: K, default: V | D, /) -> V | D: ...

    def get(self, name: K, default: object = None, /) -> object:
        """The entry of this name. Written out, for it is asked more often than anything else."""
        return self._fresh[name] if name in self._fresh else self._table.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._table

    def __iter__(self) -> Iterator[K]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.plain()!r})"

    def items(self) -> ItemsView[K, V]:
        """All of them at the speed of a dict."""
        return self.plain().items()

    def values(self) -> ValuesView[V]:
        """All of them at the speed of a dict."""
        return self.plain().values()

    def plain(self) -> Mapping[K, V]:
        """The same as a dict, for going through all of it; not to be changed."""
        return {**self._table, **self._fresh} if self._fresh else self._table

    def after(self, changed: Mapping[K, V], gone: Collection[K] = ()) -> "Register[K, V]":
        """The register with these entries, those of new names at the end, and without those that are gone."""
        fresh = {name: entry for name, entry in changed.items() if name not in self or self[name] is not entry}
        if not fresh and self.names.isdisjoint(gone):
            return self
        if self.names.issuperset(fresh) and self.names.isdisjoint(gone):
            return self._with(fresh)
        entries = {**self._table, **self._fresh, **fresh}
        for name in gone:
            entries.pop(name, None)
        return Register(entries)

    def differing(self, other: "Register[K, V]") -> Collection[K]:
        """The names under which the two have not the very same object, or only one of them has any."""
        if self._table is other._table:  # noqa: SLF001 -- one of us
            names = self._fresh.keys() | other._fresh.keys()  # noqa: SLF001 -- the same
            return {name for name in names if self[name] is not other[name]}
        others = other.plain()
        # Nearly all are the very same, and finding that out is done in one go.
        pairs = zip(self, self.values(), map(others.get, self), strict=True)
        found = {name for name, mine, its in pairs if its is not mine}
        return found if self.names is other.names else found | (self.names ^ other.names)

    def _with(self, fresh: Mapping[K, V]) -> "Register[K, V]":
        made: Register[K, V] = Register.__new__(Register)
        made._fresh = {**self._fresh, **fresh}
        made._table, made.names = self._table, self.names
        if len(made._fresh) > MOST_FRESH:
            made._table, made._fresh = {**self._table, **made._fresh}, {}
        return made
