"""Reads one drop: opens it as the hostile thing it may be, judges whether it is complete, copies it. Shell code.

Always a copy, because the dropper may still hold the file open. An `OSError` that is not about this one file (no
space, no descriptors, a broken disk) goes through.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from maild.mail.message import MessageError
from maild.spool.drop.compose import Composer
from maild.spool.drop.envelope import FoundEnvelope, read_envelope, read_some
from maild.spool.drop.listing import FILE_FLAGS, Found
from maild.spool.drop.look import Looker
from maild.spool.drop.outcome import (
    Copied,
    Crowded,
    Gone,
    NotYet,
    Outcome,
    ReadFailedError,
    Refused,
    Unreadable,
    identity_of,
)
from maild.spool.drop.quiet import CLOSED_NS, Look, wait_to_reject_ns, wait_to_take_ns, wait_unproven_ns
from maild.spool.drop.quota import UserQuota
from maild.spool.queue import SourceIdentity

_CHUNK_BYTES: Final = 1024 * 1024


def _passes_nothing_by(_: SourceIdentity) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropReader:
    """Reads drops at one moment; `max_bytes` is the size of the largest that is taken, `quota` what of each user, and
    `passes_by` says which are not to be read now.
    """

    composer: Composer
    looker: Looker
    max_bytes: int
    quota: UserQuota
    passes_by: Callable[[SourceIdentity], bool] = _passes_nothing_by

    def read(self, folder: int, found: Found) -> Outcome:
        """Look at a drop in an open folder, and copy it when it is a complete message.

        Raises:
            OSError: something is wrong that is not about this file.
        """
        if not found.is_regular:
            return _no_file(found)
        try:
            descriptor = os.open(found.name, FILE_FLAGS, dir_fd=folder)
        except OSError as error:
            return _not_opened(found, error)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return _no_file(found)
            if self.passes_by(identity_of(status)):
                return Gone()
            look = self.looker.look(status, descriptor, drop=found.drop)
            return self._judge(found, status, look) or self._take(folder, found, descriptor, (status, look))
        except ReadFailedError as error:
            return Unreadable(found=found, detail=str(error))
        finally:
            os.close(descriptor)

    def _judge(self, found: Found, status: os.stat_result, look: Look) -> Refused | NotYet | Crowded | None:
        """What is wrong with it before a byte was read; None: nothing."""
        problem = self._problem(found, status)
        if problem is not None:
            return self._refuse(found, (status, look), *problem)
        wait_ns = wait_to_take_ns(look, now_ns=self.looker.now_ns)
        if wait_ns > 0:
            return NotYet(wait_ns=wait_ns)
        crowded_ns = self.quota.wait_ns(status.st_uid, status.st_size, now_ns=self.looker.now_ns)
        return Crowded(found=found, user=status.st_uid, wait_ns=crowded_ns) if crowded_ns > 0 else None

    def _take(self, folder: int, found: Found, descriptor: int, before: tuple[os.stat_result, Look]) -> Outcome:
        status, look = before
        envelope = read_envelope(folder, found, self.looker)
        if not isinstance(envelope, FoundEnvelope):
            return envelope
        proof = None if envelope.content is None else envelope.content.sha256
        if proof is not None and proof != _digest_of(descriptor):
            return self._unproven(found, before)
        source = identity_of(status)
        try:
            composed = self.composer.compose(descriptor, source, found, envelope)
        except MessageError as error:
            return self._refuse(found, before, error.problem.value, error.detail)
        # Half a message may end in its header; such a one is asked to be quiet for longer.
        wait_ns = 0 if composed.has_blank_line else wait_to_reject_ns(look, now_ns=self.looker.now_ns)
        if wait_ns > 0 or identity_of(os.fstat(descriptor)) != source:
            self.composer.discard(composed.arrival)
            return NotYet(wait_ns=wait_ns or CLOSED_NS)
        self.looker.seen.forget(status)
        self.quota.spend(status.st_uid, status.st_size, now_ns=self.looker.now_ns)
        return Copied(found=found, arrival=composed.arrival, source=source, mtime_ns=status.st_mtime_ns)

    def _unproven(self, found: Found, before: tuple[os.stat_result, Look]) -> Refused | NotYet:
        status, look = before
        wait_ns = wait_unproven_ns(look, now_ns=self.looker.now_ns)
        if wait_ns > 0:
            return NotYet(wait_ns=min(wait_ns, CLOSED_NS))
        detail = (
            "its bytes do not match the sha256 of its envelope file, so it is not whole or not the one that is meant"
        )
        return Refused(found=found, reason="bad_checksum", detail=detail, source=identity_of(status))

    def _problem(self, found: Found, status: os.stat_result) -> tuple[str, str] | None:
        if found.is_bad:
            return "bad_name", "its name is too long or holds characters that cannot be shown"
        if status.st_nlink != 1:
            # Whoever has the other name could change the message after it was taken in, or make us delete his.
            return "hard_link", "it has a second name elsewhere (a hard link); copy it instead"
        if status.st_size > self.max_bytes:
            return "too_large", f"it is larger than the {self.max_bytes / 1_000_000:.0f} MB that are taken"
        return None

    def _refuse(self, found: Found, before: tuple[os.stat_result, Look], reason: str, detail: str) -> Refused | NotYet:
        status, look = before
        wait_ns = wait_to_reject_ns(look, now_ns=self.looker.now_ns)
        if wait_ns > 0:
            return NotYet(wait_ns=wait_ns)
        return Refused(found=found, reason=reason, detail=detail, source=identity_of(status))


def _digest_of(descriptor: int) -> str:
    """SHA-256 of an open file, which is at its beginning again afterwards.

    Raises:
        ReadFailedError: it cannot be read.
    """
    digest = hashlib.sha256()
    while chunk := read_some(descriptor, _CHUNK_BYTES):
        digest.update(chunk)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return digest.hexdigest()


def _no_file(found: Found) -> Refused:
    return Refused(found=found, reason="not_a_file", detail="it is a link, a FIFO, a device or a folder")


def _not_opened(found: Found, error: OSError) -> Outcome:
    if isinstance(error, FileNotFoundError):
        return Gone()
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Unreadable(found=found, detail=f"it cannot be read: {error.strerror}")
    if error.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}:
        return _no_file(found)
    raise error
