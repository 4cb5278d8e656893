"""A real Prometheus of our own on loopback, with the rules that we ship, scraping one daemon every half second.

Needs the Debian package prometheus; its own service need not run. Where it is missing, tests that ask for it are
skipped and say so.
"""

import json
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

START_S: Final = 30.0

_CONFIG: Final = """\
global: {{scrape_interval: 500ms, evaluation_interval: 500ms}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: maild
    static_configs: [{{targets: ["{target}"]}}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prometheus:
    """A running Prometheus."""

    address: str

    def ask(self, path: str, **parameters: str) -> Any:  # noqa: ANN401 -- JSON of many shapes
        """The data of an answer of its HTTP API."""
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]

    def until_scraped(self) -> None:
        """Wait until the target was scraped well."""
        wait(lambda: [one["health"] for one in self.ask("targets")["activeTargets"]] == ["up"])


def wait(condition: Any) -> None:  # noqa: ANN401 -- any question
    """Wait until a process of its own has come so far: there is nothing better than to look again."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("Prometheus did not get there in time")


@contextmanager
def prometheus(folder: Path, target: str, rules: Path) -> Iterator[Prometheus]:
    """Start it, with its data in `folder`, and end it by its process."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("Prometheus is not installed (Debian: prometheus)")
    folder.mkdir()
    (folder / "prometheus.yml").write_text(_CONFIG.format(rules=rules, target=target))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={address}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            running = Prometheus(address=address)
            wait(lambda: running.ask("status/buildinfo"))
            yield running
        finally:
            process.terminate()
            process.wait(20)
