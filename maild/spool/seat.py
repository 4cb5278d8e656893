"""A seat beside the event loop: the processor on which a helper thread runs, which is the loop's own.

The loop and the threads that work for it take turns with the interpreter, thousands of times a second. Each turn that
goes to another processor wakes that one up and finds nothing in its caches: sending a message costs a quarter more
processor time like that, and is slower. So a helper sits down where the loop is at the moment that it is given work.
The loop itself goes where the system puts it, and the helpers follow with their next work; nothing is held fast.

Only for work that takes turns. What runs long in the database without the interpreter is better off elsewhere. Where
the system has no such calls, or forbids them, nobody sits anywhere.
"""

import ctypes
import os
from contextlib import suppress
from typing import Final


class Seat:
    """That of one helper thread."""

    def __init__(self) -> None:
        has_seats = hasattr(os, "sched_setaffinity")
        # Asked without letting go of the interpreter: the helper would take it, and keep it for a while.
        self._call: Final = getattr(ctypes.PyDLL(None), "sched_getcpu", None) if has_seats else None
        self._taken: int | None = None

    def beside_caller(self) -> int | None:
        """The processor on which this is called, in the loop's thread; None where that cannot be told."""
        if self._call is None:
            return None
        number = int(self._call())
        return None if number < 0 else number

    def take(self, processor: int | None) -> None:
        """Run there from now on, in the helper's thread; None: wherever the process may."""
        if processor == self._taken:
            return
        # Processors may be taken away from the process between two calls; then it stays where it is put.
        with suppress(OSError):
            os.sched_setaffinity(0, os.sched_getaffinity(os.getpid()) if processor is None else {processor})
            self._taken = processor
