"""Every block of README.md and CONTRIBUTING.md is what it seems to be; `tests/peers/test_readme.py` runs commands."""

import configparser
import contextlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import yaml

from maild.cli.main import maild
from maild.cli.sendmail_flags import Mode, parse_flags
from tests.rules.examine import codes, examine

ROOT: Final = Path(__file__).parent.parent
DEFAULT_PORT: Final = "127.0.0.1:9725"

OTHERS: Final = frozenset(
    {"cp", "editor", "for", "install", "ln", "openssl", "pip", "python3", "systemctl", "tee"}
    | {"systemd-sysusers", "systemd-tmpfiles"}
)
"""Programs of the system that the blocks call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block."""

    language: str
    text: str
    line: int


def blocks(language: str | None = None) -> list[Block]:
    found = [block for name in ("README.md", "CONTRIBUTING.md") for block in blocks_of((ROOT / name).read_text())]
    return [block for block in found if language is None or block.language == language]


def blocks_of(text: str) -> Iterator[Block]:
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield Block(language=match[1], text=match[2], line=text.count("\n", 0, match.start()) + 1)


def command_lines() -> Iterator[list[str]]:
    """The words of every line of a shell block, without what is behind a pipe or a redirection."""
    for block in blocks("sh"):
        for line in block.text.splitlines():
            for part in re.split(r"\|\||&&|[|;]", line.partition("  #")[0]):
                words = [word for word in shlex.split(re.sub(r"\d?[<>]+ *\S+", "", part)) if word != "exec"]
                if words:
                    yield words


def test_there_are_blocks_of_these_languages_alone() -> None:
    assert {block.language for block in blocks()} == {"yaml", "sh", "text", "json", "jsonc", "ini", "crontab"}


def test_every_account_is_right() -> None:
    accounts = [block for block in blocks("yaml") if block.text.lstrip().startswith(("protocol:", "# yaml-language"))]
    right = [block for block in accounts if "usrname" not in block.text]

    assert len(right) == len(accounts) - 1 == 4
    for block in right:
        # What the block does not show stands beside it: a certificate's file.
        found = set(codes(examine(block.text))) - {"ML217"}
        assert found == set(), block.line


def test_every_other_yaml_is_what_its_reader_takes() -> None:
    others = [yaml.safe_load(block.text) for block in blocks("yaml")]
    (prometheus,) = [other for other in others if "scrape_configs" in other]
    hooks = [
        hook["id"] for other in others if isinstance(other, list) for repo in other for hook in repo.get("hooks", ())
    ]
    steps = [step["run"] for other in others if isinstance(other, list) for step in other if "run" in step]

    assert prometheus["scrape_configs"][0]["static_configs"] == [{"targets": [DEFAULT_PORT]}]
    assert [(ROOT / "configs" / "monitoring" / name).is_file() for name in prometheus["rule_files"]] == [True]
    assert set(hooks) <= {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    for step in steps:
        accept(shlex.split(step))
    assert len(steps) == 2


def accept(words: list[str]) -> None:
    """Fails when maild does not know such a command line."""
    program, *arguments = words
    match program:
        case "maild-sendmail":
            assert parse_flags(arguments).mode is Mode.SEND
        case "maild":
            name = "maild"
            command: click.Command = maild
            context = click.Context(maild)
            while isinstance(command, click.Group):
                name, *arguments = arguments
                inner = command.get_command(context, name)
                assert inner is not None, words
                command = inner
            # Files that the reader has are not here.
            command.make_context(name, arguments, resilient_parsing=False, parent=None)
        case _:
            raise AssertionError(words)


def test_every_command_is_one_that_there_is(tmp_path: Path) -> None:
    (tmp_path / "invoice.pdf").write_bytes(b"%PDF")
    known = 0

    with contextlib.chdir(tmp_path):
        for line in command_lines():
            words = [word.rpartition("/")[2] if at == 0 else word for at, word in enumerate(without_prefix(line))]
            if words and words[0].startswith("maild"):
                accept(words)
                known += 1
            elif words:
                assert words[0] in OTHERS, line
    assert known >= 9


def without_prefix(words: list[str]) -> list[str]:
    """Without what is the shell's own."""
    while words and words[0] in {"sudo", "do", "done"}:
        words = words[1:]
    return words


def test_php_s_setting_calls_what_takes_it() -> None:
    (block,) = blocks("ini")
    parser = configparser.ConfigParser()
    parser.read_string(f"[php]\n{block.text}")
    program, *arguments = shlex.split(parser["php"]["sendmail_path"].strip('"'))

    assert program == "/usr/bin/maild-sendmail"
    flags = parse_flags(arguments)
    assert (flags.mode, flags.reads_headers, flags.dot_ends) == (Mode.SEND, True, False)
