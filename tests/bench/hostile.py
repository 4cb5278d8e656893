"""How long `maild check` takes over files that were made to hurt it: each of about one MiB, in a process of its own.

    .venv/bin/python -m tests.bench.hostile [--rounds 3] [--only WORD]

For every case: wall time, CPU time and peak memory (medians), how many diagnostics there are, and the first of them.
A case over a second or over 100 MB is marked, and makes the exit status 1. The load stands above the table: with
somebody else on the processors, the wall times are not ours alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.process import Cost, compare, environment, program

ROOT: Final = Path(__file__).resolve().parents[2]
MAX_WALL_S: Final = 1.0
MAX_PEAK_MIB: Final = 100e6 / 2**20

_SUMMARY: Final = """
import json, sys
found = [json.loads(line) for line in sys.stdin]
print(len(found), *(f"{one['code']} {one['message'][:70]!r}" for one in found[:1]))
"""


def answer(argv: list[str], folder: Path) -> str:
    """How many diagnostics there are, and the first; read by a process of its own, since they may be many."""
    check = subprocess.Popen([*argv, "--format", "jsonl"], cwd=folder, env=environment(), stdout=subprocess.PIPE)
    summary = subprocess.run(
        [sys.executable, "-c", _SUMMARY], stdin=check.stdout, capture_output=True, text=True, check=True
    )
    status = check.wait()
    return summary.stdout.strip() if status in {0, 1} else f"exit status {status}"


def row(name: str, cost: Cost, said: str) -> str:
    """One line of the table."""
    is_over = cost.wall_s > MAX_WALL_S or cost.peak_mib > MAX_PEAK_MIB
    figures = f"{cost.wall_s:6.2f} s {cost.cpu_s:6.2f} s cpu {cost.peak_mib:4.0f} MiB"
    return f"{'OVER' if is_over else '    '} {name:36} {figures}  {said}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="the cases with this word in their names")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    is_over = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        written = subprocess.run(
            [sys.executable, "-m", "tests.bench.hostile_files", scratch], cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
        for name, path in json.loads(written.stdout).items():
            if options.only in name:
                argv = [program("maild"), "check", "--no-secrets", path]
                cost = compare({name: argv}, folder=folder, rounds=options.rounds)[name]
                line = row(name, cost, answer(argv, folder))
                is_over |= line.startswith("OVER")
                print(line, flush=True)
    return int(is_over)


if __name__ == "__main__":
    sys.exit(main())
