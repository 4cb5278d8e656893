"""The house keeps its own rules: what no linter checks, this does."""

import ast
import fnmatch
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema

from maild.config.resources import schema_text
from maild.observe.catalogue import METRICS

ROOT: Final = Path(__file__).parent.parent
MAX_LINES: Final = 300
SOURCES: Final = sorted((ROOT / "maild").rglob("*.py"))
DRAWERS: Final = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "handler", "service"}
)
OUTSIDE: Final = frozenset({"click", "ctypes", "importlib", "sys"})
"""Beside what the import contract forbids: these look at the process or its command line."""
FILE_METHODS: Final = re.compile(
    r"cwd|exists|r?glob|home|is_(?:dir|file)|iterdir|l?stat|mkdir|open|(?:read|write)_(?:bytes|text)|scandir|unlink"
)
COMMANDS: Final = (
    "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/maild demo",
    "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest",
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def contracts() -> list[dict[str, Any]]:
    found = settings()["tool"]["importlinter"]["contracts"]
    assert isinstance(found, list)
    return found


def readme_block(language: str, beginning: str) -> str:
    """The fenced block of README.md in this language that begins like this."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (found,) = [block for block in blocks if block.startswith(beginning)]
    assert isinstance(found, str)
    return found


def test_a_file_opens_with_what_it_is_for() -> None:
    assert [name(path) for path in SOURCES if not re.match(r'r?"""\S', path.read_text())] == []


def test_a_file_is_about_one_thing_and_hence_short() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in SOURCES}

    assert {file: length for file, length in lengths.items() if length > MAX_LINES} == {}


def test_a_file_is_named_after_its_noun() -> None:
    assert [name(path) for path in SOURCES if path.stem in DRAWERS] == []


@cache
def outside_modules() -> frozenset[str]:
    forbidden = next(contract["forbidden_modules"] for contract in contracts() if contract["id"] == "core")
    return OUTSIDE.union(forbidden)


def looks_outside(path: Path) -> bool:
    """Whether a file waits, asks the machine or touches files: a shell. Everything else computes: the core."""
    modules = outside_modules()
    may_look = re.compile(
        rf"\bawait\b|^\s*(?:import|from)\b.*\b(?:{'|'.join(modules)})\b|\.(?:{FILE_METHODS.pattern})\s*\(", re.MULTILINE
    )
    text = path.read_text()
    if may_look.search(text) is None:
        return False  # most of the core: to walk through its trees takes seconds
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ImportFrom(module="importlib", names=[ast.alias(name="import_module")]):
                # A catalogue that imports its own entries when they are needed.
                continue
            case ast.Await():
                return True
            case ast.Import(names=names) if any(one.name.partition(".")[0] in modules for one in names):
                return True
            case ast.ImportFrom(module=str(origin)) if origin.partition(".")[0] in modules:
                return True
            case ast.Call(func=ast.Attribute(attr=method)) if FILE_METHODS.fullmatch(method):
                return True
    return False


def test_every_file_that_computes_is_held_to_it_and_covered() -> None:
    """The two lists in pyproject.toml are exactly the files that look at nothing outside."""
    modules = next(contract["source_modules"] for contract in contracts() if contract["id"] == "core")
    globs = settings()["tool"]["coverage"]["report"]["include"]
    files = [path for path in SOURCES if path.name != "__init__.py"]
    core = {name(path) for path in files if not looks_outside(path)}

    within = re.compile("|".join(rf"{re.escape(one)}(?:\..*)?" for one in modules))
    counted = re.compile("|".join(fnmatch.translate(glob) for glob in globs))
    held = {name(path) for path in files if within.fullmatch(module(path))}
    covered = {name(path) for path in files if counted.match(name(path))}

    assert sorted(held ^ core) == []
    assert sorted(covered ^ core) == []


def test_the_readme_has_the_two_commands_as_they_are_run() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()

    assert tuple(line.strip() for line in lines if line.strip().startswith("python3 -m venv")) == COMMANDS


def test_the_readme_names_credentials_where_systemd_puts_those_of_our_unit() -> None:
    folders = set(re.findall(r"/run/credentials/([^/]+)/", (ROOT / "README.md").read_text()))

    assert folders == {"maild.service"}


def check(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "maild", "check", "--no-secrets", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_readme_s_account_is_right(tmp_path: Path) -> None:
    (tmp_path / "billing.yaml").write_text(readme_block("yaml", "# yaml-language-server"))

    done = check("billing.yaml", cwd=tmp_path)

    assert done.stdout == "1 file checked, nothing to report\n"


def test_the_readme_shows_what_check_really_says(tmp_path: Path) -> None:
    accounts = tmp_path / "configs" / "accounts"
    accounts.mkdir(parents=True)
    (accounts / "billing.yaml").write_text(readme_block("yaml", "protocol: smtp\nsmtp:\n  host: smtp.gmail.com:465\n"))

    done = check(cwd=tmp_path)

    assert done.stdout == readme_block("text", "error[")


def test_the_readme_s_receipt_is_one() -> None:
    receipt = json.loads(readme_block("json", "{"))

    jsonschema.Draft202012Validator(json.loads(schema_text("receipt"))).validate(receipt)


def test_the_readme_s_envelope_file_is_one() -> None:
    envelope = json.loads(readme_block("jsonc", "{"))

    jsonschema.Draft202012Validator(json.loads(schema_text("envelope"))).validate(envelope)


def test_the_readme_s_metrics_exist() -> None:
    shown = re.findall(r"^(maild_\w+?)(?:_total)?[ {]", readme_block("text", "maild_"), re.MULTILINE)

    assert set(shown) - {metric.name for metric in METRICS} == set()


def test_the_configuration_that_we_ship_is_right() -> None:
    done = check("configs", "configs/examples", cwd=ROOT)

    assert done.returncode == 0, done.stdout


def test_nothing_is_left_to_be_done_later() -> None:
    """No marker of unfinished work, no feature that only pretends."""
    markers = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    found = [name(path) for path in SOURCES if markers.search(path.read_text())]

    assert found == []
