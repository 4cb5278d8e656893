"""A clock for another process that can be set while that runs, as an administrator or an NTP client sets a machine's.

What tells the time of day is replaced by a few lines of C that stand before the C library's; how time goes by, what
sleeps and what waits stays as it is, which `libfaketime` does not leave alone. Needs a C compiler.
"""

import shutil
import struct
import subprocess
from pathlib import Path
from typing import Final

_SOURCE: Final = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static volatile long long *skew_s;

__attribute__((constructor)) static void look(void)
{
    int file = open(getenv("SKEW_FILE"), O_RDONLY);
    void *seen = mmap(0, sizeof *skew_s, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0 && seen != MAP_FAILED)
        skew_s = seen;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (!result && skew_s && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += *skew_s;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now)
{
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now)
        *now = exact.tv_sec;
    return exact.tv_sec;
}
"""


def has_compiler() -> bool:
    """Whether there can be such a clock here."""
    return shutil.which("cc") is not None


class SkewedClock:
    """See above; its files are in a folder of the caller's. It begins right."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "skew"
        self._library = folder / "skew.so"
        self.set(0)
        source = folder / "skew.c"
        source.write_text(_SOURCE)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self._library, source, "-ldl"], check=True)

    def environ(self) -> dict[str, str]:
        """A process that is started with these variables lives by this clock."""
        return {"LD_PRELOAD": str(self._library), "SKEW_FILE": str(self._file)}

    def set(self, seconds: int) -> None:
        """So many seconds from what it really is, from now on."""
        # In place, for whoever lives by it has looked into this very file.
        self._file.touch()
        with self._file.open("r+b") as file:
            file.write(struct.pack("q", seconds))
