"""How fast `maild check` is: one file in a cold process, and a thousand files, beside the bare import of its libraries.

    .venv/bin/python -m tests.bench.check [--files 1000] [--rounds 5]

Where check-jsonschema and yamllint are installed in the same environment, they check the same files in the same run.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.process import compare, program

ROOT = Path(__file__).resolve().parents[2]

ACCOUNT = """\
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


def write_accounts(folder: Path, count: int) -> None:
    """A configuration folder with so many valid accounts."""
    accounts = folder / "accounts"
    accounts.mkdir()
    for number in range(count):
        (accounts / f"shop{number:05d}.yaml").write_text(ACCOUNT.format(number=number))
    (folder / "maild.yaml").write_text("version: 1\ndefault_account: shop00000\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    maild = program("maild")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_accounts(folder, options.files)
        files = [str(path) for path in sorted((folder / "accounts").iterdir())]
        commands = {
            "python -c 'import yaml, jsonschema'": [sys.executable, "-c", "import yaml, jsonschema"],
            "maild check, 1 file": [maild, "check", "--no-secrets", files[0]],
            f"maild check, {options.files} files": [maild, "check", "--no-secrets", str(folder)],
        }
        schema = str(ROOT / "schemas" / "account.schema.json")
        if Path(program("check-jsonschema")).exists():
            commands[f"check-jsonschema, {options.files} files"] = [
                program("check-jsonschema"), "--schemafile", schema, *files
            ]  # fmt: skip
        if Path(program("yamllint")).exists():
            commands[f"yamllint, {options.files} files"] = [program("yamllint"), "-d", "relaxed", str(folder)]
        for name, cost in compare(commands, folder=folder, rounds=options.rounds).items():
            print(f"{name:40} {cost}")


if __name__ == "__main__":
    main()
