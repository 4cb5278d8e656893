"""Keeps the folders of the spool apart on the disk, where the file system (ext4) would put them into one place.

ext4 keeps the files of a folder near the folder, and a new folder near its parent. Where many files of one place were
deleted a moment ago, as taken drops are, it searches long for a number for a new file, since those of deleted ones are
left alone for a while: a receipt then takes half a millisecond to make, twenty times of what it should. A folder that
is marked as the top of unrelated ones (ext4(5): "T" of chattr(1)) has its sub-folders spread over the disk.

Shell code. It is a hint: where the file system knows no such mark, nothing happens.
"""

import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

_GET_FLAGS: Final = 0x80086601
_SET_FLAGS: Final = 0x40086602
"""FS_IOC_GETFLAGS and FS_IOC_SETFLAGS of 64-bit Linux (linux/fs.h); elsewhere they are no requests of anything."""

_TOP: Final = 0x00020000
"""FS_TOPDIR_FL."""

_WORD: Final = struct.Struct("=i4x")
"""The kernel reads and writes an int, whatever the request's number says."""


def keep_apart(folder: Path) -> None:
    """Have the sub-folders that will be made in a folder put in places of their own."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            (flags,) = _WORD.unpack(fcntl.ioctl(descriptor, _GET_FLAGS, _WORD.pack(0)))
            fcntl.ioctl(descriptor, _SET_FLAGS, _WORD.pack(flags | _TOP))
        finally:
            os.close(descriptor)
