"""Secrets where nobody should put them, and every command that reads files: none of them is ever repeated.

One folder of many files, each with a secret in another place; each command is run once over all of them.
"""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.cli.main import main
from maild.diagnostics.render import RENDERERS
from tests.rules.examine import GOOD

PASSWORD = "hunter2-canary"
TOKEN = "SG." + "Canary2canary2canary2c" + "." + "q" * 43
HEAD = GOOD.replace("password: {env: SMTP_PASSWORD}\n", "")
HTTP = "protocol: http\nhttp: {url: https://a.example/x}\nreply_to: a@shop.test\nemail: a@shop.test\n"

INSTEAD_OF_THE_PASSWORD = (
    f"password: {PASSWORD}",
    f"password: &a {PASSWORD}",
    f"password: !{PASSWORD}",
    f"password: *{PASSWORD}",
    f"password: {{{PASSWORD}}}",
    f"password: [{PASSWORD}]",
    f"password: {{env: {PASSWORD}!}}",
    f"password: {{value: {PASSWORD}}}",
    f"password: {{command: [echo, {PASSWORD}]}}",
    f"password: |\n  {PASSWORD}",
    f"password:{PASSWORD}",
    f"password = {PASSWORD}",
    f"password: {PASSWORD}: x",
    f'password: "{PASSWORD}',
    f"password: @{PASSWORD}",
    f"\tpassword: {PASSWORD}",
    f"pasword: {PASSWORD}",
    f"smtp_pwd: {PASSWORD}",
    f"EMAIL_HOST_PASSWORD = '{PASSWORD}'",
    f"auth: {{user: a, pass: {PASSWORD}}}",
    f"password: {{env: A}}\npassword: {PASSWORD}",
)
BESIDE_IT = (
    f"# password: {PASSWORD}",
    f"# the old key was {TOKEN}",
    f"# maild: ignore {TOKEN} -- {TOKEN}",
    f"dsn: 'smtp://me:{PASSWORD}@mail.shop.test'",
    f"authorization: Bearer {PASSWORD}",
    f"{TOKEN}: x",
    f"name: [{TOKEN}",
    f"name: {TOKEN}\n  x: y",
    *(
        f"{key}: {value}"
        for key in ("version", "email", "reply_to", "name", "copy_to", "limits", "delivery", "enabled", "colour")
        for value in (TOKEN, f"[{TOKEN}]", f"{{{TOKEN}: x}}", f"a@{TOKEN}")
    ),
)
FILES = (
    *(f"{HEAD}{line}\n" for line in INSTEAD_OF_THE_PASSWORD),
    *(f"{GOOD}{line}\n" for line in BESIDE_IT),
    GOOD.replace("smtp.gmail.com", f'"smtps://me:{PASSWORD}@smtp.gmail.com"'),
    *(GOOD.replace("port: 465", f"port: 465, {key}: {TOKEN}") for key in ("auth", "timeout", "prot", "tls")),
    *(
        HTTP.replace("https://a.example/x", f"{start}{PASSWORD}")
        for start in ("http://a.example/?k=", "ftp://a.example/#")
    ),
    HTTP.replace("https://a.example/x", f"https://me:{PASSWORD}@a.example/x"),
    GOOD.replace("username", f"# password: {PASSWORD}\nusrname"),
)
SITE = f"""\
default_account: {TOKEN}
routes: [{{match: {{from: "{TOKEN}", header: {{{TOKEN}: {TOKEN}}}}}, accounts: [{TOKEN}]}}]
lint: {{severity: {{{TOKEN}: error}}, ignore: [{TOKEN}]}}
web: {{listen: {TOKEN}, password: {PASSWORD}}}
dns: {{resolvers: [{TOKEN}]}}
"""


def call(*arguments: str, stdin: bytes = b"") -> str:
    """All that the program says."""
    said, typed = io.BytesIO(), sys.stdin
    stream = io.TextIOWrapper(said, encoding="utf-8", write_through=True)
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
            status = main(arguments)
    finally:
        sys.stdin = typed
    text = said.getvalue().decode()
    assert status in {0, 1, 2, 78}, text
    return text


def is_told(text: str) -> bool:
    return "canary" in text.lower().replace("test_canaries", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    top = tmp_path_factory.mktemp("secrets")
    accounts = top / "configs" / "accounts"
    accounts.mkdir(parents=True)
    for number, text in enumerate(FILES):
        (accounts / f"a{number:02}.yaml").write_text(text, encoding="utf-8")
    (top / "clean" / "accounts").mkdir(parents=True)
    (top / "clean" / "accounts" / "a00.yaml").write_text(GOOD)
    with contextlib.chdir(top):
        yield top


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_format_of_check_tells_a_secret(form: str, folder: Path) -> None:
    del folder
    text = call("check", "configs", "--format", form)
    assert "ML501" in text
    assert not is_told(text)


@pytest.mark.parametrize("form", RENDERERS)
def test_nor_of_maild_yaml(form: str, folder: Path) -> None:
    del folder
    text = call("check", "-", "--stdin-filename", "clean/maild.yaml", "--format", form, stdin=SITE.encode())
    assert "ML502" in text
    assert not is_told(text)


def test_neither_does_a_baseline_nor_the_diff_of_fixes(folder: Path) -> None:
    assert not is_told(call("check", "configs", "--baseline", "base.json", "--write-baseline"))
    assert not is_told((folder / "base.json").read_text())
    text = call("check", "configs", "--diff", "--unsafe-fixes")
    assert "+++ b/configs/accounts/" in text
    assert not is_told(text)


@pytest.mark.parametrize("arguments", [("clean", "configs"), ("--json", "configs", "clean")], ids=["new", "old"])
def test_nor_what_a_change_would_do(arguments: tuple[str, ...], folder: Path) -> None:
    del folder
    assert not is_told(call("diff", *arguments))


def test_nor_what_is_told_of_accounts(folder: Path) -> None:
    del folder
    assert not is_told(call("account", "list", "--config", "configs"))
    assert not is_told(call("account", "list", "--json", "--config", "configs"))
    for text in (FILES[6], *(file for file in FILES if "http://a.example/?k=" in file)):
        assert not is_told(call("account", "show", f"a{FILES.index(text):02}", "--config", "configs")), text
    assert not is_told(call("test", "a21", "--export", "swaks", "--config", "configs"))


def test_nor_a_probe_of_what_cannot_be_used(folder: Path) -> None:
    del folder
    broken = ("a00", "a04", "a12", "a20")
    text = call("probe", *broken, "--config", "configs")
    assert text.count("not probed, its file has errors") == len(broken)
    assert not is_told(text)
    assert not is_told(call("probe", *broken, "--format", "json", "--config", "configs"))
