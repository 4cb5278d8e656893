"""What a process really does to files and sockets: its system calls, recorded by strace (Debian package strace).

Nothing of the program is replaced, so SQLite's own writes are seen as well, with their data. Only what changes
something is recorded: an effect is a value, and a descriptor is already resolved to what it stands for.

A call that is interrupted by another thread's is an effect when it is done.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import pytest

CALLS: Final = (
    "openat,close,write,pwrite64,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,"
    "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat"
)
LONGEST: Final = 8 * 1024 * 1024
PATIENCE_S: Final = 50
MARK: Final = b"MARK "

_LINE: Final = re.compile(rb"(\d+) +(.*)")
_RESUMED: Final = re.compile(rb"<\.\.\. \w+ resumed>(.*)")
_CALL: Final = re.compile(rb"(\w+)\((.*)\) += (-?\d+)(?: .*)?", re.DOTALL)
_TEXT: Final = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True)
class Open:
    """`folder` is the descriptor that a relative path counts from; `is_new` only says that it may have been made."""

    folder: int | None
    path: str
    descriptor: int
    may_make: bool
    empties: bool


@dataclass(frozen=True, slots=True)
class Close:
    descriptor: int


@dataclass(frozen=True, slots=True)
class Write:
    """`offset` None: where the descriptor stands."""

    descriptor: int
    data: bytes
    offset: int | None


@dataclass(frozen=True, slots=True)
class Truncate:
    descriptor: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    descriptor: int


@dataclass(frozen=True, slots=True)
class Rename:
    source: tuple[int | None, str]
    target: tuple[int | None, str]
    swaps: bool


@dataclass(frozen=True, slots=True)
class Link:
    source: tuple[int | None, str]
    target: tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Unlink:
    place: tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class MakeFolder:
    place: tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the program says of itself: that it told somebody something."""

    words: str


Effect: TypeAlias = Open | Close | Write | Truncate | Sync | Rename | Link | Unlink | MakeFolder | Mark


def record(argv: list[str], folder: Path) -> Iterator[Effect]:
    """Run a program to its end and tell its effects; skips the test where strace is missing or may not trace."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("needs the Debian package strace")
    log = folder / "strace"
    flags = ["--seccomp-bpf", "-f", "-qqq", "-xx", "-s", str(LONGEST), "-e", f"trace={CALLS}", "-o", str(log)]
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    done = subprocess.run([strace, *flags, *argv], check=False, timeout=PATIENCE_S, capture_output=True, env=environ)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    with log.open("rb") as lines:
        yield from effects_of(lines)


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module of the tests."""
    return [sys.executable, "-W", "ignore", "-m", module, *arguments]


def effects_of(lines: Iterable[bytes]) -> Iterator[Effect]:
    """The effects that strace wrote down."""
    reader = _Reader()
    for line in lines:
        yield from reader.read(line.rstrip(b"\n"))


@dataclass(slots=True)
class _Reader:
    """Puts interrupted calls together."""

    begun: dict[bytes, bytes] = field(default_factory=dict)

    def read(self, line: bytes) -> Iterator[Effect]:
        found = _LINE.fullmatch(line)
        if found is None:
            return
        thread, text = found.groups()
        if text.endswith(b"<unfinished ...>"):
            self.begun[thread] = text.removesuffix(b"<unfinished ...>").rstrip()
            return
        resumed = _RESUMED.fullmatch(text)
        whole = text if resumed is None else self.begun.pop(thread, b"") + resumed[1]
        call = _CALL.fullmatch(whole)
        if call is not None and int(call[3]) >= 0:
            yield from _effect(call[1].decode(), call[2], int(call[3]))


def _effect(name: str, arguments: bytes, result: int) -> Iterator[Effect]:  # noqa: PLR0912 -- one for each call
    words = arguments.split(b", ")
    match name:
        case "openat":
            flags = words[2].split(b"|")
            yield Open(*_place(words[0], words[1]), result, b"O_CREAT" in flags, b"O_TRUNC" in flags)
        case "close":
            yield Close(int(words[0]))
        case "write" | "writev" | "sendto" | "sendmsg":
            data = _data(arguments)[:result]
            is_mark = data.startswith(MARK)
            yield Mark(data.decode().removeprefix("MARK ")) if is_mark else Write(int(words[0]), data, None)
        case "pwrite64":
            yield Write(int(words[0]), _data(words[1])[:result], int(words[3]))
        case "fsync" | "fdatasync":
            yield Sync(int(words[0]))
        case "ftruncate":
            yield Truncate(int(words[0]), int(words[1]))
        case "rename":
            yield Rename((None, _text(words[0])), (None, _text(words[1])), swaps=False)
        case "renameat" | "renameat2":
            swaps = b"RENAME_EXCHANGE" in words[-1]
            yield Rename(_place(words[0], words[1]), _place(words[2], words[3]), swaps=swaps)
        case "link":
            yield Link((None, _text(words[0])), (None, _text(words[1])))
        case "linkat":
            yield Link(_place(words[0], words[1]), _place(words[2], words[3]))
        case "unlink":
            yield Unlink((None, _text(words[0])))
        case "unlinkat":
            yield Unlink(_place(words[0], words[1]))
        case "mkdir":
            yield MakeFolder((None, _text(words[0])))
        case "mkdirat":
            yield MakeFolder(_place(words[0], words[1]))
        case _:
            raise AssertionError(f"what to make of {name}?")


def _place(folder: bytes, path: bytes) -> tuple[int | None, str]:
    return (None if folder == b"AT_FDCWD" else int(folder)), _text(path)


def _text(quoted: bytes) -> str:
    return os.fsdecode(_data(quoted))


def _data(arguments: bytes) -> bytes:
    """All that is quoted in it; a vector has several pieces."""
    return b"".join(bytes.fromhex(piece.replace(b"\\x", b"").decode()) for piece in _TEXT.findall(arguments))
