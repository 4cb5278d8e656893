"""`maild lsp` as a process, once, and what it says where it cannot be one."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from maild.cli.lsp.command import import_server
from maild.cli.main import maild
from maild.errors import UsageError
from tests.rules.examine import GOOD


def framed(**message: Any) -> bytes:  # noqa: ANN401 -- JSON
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def messages(output: bytes) -> list[Mapping[str, Any]]:
    found = []
    while output:
        head, _, rest = output.partition(b"\r\n\r\n")
        length = int(head.split(b"\r\n")[0].partition(b":")[2])
        found.append(json.loads(rest[:length]))
        output = rest[length:]
    return found


def test_an_editor_starts_it_asks_and_ends_it(tmp_path: Path) -> None:
    uri = (tmp_path / "accounts" / "a.yaml").as_uri()
    text = GOOD.replace("smtp.gmail.com, port: 465", "mail.example.com, port: 25")
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    spoken = [
        framed(id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}}),
        framed(method="initialized", params={}),
        framed(method="textDocument/didOpen", params={"textDocument": document}),
        framed(id=2, method="shutdown"),
        framed(method="exit"),
    ]

    done = subprocess.run(
        [sys.executable, "-m", "maild", "lsp", "--stdio", "--no-secrets"],
        input=b"".join(spoken),
        capture_output=True,
        check=False,
        timeout=50,
    )

    hello, published, goodbye = messages(done.stdout)
    assert (done.returncode, done.stderr) == (0, b"")
    assert hello["result"]["serverInfo"]["name"] == "maild"
    assert [one["code"] for one in published["params"]["diagnostics"]] == ["ML301"]
    assert goodbye["result"] is None


def missing(name: str) -> ModuleType:
    raise ModuleNotFoundError(f"No module named {name!r}", name="pygls.lsp")


def test_without_pygls_it_says_how_to_get_it() -> None:
    with pytest.raises(
        UsageError, match=r"needs pygls, which is not installed. Install it with: .* pip install 'pygls"
    ):
        import_server(missing)


def test_another_missing_module_is_a_mistake_of_ours() -> None:
    def lost(name: str) -> ModuleType:
        raise ModuleNotFoundError(f"No module named {name!r}", name="maild.nothing")

    with pytest.raises(ModuleNotFoundError):
        import_server(lost)


def test_no_other_command_pays_for_it() -> None:
    command = maild.get_command(maild.make_context("maild", ["rules"]), "lsp")

    assert command is not None
    assert command.name == "lsp"
