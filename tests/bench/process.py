"""Runs a command several times as a whole process and gives the medians of wall time, CPU time and peak memory.

Machines that are shared are noisy: quote medians and ratios of commands that ran in turn, not single figures.

A process begins with the peak memory of the one that started it, so each command is started by a small one in between.
Python keeps what it compiled, as it does for a user, in a folder of the benchmark's own if the machine wants it so.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

_STARTER: Final = """
import json, os, sys, time
nothing = os.open(os.devnull, os.O_RDWR)
actions = [(os.POSIX_SPAWN_DUP2, nothing, number) for number in (0, 1, 2)]
started = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_, _, usage = os.wait4(process, 0)
print(json.dumps([time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run cost: seconds of wall time, seconds of CPU time (user and system), MiB of memory at its peak."""

    wall_s: float
    cpu_s: float
    peak_mib: float

    def __str__(self) -> str:
        return f"{self.wall_s * 1000:8.0f} ms wall  {self.cpu_s * 1000:8.0f} ms cpu  {self.peak_mib:6.0f} MiB"


def environment() -> dict[str, str]:
    """This process's, in which Python keeps what it compiled: an installed program is compiled once, not each time."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if len(kept) < len(os.environ):
        # The checkout is to stay without such files.
        kept.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / f"maild-bench-{os.getuid()}"))
    return kept


def run_once(argv: Sequence[str], *, folder: Path) -> Cost:
    """One run of a command with its output thrown away; its exit status is not looked at."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _STARTER, *argv],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
    )
    wall_s, cpu_s, peak_mib = json.loads(done.stdout)
    return Cost(wall_s=wall_s, cpu_s=cpu_s, peak_mib=peak_mib)


def compare(commands: Mapping[str, Sequence[str]], *, folder: Path, rounds: int) -> dict[str, Cost]:
    """The median cost of each command; they run in turn, A B C A B C, after one round that is not counted."""
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for round_number in range(rounds + 1):
        for name, argv in commands.items():
            cost = run_once(argv, folder=folder)
            if round_number > 0:
                runs[name].append(cost)
    return {
        name: Cost(
            wall_s=median(cost.wall_s for cost in costs),
            cpu_s=median(cost.cpu_s for cost in costs),
            peak_mib=median(cost.peak_mib for cost in costs),
        )
        for name, costs in runs.items()
    }


def program(name: str) -> str:
    """The path of a program that was installed beside this Python."""
    return str(Path(sys.executable).parent / name)
