"""Runs a command several times as a whole process and gives the medians of wall time, CPU time and peak memory.

Machines that are shared are noisy: quote medians and ratios of commands that ran in turn, not single figures.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run cost: seconds of wall time, seconds of CPU time (user and system), MiB of memory at its peak."""

    wall_s: float
    cpu_s: float
    peak_mib: float

    def __str__(self) -> str:
        return f"{self.wall_s * 1000:8.0f} ms wall  {self.cpu_s * 1000:8.0f} ms cpu  {self.peak_mib:6.0f} MiB"


def run_once(argv: Sequence[str], *, folder: Path) -> Cost:
    """One run of a command with its output thrown away; its exit status is not looked at."""
    started = time.perf_counter()
    process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    process.returncode = 0
    return Cost(wall_s=wall_s, cpu_s=usage.ru_utime + usage.ru_stime, peak_mib=usage.ru_maxrss / 1024)


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
