"""Reads the envelope file beside a drop, as hostile as the drop itself. Shell code."""

import errno
import os
import stat
from dataclasses import dataclass

from maild.spool.drop.listing import FILE_FLAGS, Found
from maild.spool.drop.look import Looker
from maild.spool.drop.name import sidecar_name
from maild.spool.drop.outcome import NotYet, ReadFailedError, Refused, Unreadable, identity_of
from maild.spool.drop.quiet import wait_to_reject_ns, wait_to_take_ns
from maild.spool.queue import SourceIdentity
from maild.spool.sidecar import MAX_SIDECAR_BYTES, Sidecar, SidecarError, parse_sidecar


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEnvelope:
    """What the file beside a drop says; both None when there is no such file."""

    content: Sidecar | None = None
    identity: SourceIdentity | None = None


def read_envelope(folder: int, found: Found, looker: Looker) -> FoundEnvelope | Refused | NotYet | Unreadable:
    """The envelope file of a drop in an open folder.

    Always opened, never looked up in a listing: one that was put there during the listing may be missing in it, and
    the drop would then go to the wrong people.

    Raises:
        OSError: something is wrong that is not about this file.
        ReadFailedError: it cannot be read to its end.
    """
    try:
        descriptor = os.open(sidecar_name(found.name), FILE_FLAGS, dir_fd=folder)
    except FileNotFoundError:
        return FoundEnvelope()
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EPERM}:
            return Unreadable(found=found, detail=f"its envelope file cannot be read: {error.strerror}")
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            return _no_file(found)
        raise
    try:
        return _read_open(found, descriptor, looker)
    finally:
        os.close(descriptor)


def _read_open(found: Found, descriptor: int, looker: Looker) -> FoundEnvelope | Refused | NotYet:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        return _no_file(found)
    look = looker.look(status, descriptor, drop=found.drop)
    wait_ns = wait_to_take_ns(look, now_ns=looker.now_ns)
    if wait_ns > 0:
        return NotYet(wait_ns=wait_ns)
    try:
        content = parse_sidecar(read_at_most(descriptor, min(status.st_size, MAX_SIDECAR_BYTES) + 1))
    except SidecarError as error:
        wait_ns = wait_to_reject_ns(look, now_ns=looker.now_ns)
        return NotYet(wait_ns=wait_ns) if wait_ns > 0 else _refused(found, str(error))
    looker.seen.forget(status)
    return FoundEnvelope(content=content, identity=identity_of(status))


def read_at_most(descriptor: int, limit: int) -> bytes:
    """So many bytes, or all there are.

    Raises:
        ReadFailedError: they cannot be read.
    """
    first = read_some(descriptor, limit)
    parts = [first]
    missing = limit - len(first)
    while missing > 0 and (part := read_some(descriptor, missing)):
        parts.append(part)
        missing -= len(part)
    return first if len(parts) == 1 else b"".join(parts)


def read_some(descriptor: int, limit: int) -> bytes:
    """At most so many bytes; none at the end.

    Raises:
        ReadFailedError: they cannot be read. Kept apart from all that may go wrong while writing the copy: one bad
            file must not stop the others.
    """
    try:
        return os.read(descriptor, limit)
    except OSError as error:
        raise ReadFailedError(f"it cannot be read: {error.strerror}") from error


def _no_file(found: Found) -> Refused:
    return _refused(found, "its envelope file is no regular file of one name")


def _refused(found: Found, detail: str) -> Refused:
    return Refused(found=found, reason="bad_envelope", detail=detail)
