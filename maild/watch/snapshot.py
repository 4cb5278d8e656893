"""What a configuration folder holds at one moment, and how two moments differ. Pure.

A file is known by its content's hash; the stamp (inode, size, times) only saves reading it again. The bytes that were
hashed are kept and are the bytes that get parsed, so that no writer can slip something between the two. A file that is
not there any more stays in the snapshot until a second scan, some time later, misses it too: vim and git take a file
away for a moment before they put its new version down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, TypeAlias

from maild.config.folder import SourceFile
from maild.register import Register

GONE_AFTER_S: Final = 2.0
"""A file is gone when two scans this far apart both miss it. Vim's gap is milliseconds, git's can be a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What stat(2) tells; while it is the same the content is taken to be the same."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was read as a whole.

    Attributes:
        digest: BLAKE2b-256 of `data`.
        is_settled: the file was old enough when it was read that a later write must change its stamp. An unsettled
            file is read again at the next scan, whatever its stamp says: the kernel's time has a grain of up to 10 ms.
    """

    source: SourceFile
    stamp: Stamp
    data: bytes = field(repr=False)
    digest: bytes
    is_settled: bool

    @classmethod
    def of(cls, source: SourceFile, stamp: Stamp, data: bytes, *, is_settled: bool) -> "ReadFile":
        """A file with its content hashed."""
        digest = blake2b(data, digest_size=32).digest()
        return cls(source=source, stamp=stamp, data=data, digest=digest, is_settled=is_settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableFile:
    """A file that is listed and cannot be read; `problem` says why in a few words, such as "permission denied"."""

    source: SourceFile
    problem: str


SeenFile: TypeAlias = ReadFile | UnreadableFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one look at the folder found.

    Attributes:
        found: the files that were looked at and are there, by the name they are shown under.
        absent: those that were looked for and are not there; None: every file that is not found is absent.
        links: those that are symbolic links; only a look at everything can tell.
    """

    found: Mapping[str, SeenFile]
    absent: frozenset[str] | None = None
    links: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All files by the name they are shown under; `missing` maps those that the last scan missed to the time of the
    first scan that did (seconds of a monotonic clock). `links`: those that are symbolic links.
    """

    files: Mapping[str, SeenFile] = field(default_factory=dict)
    missing: Mapping[str, float] = field(default_factory=dict)
    links: frozenset[str] = frozenset()

    @property
    def confirm_at_s(self) -> float | None:
        """When the next scan can decide about a missing file; None when nothing is missing."""
        return min(self.missing.values()) + GONE_AFTER_S if self.missing else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a snapshot differs from an earlier one, by content; names in order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.added, *self.changed, *self.gone)


def merge_scan(previous: Snapshot, scan: Scan, *, at_s: float, believes_absence: bool = False) -> Snapshot:
    """The snapshot after a scan; `previous` itself when every file is the very same as before.

    Args:
        previous: the snapshot before it.
        scan: what was found.
        at_s: when, in seconds of a monotonic clock.
        believes_absence: a missing file is gone at once: somebody asked for this reload and knows what is there.
    """
    is_whole = scan.absent is None
    links = scan.links if is_whole else previous.links
    before = Register.of(previous.files)
    absent = before.names - scan.found.keys() if scan.absent is None else scan.absent & before.names
    # Of ten thousand files that were looked at nearly all are the very same, so a dict is asked.
    known = before.plain() if is_whole else before
    fresh = {name: file for name, file in scan.found.items() if known.get(name) is not file}
    missing = {} if is_whole else {name: at for name, at in previous.missing.items() if name not in scan.found}
    gone: set[str] = set()
    for name in absent:
        first_missed_s = previous.missing.get(name, at_s)
        is_renamed = not _twins(name).isdisjoint(fresh.keys() - before.names)
        if believes_absence or is_renamed or at_s - first_missed_s >= GONE_AFTER_S:
            gone.add(name)
            missing.pop(name, None)
        else:
            missing[name] = first_missed_s
    if not fresh and not gone and missing == previous.missing and links == previous.links:
        return previous
    files = before.after(fresh, gone)
    if not before.names.issuperset(fresh):
        files = Register({name: files[name] for name in sorted(files)})
    return Snapshot(files=files, missing=missing, links=links)


def _twins(name: str) -> frozenset[str]:
    """The name with the other ending. A file that comes under it when this one goes is this one, renamed."""
    stem, _, ending = name.rpartition(".")
    return frozenset({f"{stem}.{one}" for one in ("yaml", "yml")} - {f"{stem}.{ending}"})


def compare(old: Snapshot, new: Snapshot) -> Change:
    """What changed in content; a file that was only touched, moved into place or copied over itself did not."""
    if old.files is new.files:
        return Change()
    before, after = Register.of(old.files), Register.of(new.files)
    others = sorted(after.differing(before))
    return Change(
        added=tuple(name for name in others if name not in before),
        changed=tuple(
            name for name in others if name in before and name in after and _differs(before[name], after[name])
        ),
        gone=tuple(name for name in others if name not in after),
    )


def _differs(old: SeenFile, new: SeenFile) -> bool:
    if isinstance(old, ReadFile) and isinstance(new, ReadFile):
        return old.digest != new.digest
    return old != new
