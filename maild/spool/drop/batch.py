"""One look at the drop folder: lists it when nothing is left of the last listing, and reads the next few drops.

Shell code, run in a thread. A batch is bounded in files and bytes, so that one transaction stays short, and in looks,
so that a folder full of unfinished files keeps nobody waiting.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from maild.spool.drop.listing import Folders, Found, Listing
from maild.spool.drop.look import SeenFiles
from maild.spool.drop.outcome import Copied, Crowded, Gone, NotYet, Outcome, Refused, Unreadable
from maild.spool.drop.read import DropReader
from maild.spool.queue import FileBody, SourceIdentity

FIRST_FILES: Final = 8
"""In the first batch after a rest, so that a flood's first messages are soon on their way; each next one is twice as
large.
"""

MAX_FILES: Final = 512
"""In a batch: a transaction of more costs each message no less."""

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_LOOKS: Final = 4096
LOOKS_EACH: Final = 4
"""A batch that has something ends after so many looks for each file it may have: for the reason of `FIRST_FILES`."""

PASSED_BY_NS: Final = 20_000
"""So long nothing is listed for each drop that the last listing passed by: ten times of what passing by costs."""

STUCK_NS: Final = 600_000_000_000
"""So long nobody tries again to remove a drop that could not be removed."""

MAX_LISTED: Final = 50_000
"""Names kept of one listing: some ten megabytes. A fuller folder is listed again when these are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What came of it.

    Attributes:
        wait_ns: when it is worth looking again; 0: at once, there is more; None: not before something happens.
    """

    copied: tuple[Copied, ...] = ()
    refused: tuple[Refused, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    crowded: tuple[Crowded, ...] = ()
    wait_ns: int | None = None


@dataclass(slots=True)
class DropFolder:
    """What is known of the drop folder from one look to the next.

    Attributes:
        seen: what unfinished files looked like.
        placed: drops that somebody saw being renamed into place.
        stuck: drops that are in the queue and could not be removed, and when that was tried last.
        listed: what is left of the last listing, oldest first.
    """

    path: str
    seen: SeenFiles = field(default_factory=SeenFiles)
    placed: set[str] = field(default_factory=set)
    stuck: dict[SourceIdentity, int] = field(default_factory=dict)
    listed: deque[Found] = field(default_factory=deque)
    _is_more: bool = False
    _wait_ns: int | None = None
    _listed_at_ns: int = 0
    _rest_ns: int = 0
    _most_files: int = FIRST_FILES

    def read_batch(self, reader: DropReader) -> Batch:
        """The next drops, oldest first.

        Raises:
            OSError: the folder cannot be read, or something is wrong with the whole machine.
        """
        outcomes: list[Outcome] = []
        is_fresh = not self.listed
        left_ns = self._listed_at_ns + self._rest_ns - reader.looker.now_ns
        # A clock that was set back by an hour must not make it an hour.
        if is_fresh and 0 < left_ns <= self._rest_ns:
            return Batch(wait_ns=left_ns)
        with Folders(self.path) as folders:
            if is_fresh:
                self._list(folders, reader)
            try:
                outcomes.extend(self._outcomes(folders, reader))
            except OSError:
                for outcome in outcomes:
                    if isinstance(outcome, Copied):
                        reader.composer.discard(outcome.arrival)
                raise
        copied = tuple(outcome for outcome in outcomes if isinstance(outcome, Copied))
        refused = tuple(outcome for outcome in outcomes if isinstance(outcome, Refused))
        if is_fresh and not copied:
            self._most_files = FIRST_FILES
        return Batch(
            copied=copied,
            refused=refused,
            unreadable=tuple(outcome for outcome in outcomes if isinstance(outcome, Unreadable)),
            crowded=tuple(outcome for outcome in outcomes if isinstance(outcome, Crowded)),
            wait_ns=self._next_wait_ns(is_fresh=is_fresh, has_moved=bool(copied or refused)),
        )

    def is_stuck(self, source: SourceIdentity, now_ns: int) -> bool:
        """Whether a drop is not to be read, because it could not be removed a while ago. Now and then it is read all
        the same: perhaps it can be removed now, and the ledger must not forget it while it lies there.
        """
        tried_ns = self.stuck.get(source)
        return tried_ns is not None and 0 <= now_ns - tried_ns < STUCK_NS

    def forget_listing(self) -> None:
        """Something went wrong: begin anew next time."""
        self.listed.clear()

    def _list(self, folders: Folders, reader: DropReader) -> None:
        listing = Listing(barred=reader.quota.crowded(now_ns=reader.looker.now_ns))
        self.listed.extend(listing.oldest(folders, MAX_LISTED))
        self._is_more = len(self.listed) == MAX_LISTED
        self._wait_ns = None
        # A million files of one who has had his share must not be counted again every second.
        self._listed_at_ns = reader.looker.now_ns
        self._rest_ns = listing.passed_by * PASSED_BY_NS

    def _outcomes(self, folders: Folders, reader: DropReader) -> Iterator[Outcome]:
        files = inline_bytes = 0
        most_files, self._most_files = self._most_files, min(2 * self._most_files, MAX_FILES)
        for looks in range(min(MAX_LOOKS, len(self.listed))):
            if files and looks >= LOOKS_EACH * most_files:
                return
            found = self.listed.popleft()
            try:
                descriptor = folders.descriptor(found.account)
            except OSError:
                # The sub-folder is gone since the listing.
                continue
            outcome = reader.read(descriptor, found)
            if isinstance(outcome, NotYet | Crowded):
                self._wait_ns = outcome.wait_ns if self._wait_ns is None else min(self._wait_ns, outcome.wait_ns)
            if not isinstance(outcome, NotYet | Gone):
                yield outcome
            if isinstance(outcome, Copied):
                files += 1
                body = outcome.arrival.body
                inline_bytes += len(outcome.arrival.head) + (0 if isinstance(body, FileBody) else len(body.data))
                if files >= most_files or inline_bytes >= MAX_BYTES:
                    return

    def _next_wait_ns(self, *, is_fresh: bool, has_moved: bool) -> int | None:
        # What was dropped since an earlier call's listing is not in it, and its event is spent.
        if self.listed or not is_fresh or (self._is_more and has_moved):
            return 0
        return self._wait_ns
