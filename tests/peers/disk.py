"""A disk that can lose power: what of a process's effects is safe, and what may be there, or not, or in part.

The rules are the strictest that POSIX leaves: what is in a file is safe when the file was synced; a name is safe when
one of the folders that the step touched was synced. A step on names (rename, exchange) happens as a whole or not at
all. All else may be lost, and may be written in any order, a sector at a time.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Final, TypeAlias, assert_never

from maild.spool.drop.name import TAKEN_PREFIX
from tests.peers.trace import (
    Close,
    Effect,
    Link,
    MakeFolder,
    Mark,
    Open,
    Rename,
    Sync,
    Truncate,
    Unlink,
    Write,
)

SECTOR: Final = 512
OLD: Final = 1_700_000_000
"""When every file was written to last, as it says of itself."""
_TAKEN: Final = re.compile(re.escape(TAKEN_PREFIX) + r"\d+(\.\d+\.(-?\d+)\..*)")

Keep: TypeAlias = Callable[[], bool]
"""Whether the next thing that is not safe is there."""


def everything() -> bool:
    """As after `kill -9`: the kernel goes on."""
    return True


def nothing() -> bool:
    """Only what is safe."""
    return False


@dataclass(slots=True, eq=False)
class Folder:
    """`names` is what a program sees, `safe` what is on the disk."""

    names: dict[str, "Folder | File"] = field(default_factory=dict)
    safe: dict[str, "Folder | File"] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class File:
    """`unsafe` holds what was done since it was synced: (offset, data), or (size, None) for a new length."""

    number: int
    content: bytearray = field(default_factory=bytearray)
    safe: bytes = b""
    unsafe: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, offset: int, data: bytes) -> None:
        _put(self.content, offset, data)
        self.unsafe.append((offset, data))

    def truncate(self, size: int) -> None:
        _resize(self.content, size)
        self.unsafe.append((size, None))

    def sync(self) -> None:
        if self.unsafe:
            self.safe, self.unsafe = bytes(self.content), []

    def found(self, keep: Keep) -> bytes:
        """What may be in it after a power cut."""
        if not self.unsafe or keep is nothing:
            return self.safe
        if keep is everything:
            return bytes(self.content)
        found = bytearray(self.safe)
        for offset, data in self.unsafe:
            if data is None:
                if keep():
                    _resize(found, offset)
                continue
            for start, piece in _sectors(offset, data):
                if keep():
                    _put(found, start, piece)
        return bytes(found)


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    end = offset + len(data)
    start = offset
    while start < end:
        stop = min(end, start - start % SECTOR + SECTOR)
        yield start, data[start - offset : stop - offset]
        start = stop


def _put(content: bytearray, offset: int, data: bytes) -> None:
    _resize(content, max(len(content), offset + len(data)))
    content[offset : offset + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


Step: TypeAlias = tuple[tuple[Folder, str, "Folder | File | None"], ...]
"""Names that come to mean something else, all in one."""


@dataclass(slots=True)
class _Descriptor:
    target: Folder | File
    offset: int = 0


@dataclass(slots=True)
class Disk:
    """The folder `root` of a process that is followed effect by effect; what lies elsewhere is not on it."""

    root: str
    top: Folder = field(default_factory=Folder)
    steps: list[Step] = field(default_factory=list)
    _open: dict[int, _Descriptor] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def apply(self, effect: Effect) -> bool:  # noqa: PLR0911 -- one for each effect
        """Follow one effect; whether anything on the disk is another way than before, or safer."""
        match effect:
            case Open():
                return self._opened(effect)
            case Close(descriptor=descriptor):
                self._open.pop(descriptor, None)
                return False
            case Write(descriptor=descriptor, data=data, offset=offset):
                return self._written(descriptor, data, offset)
            case Truncate(descriptor=descriptor, size=size):
                file = self._file(descriptor)
                if file is not None:
                    file.truncate(size)
                return file is not None
            case Sync(descriptor=descriptor):
                return self._synced(descriptor)
            case Rename(source=source, target=target, swaps=swaps):
                return self._renamed(self._place(source), self._place(target), swaps=swaps)
            case Link(source=source, target=target):
                return self._linked(self._place(source), self._place(target))
            case Unlink(place=place):
                return self._named(self._place(place), None)
            case MakeFolder(place=place):
                return self._named(self._place(place), Folder())
            case Mark():
                return True
            case _:
                assert_never(effect)

    def is_socket(self, descriptor: int) -> bool:
        """Or anything else that is not on this disk."""
        return descriptor not in self._open

    def look_up(self, path: str) -> "Folder | File | None":
        """What a path below the root means to a program."""
        found: Folder | File | None = self.top
        for part in path.split("/"):
            found = found.names.get(part) if isinstance(found, Folder) else None
        return found

    def lay_out(self, folder: Path, names: Keep, contents: Keep) -> Mapping[File, os.stat_result]:
        """Make a real folder of what may be there after a power cut; returns what became of its files."""
        placed = {id(one): dict(one.safe) for one in self._folders()}
        for step in self.steps:
            if names():
                for inside, name, target in step:
                    _name(placed.setdefault(id(inside), dict(inside.safe)), name, target)
        files: dict[File, os.stat_result] = {}
        self._lay_out(folder, self.top, placed, (files, contents))
        return files

    def _lay_out(
        self,
        path: Path,
        folder: Folder,
        placed: Mapping[int, Mapping[str, "Folder | File"]],
        work: tuple[dict[File, os.stat_result], Keep],
    ) -> None:
        path.mkdir(exist_ok=True)
        files, contents = work
        for name, target in placed.get(id(folder), {}).items():
            if isinstance(target, Folder):
                self._lay_out(path / name, target, placed, work)
                continue
            file = path / name
            file.write_bytes(target.found(contents))
            os.utime(file, (OLD, OLD))
            files[target] = file.stat()
            taken = _TAKEN.fullmatch(name)
            if taken is not None:
                # Such a name holds the number and the time of its file; the number is another one here.
                os.utime(file, ns=(int(taken[2]), int(taken[2])))
                file.rename(path / f"{TAKEN_PREFIX}{files[target].st_ino}{taken[1]}")

    def _folders(self) -> Iterator[Folder]:
        known: dict[int, Folder] = {}
        waiting = [self.top]
        while waiting:
            one = waiting.pop()
            if id(one) not in known:
                known[id(one)] = one
                waiting += [each for each in (*one.names.values(), *one.safe.values()) if isinstance(each, Folder)]
        yield from known.values()

    def _place(self, place: tuple[int | None, str]) -> tuple[Folder, str] | None:
        """The folder and the name in it; None: elsewhere."""
        descriptor, path = place
        start: Folder | File = self.top
        if descriptor is None or path.startswith("/"):
            if not path.startswith(self.root + "/"):
                return None
            path = path[len(self.root) + 1 :]
        elif descriptor in self._open:
            start = self._open[descriptor].target
        else:
            return None
        *folders, name = path.split("/")
        for part in folders:
            found = start.names.get(part) if isinstance(start, Folder) else None
            if found is None:
                return None
            start = found
        return (start, name) if isinstance(start, Folder) else None

    def _opened(self, effect: Open) -> bool:
        self._open.pop(effect.descriptor, None)
        if effect.path == self.root:
            self._open[effect.descriptor] = _Descriptor(self.top)
            return False
        place = self._place((effect.folder, effect.path))
        if place is None:
            return False
        folder, name = place
        target, is_new = folder.names.get(name), False
        if target is None:
            if not effect.may_make:
                return False
            target, is_new = File(next(self._numbers)), True
            self._step(((folder, name, target),))
        self._open[effect.descriptor] = _Descriptor(target)
        if effect.empties and isinstance(target, File) and target.content:
            target.truncate(0)
        return is_new or effect.empties

    def _file(self, descriptor: int) -> File | None:
        opened = self._open.get(descriptor)
        return opened.target if opened is not None and isinstance(opened.target, File) else None

    def _written(self, descriptor: int, data: bytes, offset: int | None) -> bool:
        file = self._file(descriptor)
        if file is None:
            return False
        opened = self._open[descriptor]
        file.write(opened.offset if offset is None else offset, data)
        if offset is None:
            opened.offset += len(data)
        return True

    def _synced(self, descriptor: int) -> bool:
        opened = self._open.get(descriptor)
        if opened is None:
            return False
        if isinstance(opened.target, File):
            opened.target.sync()
            return True
        kept = []
        for step in self.steps:
            if any(folder is opened.target for folder, _, _ in step):
                for folder, name, target in step:
                    _name(folder.safe, name, target)
            else:
                kept.append(step)
        self.steps = kept
        return True

    def _step(self, step: Step) -> bool:
        for folder, name, target in step:
            _name(folder.names, name, target)
        self.steps.append(step)
        return True

    def _named(self, place: tuple[Folder, str] | None, target: "Folder | File | None") -> bool:
        return place is not None and self._step(((*place, target),))

    def _renamed(self, source: tuple[Folder, str] | None, target: tuple[Folder, str] | None, *, swaps: bool) -> bool:
        if source is None or target is None:
            assert source is target, "a rename into or out of the disk"
            return False
        moved = source[0].names[source[1]]
        left = target[0].names.get(target[1]) if swaps else None
        return self._step(((*source, left), (*target, moved)))

    def _linked(self, source: tuple[Folder, str] | None, target: tuple[Folder, str] | None) -> bool:
        return source is not None and self._named(target, source[0].names[source[1]])


def _name(names: dict[str, "Folder | File"], name: str, target: "Folder | File | None") -> None:
    if target is None:
        names.pop(name, None)
    else:
        names[name] = target


def some(random: Random, odds: float) -> Keep:
    """As luck would have it."""
    return lambda: random.random() < odds
