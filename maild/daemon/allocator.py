"""Keeps glibc's memory allocator from holding on to what the daemon does not need. Shell code.

glibc gives each of many threads an area of its own, eight for each processor, and hands back to the system only what
lies at the end of one. A daemon with thirty-two helper threads, of which one runs at a time, pays for that with memory
that nobody uses. Other C libraries have neither function, and then nothing is done (mallopt(3), malloc_trim(3)).
"""

import ctypes
from typing import Final

_M_ARENA_MAX: Final = -8
_ARENAS: Final = 2


def use_few_areas() -> bool:
    """Before there are threads; whether it could be done."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    return set_option is not None and bool(set_option(_M_ARENA_MAX, _ARENAS))


def give_back() -> bool:
    """Hand back what is free, such as what the start has used; whether it could be done. Takes milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        return False
    trim(0)
    return True
