"""A hint: something changed below a watched folder, and perhaps which files. It travels from a thread to the loop.

Shell code. Many events between two turns of the event loop are one hint. What a hint names is a help for looking there
first; what it does not name may have changed all the same.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What was noticed since the last hint.

    Attributes:
        placed: the files that were seen being renamed into place.
        touched: every file that was seen changing, coming or going, by its real folder; None: it may have been more,
            because a folder changed or too many files did.
        has_lost: events were dropped by the kernel, so `touched` is None.
        has_folder: a folder came, went or was renamed, so `touched` is None.
    """

    placed: tuple[Path, ...] = ()
    touched: frozenset[Path] | None = None
    has_lost: bool = False
    has_folder: bool = False


OnHint: TypeAlias = Callable[[Hint], None]
"""Called on the event loop."""

MAX_PLACED: Final = 10_000
"""So many renamed files are named in one hint at most; the rescan finds the others without being told."""

MAX_TOUCHED: Final = 200
"""More touched files than this are not named one by one: looking at all of them is no dearer then."""


class HintSender:
    """Carries hints from watchdog's threads to the loop; many events between two turns of the loop are one hint."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_hint: OnHint) -> None:
        self._loop = loop
        self._on_hint = on_hint
        self._lock = Lock()
        self._is_on_its_way = False
        self._placed: list[Path] = []
        self._touched: set[Path] | None = set()
        self._has_lost = self._has_folder = False

    def touch(self, *paths: Path, placed: Path | None = None) -> None:
        """These files changed, came or went; the last was renamed into place."""
        with self._lock:
            if placed is not None and len(self._placed) < MAX_PLACED:
                self._placed.append(placed)
            if self._touched is not None:
                self._touched.update(paths)
                if len(self._touched) > MAX_TOUCHED:
                    self._touched = None
        self._send()

    def arrive(self, path: Path, is_placed: bool) -> None:  # noqa: FBT001 -- as `OnArrival` has it
        """This file came, perhaps by being renamed into place."""
        self.touch(path, placed=path if is_placed else None)

    def stir(self) -> None:
        """A folder changed, and so anything may have."""
        with self._lock:
            self._touched, self._has_folder = None, True
        self._send()

    def lose(self) -> None:
        """Events were dropped."""
        with self._lock:
            self._touched, self._has_lost = None, True
        self._send()

    def _send(self) -> None:
        with self._lock:
            if self._is_on_its_way:
                return
            self._is_on_its_way = True
        try:
            self._loop.call_soon_threadsafe(self._arrive)
        except RuntimeError:
            # The loop is closed: the program ends and nobody wants hints any more.
            return

    def _arrive(self) -> None:
        with self._lock:
            self._is_on_its_way = False
            touched = None if self._touched is None else frozenset(self._touched)
            hint = Hint(
                placed=tuple(self._placed), touched=touched, has_lost=self._has_lost, has_folder=self._has_folder
            )
            self._placed, self._touched, self._has_lost, self._has_folder = [], set(), False, False
        self._on_hint(hint)
