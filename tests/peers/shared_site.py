"""Hosts of a site with one queue, each a real daemon with a spool and a configuration of its own, and one sink."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner

from maild.cli.main import maild
from maild.spool.drop.write import write_drop
from maild.spool.layout import Layout, make_folders
from tests.peers.postgres import PASSWORD, Postgres

PATIENCE_S: Final = 90.0


@dataclass(frozen=True, slots=True)
class SharedSite:
    """All of it lies in `folder`, a host in a folder of its name."""

    database: Postgres
    folder: Path
    sink: int

    def host(self, name: str, *, is_shared: bool = True, account: str = "") -> Path:
        """The configuration of a host, whose daemon need not run."""
        config = self.folder / name
        (config / "accounts").mkdir(parents=True, exist_ok=True)
        (config / "queue.password").write_text(PASSWORD)
        (config / "queue.password").chmod(0o600)
        smtp = {"host": "localhost", "port": self.sink, "tls": {"mode": "none"}, "auth": "none"}
        written = {"protocol": "smtp", "email": "billing@shop.example", "smtp": smtp}
        (config / "accounts" / "billing.yaml").write_text(account or json.dumps(written))
        queue = {"queue": self.database.uri, "password": {"file": "queue.password"}} if is_shared else {}
        site = {"spool": {"path": "spool", **queue}, "web": {"listen": []}}
        (config / "maild.yaml").write_text(json.dumps(site))
        make_folders(Layout(config / "spool"))
        return config

    def drop(self, name: str, count: int) -> list[str]:
        """Drop messages at a host, each for a recipient of its own; returns their names."""
        layout = Layout(self.folder / name / "spool")
        text = (
            "From: billing@shop.example\r\nTo: {name}-{number}@customer.example\r\nSubject: {number}\r\n\r\nHello.\r\n"
        )
        return [write_drop(layout, text.format(name=name, number=number).encode()) for number in range(count)]

    def state(self, name: str, drop: str) -> str:
        """What the receipt of a drop says; empty where there is none."""
        try:
            receipt = json.loads(Layout(self.folder / name / "spool").receipt(drop).read_text())
        except FileNotFoundError:
            return ""
        return str(receipt["state"])

    def states(self, name: str, drops: list[str]) -> set[str]:
        """What the receipts of these drops say."""
        return {self.state(name, drop) for drop in drops}

    def command(self, name: str, *words: str) -> str:
        """What `maild …` says at a host."""
        done = CliRunner().invoke(maild, [*words, "--config", str(self.folder / name)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def listed(self, name: str, *words: str) -> list[dict[str, Any]]:
        """What `maild queue list` says at a host."""
        return [json.loads(line) for line in self.command(name, "queue", "list", "--json", *words).splitlines()]


def until(what: Callable[[], bool], why: Callable[[], object]) -> None:
    """Wait for it, with patience: a machine may stand still for ten seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)
