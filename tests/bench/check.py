"""How fast `maild check` is, beside check-jsonschema and yamllint on the same files, and beside bare imports.

    .venv/bin/python -m tests.bench.check [--files 1 100 1000 10000] [--rounds 5] [--tools FOLDER]

The other two are installed in an environment of their own, which is thrown away afterwards; with --tools it is kept
there and used again. Wall times are medians of runs in turn, all rules on; the load stands above the table. What is
over one of these limits is marked, and makes the exit status 1:

    1,000 files     at most half of check-jsonschema's time
    each file       as much of 10,000 as of 100, give or take a quarter
    one file, cold  at most 2.5 times `python -c "import yaml, jsonschema"`
"""

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench.process import Cost, compare, program

ROOT: Final = Path(__file__).resolve().parents[2]
TOOLS: Final = ("check-jsonschema==0.39.0", "yamllint==1.38.0")

MOST_OF_OTHER: Final = 0.5
MOST_DRIFT: Final = 1.25
MOST_OF_IMPORTS: Final = 2.5

ACCOUNT: Final = """\
# The account of shop {number}
version: 1
protocol: smtp
smtp:
  host: smtp.gmail.com
  port: 465
  tls: {{mode: implicit, verify: true}}
  auth: plain
username: billing{number}@shop.example
password: {{file: /run/credentials/maild/billing{number}}}
reply_to: office{number}@shop.example
name: Shop {number}
copy_to: archive@shop.example
limits: {{per_minute: 30, per_day: 1000, connections: 2}}
"""


def write_accounts(folder: Path, count: int) -> Path:
    """A configuration folder with so many valid accounts."""
    accounts = folder / str(count) / "accounts"
    accounts.mkdir(parents=True)
    for number in range(count):
        (accounts / f"shop{number:05d}.yaml").write_text(ACCOUNT.format(number=number))
    (folder / str(count) / "maild.yaml").write_text("version: 1\ndefault_account: shop00000\n")
    return folder / str(count)


def install_tools(folder: Path) -> Path:
    """The programs of an environment with the other two in it."""
    programs = folder / "bin"
    if not (programs / "yamllint").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *TOOLS], check=True)
    return programs


def commands(folder: Path, tools: Path) -> Mapping[str, Sequence[str]]:
    """What is run on one folder, by the name of the program."""
    files = [path.relative_to(folder).as_posix() for path in sorted((folder / "accounts").iterdir())]
    schema = str(ROOT / "schemas" / "account.schema.json")
    return {
        "maild": [program("maild"), "check", "--no-secrets", files[0] if len(files) == 1 else "."],
        "check-jsonschema": [str(tools / "check-jsonschema"), "--schemafile", schema, *files],
        "yamllint": [str(tools / "yamllint"), "-d", "relaxed", *files],
    }


def measure(options: argparse.Namespace, scratch: Path, tools: Path) -> dict[int, dict[str, Cost]]:
    """The costs by the number of files and the program; the bare imports run beside the single file."""
    costs: dict[int, dict[str, Cost]] = {}
    for count in sorted(options.files):
        folder = write_accounts(scratch, count)
        run = dict(commands(folder, tools))
        if count == 1:
            run["import yaml, jsonschema"] = [sys.executable, "-c", "import yaml, jsonschema"]
        # Ten thousand files take check-jsonschema minutes.
        rounds = options.rounds if count <= 1000 else min(options.rounds, 2)
        costs[count] = compare(run, folder=folder, rounds=rounds)
        for name, cost in costs[count].items():
            print(f"{count:6} {name:24} {cost}", flush=True)
    return costs


def verdicts(costs: Mapping[int, Mapping[str, Cost]]) -> list[tuple[bool, str]]:
    """Each limit that was measured: whether it is held, and in words."""
    found: list[tuple[bool, str]] = []
    if 1000 in costs:
        ratio = costs[1000]["maild"].wall_s / costs[1000]["check-jsonschema"].wall_s
        found.append((ratio <= MOST_OF_OTHER, f"1,000 files: {ratio:.2f} of check-jsonschema"))
    if {1, 100, 10000} <= costs.keys():
        start_s = costs[1]["maild"].wall_s
        few, many = ((costs[count]["maild"].wall_s - start_s) / (count - 1) for count in (100, 10000))
        words = f"each file: {few * 1e6:.0f} us of 100, {many * 1e6:.0f} us of 10,000"
        found.append((many <= few * MOST_DRIFT, words))
    if 1 in costs:
        ratio = costs[1]["maild"].wall_s / costs[1]["import yaml, jsonschema"].wall_s
        found.append((ratio <= MOST_OF_IMPORTS, f"one file, cold: {ratio:.2f} of the bare imports"))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="+", default=[1, 100, 1000, 10000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tools", type=Path, help="where the other two are, or shall be, installed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tools = install_tools((options.tools or Path(scratch) / "tools").absolute())
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        found = verdicts(measure(options, Path(scratch), tools))
    for is_held, words in found:
        print(f"{'    ' if is_held else 'OVER'} {words}")
    return int(not all(is_held for is_held, _ in found))


if __name__ == "__main__":
    sys.exit(main())
