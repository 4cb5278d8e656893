"""The whole server as an editor meets it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from maild.cli.batches import read_batches
from maild.cli.lsp.problem import TAGS
from maild.diagnostics import Edit, Location, Span
from maild.diagnostics.fix import apply_edits
from maild.rules.catalogue import INFOS
from maild.rules.engine import check_files
from maild.rules.mend import mend_text
from tests.cli.lsp.editor import Editor, edit, rng
from tests.rules.examine import GOOD, NOW, KnownSecrets, examine

BROKEN = """\
protocol: smtp
smtp:
  host: mail.example.com
  port: 25
usrname: billing@example.com
password: {env: SMTP_PASSWORD}
"""
MISSPELT = GOOD.replace("host", "hots").replace("username", "usrname")


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    folder = tmp_path / "configs" / "accounts"
    folder.mkdir(parents=True)
    return folder


def codes(found: Sequence[Mapping[str, Any]]) -> list[str]:
    return [problem["code"] for problem in found]


def applied(text: str, edits: Sequence[Mapping[str, Any]]) -> str:
    """The text after an editor made these edits, all of which count in ASCII."""

    def span(range_: Mapping[str, Any]) -> Span:
        start, end = range_["start"], range_["end"]
        return Span(
            line=start["line"] + 1,
            column=start["character"] + 1,
            end_line=end["line"] + 1,
            end_column=end["character"] + 1,
        )

    return apply_edits(text, [Edit(span=span(one["range"]), text=one["newText"]) for one in edits])


def test_a_broken_file_gets_its_findings_and_a_mended_one_loses_them(accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        uri = await editor.open(accounts / "a.yaml", BROKEN)

        port, key = editor.published[uri]
        assert key == {
            "range": rng(4, 0, 7),
            "severity": 1,
            "code": "ML201",
            "source": "maild",
            "message": "maild knows no key `usrname` at the top level of the file, so it has no effect.\n"
            "Write `username` instead of `usrname`.",
            "relatedInformation": [],
            "data": {"name": "unknown-key", "docs": "maild explain ML201", "fix": "safe"},
        }
        assert (port["code"], port["severity"], port["range"]) == ("ML301", 2, rng(3, 8, 10))

        await editor.change(uri, BROKEN.replace("25", "465").replace("usrname", "username"))
        assert codes(editor.published[uri]) == ["ML301", "ML201"]
        await asyncio.sleep(0.31)
        assert editor.published[uri] == []

    edit(script)


def test_nothing_is_said_while_somebody_types(accounts: Path) -> None:
    async def script(editor: Editor) -> int:
        uri = await editor.open(accounts / "a.yaml", GOOD)
        before = len(editor.said)
        for number in range(20):
            await editor.change(uri, GOOD + "x" * number, version=number + 2)
            await asyncio.sleep(0.2)
        return len(editor.said) - before

    assert edit(script) == 0


def test_saving_is_answered_at_once_and_closing_clears(accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        uri = await editor.open(accounts / "a.yaml", GOOD)
        await editor.change(uri, MISSPELT)
        await editor.notify("textDocument/didSave", textDocument={"uri": uri})
        assert codes(editor.published[uri]) == ["ML201", "ML201"]
        await editor.notify("textDocument/didClose", textDocument={"uri": uri})
        assert editor.published[uri] == []

    edit(script)


def test_an_editor_hears_of_a_file_again_only_when_something_is_different(accounts: Path) -> None:
    async def script(editor: Editor) -> int:
        uri = await editor.open(accounts / "a.yaml", MISSPELT)
        before = len(editor.said)
        await editor.notify("textDocument/didSave", textDocument={"uri": uri})
        return len(editor.said) - before

    assert edit(script) == 0


def test_the_findings_are_those_of_maild_check(accounts: Path) -> None:
    (accounts.parent / "maild.yaml").write_text(
        "lint:\n  severity: {ML301: error}\n  paths: [{match: accounts/b.yaml, ignore: [ML301]}]\n"
        "default_account: nobody\n"
    )
    texts = {
        "a": BROKEN,
        "b": BROKEN.replace("usrname: ", "username: b"),
        "c": GOOD + "copy_to: x  # maild: ignore ML301\n",
    }
    for name, text in texts.items():
        (accounts / f"{name}.yaml").write_text(text)
    (accounts / "c.yml").write_text(GOOD)
    (batch,) = read_batches([accounts.parent])
    report = check_files(batch.loaded, now=NOW, lint=batch.lint, secrets=KnownSecrets(), accounts=batch.accounts)
    expected = [*report.diagnostics, *batch.duplicates]

    paths = (accounts.parent / "maild.yaml", *sorted(accounts.iterdir()))

    async def script(editor: Editor) -> dict[str, list[dict[str, Any]]]:
        for path in paths:
            await editor.open(path, path.read_text())
        return editor.published

    found = {
        (uri.removeprefix("file://"), one["code"], one["range"]["start"]["line"] + 1)
        for uri, problems in edit(script).items()
        for one in problems
    }

    def key(location: Location | None) -> tuple[str, int]:
        assert location is not None
        assert location.span is not None
        return location.file, location.span.line

    assert found == {(key(one.location)[0], one.code, key(one.location)[1]) for one in expected}
    assert {"ML201", "ML214", "ML216", "ML301", "ML509"} <= {code for _, code, _ in found}


def test_a_finding_points_at_the_other_place_too(accounts: Path) -> None:
    async def script(editor: Editor) -> Any:  # noqa: ANN401 -- JSON
        (accounts / "a.yaml").write_text("# first\n" + GOOD)
        uri = await editor.open(accounts / "a.yml", GOOD)
        on_disk = editor.published[uri][0]["relatedInformation"]
        await editor.open(accounts / "a.yaml", GOOD)
        return on_disk

    (related,) = edit(script)

    assert related == {
        "location": {"uri": (accounts / "a.yaml").as_uri(), "range": rng(0, 0, 0)},
        "message": "the other file",
    }


def test_files_are_judged_by_what_stands_in_the_others_before_it_is_saved(accounts: Path) -> None:
    first = GOOD.replace("billing@", "a@").replace("gmail.com", "example.org")
    second = GOOD.replace("billing@", "b@").replace("gmail.com", "example.org")

    async def script(editor: Editor) -> None:
        (accounts / "a.yaml").write_text(first)
        uri = await editor.open(accounts / "b.yaml", second)
        assert codes(editor.published[uri]) == ["ML509"]

        other = await editor.open(accounts / "a.yaml", first)
        await editor.change(other, first.replace("SMTP_PASSWORD", "OWN_PASSWORD"))
        await asyncio.sleep(0.31)
        assert editor.published[uri] == []

        await editor.notify("textDocument/didClose", textDocument={"uri": other})
        assert codes(editor.published[uri]) == ["ML509"]

        (accounts / "a.yaml").write_text(first.replace("SMTP_PASSWORD", "OWN_PASSWORD"))
        await editor.notify("workspace/didChangeWatchedFiles", changes=[])
        await asyncio.sleep(0.31)
        assert editor.published[uri] == []

    edit(script)


def test_a_file_that_is_renamed_is_another_account_for_the_others(accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        (accounts / "a.yaml").write_text(GOOD)
        site = await editor.open(accounts.parent / "maild.yaml", "default_account: a\n")
        old = await editor.open(accounts / "a.yaml", GOOD.replace("465", '"465"'))
        assert (codes(editor.published[site]), codes(editor.published[old])) == ([], ["ML203"])

        # As editors do it: the file is moved, then the tab of the old name is closed and one of the new name opened.
        (accounts / "a.yaml").rename(accounts / "shop.yaml")
        await editor.notify("textDocument/didClose", textDocument={"uri": old})
        new = await editor.open(accounts / "shop.yaml", GOOD.replace("465", '"465"'))
        assert (editor.published[old], codes(editor.published[new])) == ([], ["ML203"])
        assert codes(editor.published[site]) == ["ML216"]

        (quick, *_) = await editor.actions(new, editor.published[new][0]["range"])
        assert set(quick["edit"]["changes"]) == {new}

        await editor.change(site, "default_account: shop\n")
        await asyncio.sleep(0.31)
        assert editor.published[site] == []

    edit(script)


def test_in_a_file_that_is_no_yaml_there_is_one_finding_and_help_all_the_same(accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        text = 'protocol: smtp\nsmtp:\n  host: "smtp.gmail.com\n  po: 465\n'
        uri = await editor.open(accounts / "a.yaml", text)
        assert [(one["code"], one["range"]) for one in editor.published[uri]] == [("ML101", rng(2, 8, 9))]
        assert "**Protocol**" in (await editor.at("hover", uri, 0, 3))["contents"]["value"]
        assert "ML101 yaml-syntax" in (await editor.at("hover", uri, 2, 8))["contents"]["value"]
        keys = [one["label"] for one in (await editor.at("completion", uri, 3, 4))["items"]]
        assert "port" in keys

    edit(script)


def test_maild_yaml_of_an_open_buffer_counts_for_the_accounts(accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        uri = await editor.open(
            accounts / "a.yaml", GOOD.replace("smtp.gmail.com, port: 465", "mail.example.com, port: 25")
        )
        assert [one["severity"] for one in editor.published[uri]] == [2]
        await editor.open(accounts.parent / "maild.yaml", "lint: {severity: {ML301: error}}\n")
        assert [one["severity"] for one in editor.published[uri]] == [1]

    edit(script)


def test_files_of_other_programs_are_left_alone(accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        uri = await editor.open(accounts.parent / "docker-compose.yaml", "services: {}\n")
        assert editor.published == {}
        assert await editor.at("hover", uri, 0, 0) is None
        assert await editor.at("completion", uri, 0, 0) is None
        assert await editor.actions(uri, rng(0, 0, 0)) is None

        await editor.change(uri, "protocol: smtp\n")
        await asyncio.sleep(0.31)
        assert codes(editor.published[uri]) != []
        await editor.change(uri, "services: {}\n", version=3)
        await asyncio.sleep(0.31)
        assert editor.published[uri] == []

    edit(script)


def test_a_file_without_a_name_is_judged_alone() -> None:
    async def script(editor: Editor) -> list[str]:
        return codes(editor.published[await editor.open("untitled:Untitled-1", MISSPELT)])

    assert edit(script) == ["ML201", "ML201"]


def test_a_file_beside_a_configuration_is_judged_as_if_it_was_named_alone(accounts: Path) -> None:
    (accounts.parent / "maild.yaml").write_text("lint: {ignore: [ML301]}\n")
    (accounts / "a.yaml").write_text(GOOD)

    async def script(editor: Editor) -> list[list[str]]:
        stray = await editor.open(
            accounts.parent / "a.yaml", GOOD.replace("smtp.gmail.com, port: 465", "mail.example.com, port: 25")
        )
        site = await editor.open(
            accounts.parent / "new.yaml", "# $schema=x/maild.schema.json\ndefault_account: nobody\n"
        )
        return [codes(editor.published[stray]), codes(editor.published[site])]

    assert edit(script) == [[], ["ML216"]]


def test_a_folder_of_accounts_alone_is_one_configuration(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "gone.yaml").symlink_to("nowhere")

    async def script(editor: Editor) -> list[str]:
        return codes(editor.published[await editor.open(tmp_path / "b.yaml", GOOD.replace("billing", "b"))])

    assert edit(script) == ["ML509"]


@pytest.mark.parametrize(
    ("encodings", "start"), [(None, 25), (["utf-32", "utf-16"], 23), (["utf-8"], 36)], ids=["utf-16", "utf-32", "utf-8"]
)
def test_positions_count_in_the_units_that_were_agreed_on(
    encodings: list[str] | None, start: int, accounts: Path
) -> None:
    # A byte order mark, a tab, CRLF, a family of three joined signs, a combining accent and two wide characters.
    first = "\ufeffprotocol: smtp\r\n\r\nsmtp: {host: mail.example.org}\r\nemail:\ta@b.org\r\n"
    text = first + 'limits: {"\U0001f469\u200d\U0001f4bbe\u0301日本": x, usrname: 1}\r\n'

    async def script(editor: Editor) -> list[dict[str, Any]]:
        return editor.published[await editor.open(accounts / "a.yaml", text)]

    found = [one["range"] for one in edit(script, encodings=encodings) if "usrname" in one["message"]]

    assert found == [rng(4, start, start + len("usrname"))]


@pytest.mark.parametrize("text", [MISSPELT, BROKEN, BROKEN.replace("\n", "\r\n"), GOOD.replace("465", '"465"')])
def test_fix_all_leaves_what_check_fix_leaves(text: str, accounts: Path) -> None:
    mended = mend_text(text, lambda text: examine(text).diagnostics, with_unsafe=False).text

    async def script(editor: Editor) -> Any:  # noqa: ANN401 -- JSON
        uri = await editor.open(accounts / "a.yaml", text)
        (action,) = await editor.actions(uri, rng(0, 0, 0), ["source.fixAll"])
        return action["kind"], action["edit"]["changes"][uri]

    kind, edits = edit(script)

    assert kind == "source.fixAll.maild"
    assert mended != text
    assert applied(text, edits) == mended


def test_a_file_that_nobody_wrote_is_not_mended_as_a_whole(accounts: Path) -> None:
    async def script(editor: Editor) -> list[str]:
        uri = await editor.open(accounts / "a.yaml", MISSPELT + "# long\n" * 10_000)
        return [action["title"] for action in await editor.actions(uri, rng(1, 7, 11))]

    assert edit(script) == ["Fix: Write `host` instead of `hots`."]


def test_a_quick_fix_is_the_finding_s_and_says_when_it_is_not_safe(accounts: Path) -> None:
    text = BROKEN.replace("mail.example.com", "mail.example.com:465")

    async def script(editor: Editor) -> None:
        uri = await editor.open(accounts / "a.yaml", text)
        (key,) = await editor.actions(uri, rng(4, 3, 3), ["quickfix"])
        assert (key["title"], key["kind"], key["isPreferred"]) == (
            "Fix: Write `username` instead of `usrname`.",
            "quickfix",
            True,
        )
        assert codes(key["diagnostics"]) == ["ML201"]
        assert applied(text, key["edit"]["changes"][uri]) == text.replace("usrname", "username")
        (host,) = await editor.actions(uri, rng(2, 8, 8), ["quickfix"])
        assert host["title"].startswith("Unsafe fix: ")
        assert "isPreferred" not in host
        assert await editor.actions(uri, rng(0, 0, 0), ["refactor"]) == []

    edit(script)


def test_a_finding_is_ignored_by_a_comment(accounts: Path) -> None:
    text = BROKEN.replace("usrname", "username")

    async def script(editor: Editor) -> None:
        uri = await editor.open(accounts / "a.yaml", text)
        (ignore,) = await editor.actions(uri, rng(3, 9, 9))
        assert ignore["title"] == "Ignore ML301 (port-25-submission) here"
        after = applied(text, ignore["edit"]["changes"][uri])
        assert after == text.replace("port: 25", "port: 25 # maild: ignore ML301")
        await editor.change(uri, after)
        await asyncio.sleep(0.31)
        assert codes(editor.published[uri]) == ["ML903"]

    edit(script)


def test_a_finding_of_maild_yaml_is_ignored_too(accounts: Path) -> None:
    text = "web: {listen: 0.0.0.0:9725}\n"

    async def script(editor: Editor) -> str:
        uri = await editor.open(accounts.parent / "maild.yaml", text)
        assert codes(editor.published[uri]) == ["ML707"]
        (ignore,) = await editor.actions(uri, rng(0, 15, 15))
        return applied(text, ignore["edit"]["changes"][uri])

    assert edit(script) == "web: {listen: 0.0.0.0:9725} # maild: ignore ML707\n"


def test_hover_and_completion_answer_with_what_they_are_about(accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        uri = await editor.open(accounts / "a.yaml", "protocol: smtp\nsmtp: {host: smtp.gmail.com, po}\n")
        hover = await editor.at("hover", uri, 1, 8)
        assert hover["range"] == rng(1, 7, 11)
        assert hover["contents"]["kind"] == "markdown"
        assert hover["contents"]["value"].rpartition("---\n\n")[2].startswith("**Host** `smtp.host`")
        assert await editor.at("hover", uri, 2, 0) is None

        completion = await editor.at("completion", uri, 1, 31)
        port = completion["items"][0]
        assert {key: port[key] for key in ("label", "kind", "detail", "sortText", "textEdit")} == {
            "label": "port",
            "kind": 10,
            "detail": "Port",
            "sortText": "0000",
            "textEdit": {"range": rng(1, 29, 31), "newText": "port: "},
        }
        assert completion["isIncomplete"] is False

    edit(script)


def test_the_editor_is_asked_to_tell_of_changes_on_disk_if_it_can() -> None:
    async def script(editor: Editor) -> list[str | None]:
        return [message.get("method") for message in editor.said]

    assert edit(script) == [None, "client/registerCapability"]
    assert edit(script, capabilities={}) == [None]
    assert edit(script, capabilities={"workspace": {}}) == [None]


CANARY = "Xq7-canary-42"
SORRY = (
    "maild could not take a message of the editor, or not answer it: KeyError. If it happens again, please report it."
)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("{env: SMTP_PASSWORD}", CANARY),
        MISSPELT.replace("{env: SMTP_PASSWORD}", CANARY),
        f"protocol: smtp\nsmtp: {{hots: x, password: {CANARY}, prt: 25}}\n",
        GOOD + f"# password: {CANARY}\n",
        GOOD.replace("{env: SMTP_PASSWORD}", f"[{CANARY}"),
        GOOD.replace("{env: SMTP_PASSWORD}", f"{{{CANARY}}}"),
        f"protocol: http\nhttp: {{ulr: https://x:{CANARY}@y.example/}}\n",
        f"pasword: {CANARY}\nprotocol: smpt\n",
    ],
)
def test_no_secret_is_in_anything_that_is_said(text: str, accounts: Path) -> None:
    async def script(editor: Editor) -> str:
        uri = await editor.open(accounts / "a.yaml", text)
        for number, line in enumerate(text.splitlines()):
            await editor.at("hover", uri, number, len(line) // 2)
            await editor.at("completion", uri, number, len(line))
            await editor.actions(uri, {**rng(number, 0, 0), "end": {"line": number, "character": len(line)}})
        return repr(editor.said)

    assert CANARY not in edit(script)


def test_what_goes_wrong_inside_is_said_without_its_words(accounts: Path) -> None:
    class Careless(KnownSecrets):
        def problem(self, *_: object) -> str | None:
            raise KeyError(CANARY)

    class Broken:
        def now(self) -> Any:  # noqa: ANN401 -- never returns
            raise KeyError(CANARY)

    async def script(editor: Editor) -> list[dict[str, Any]]:
        uri = await editor.open(accounts / "a.yaml", GOOD)
        await editor.at("hover", uri, 0, 0)
        await editor.change(uri, GOOD + "\n")
        await asyncio.sleep(0.31)
        editor.send({"method": "textDocument/didOpen", "params": {"textDocument": CANARY}})
        await editor.settle()
        return editor.said

    assert CANARY not in repr(edit(script, secrets=Careless()))
    said = edit(script, clock=Broken())
    assert CANARY not in repr(said)
    assert [one["params"]["message"] for one in said if one.get("method") == "window/logMessage"][:3] == [SORRY] * 3


@pytest.mark.parametrize(
    "text",
    ["\0", "[" * 5000, "a: &a [*a]", "x" * 2_000_000, "\ud800", "- " * 3000, "protocol: smtp\f\x85\u2028x: y\n" * 50],
)
def test_no_text_ends_the_server(text: str, accounts: Path) -> None:
    async def script(editor: Editor) -> None:
        uri = await editor.open(accounts / "a.yaml", text)
        assert len(editor.published[uri]) >= 1
        await editor.at("hover", uri, 0, 3)
        await editor.at("completion", uri, 0, 3)
        await editor.actions(uri, rng(0, 0, 3))
        await editor.change(uri, GOOD)
        await asyncio.sleep(0.31)
        assert editor.published[uri] == []
        assert "window/logMessage" not in [message.get("method") for message in editor.said]

    edit(script)


def test_a_file_over_the_limit_is_one_finding(accounts: Path) -> None:
    async def script(editor: Editor) -> list[str]:
        return codes(editor.published[await editor.open(accounts / "a.yaml", "a: b\n" * 300_000)])

    assert edit(script) == ["ML103"]


def test_tags_are_given_to_rules_that_there_are(accounts: Path) -> None:
    assert TAGS.keys() <= INFOS.keys()

    async def script(editor: Editor) -> list[dict[str, Any]]:
        text = GOOD.replace("SMTP_PASSWORD}", "SMTP_PASSWORD} # maild: ignore ML301 -- why")
        return editor.published[await editor.open(accounts / "a.yaml", text)]

    (unused,) = edit(script)
    assert (unused["code"], unused["tags"]) == ("ML901", [1])


def test_a_part_of_a_text_is_not_taken_for_the_whole(accounts: Path) -> None:
    async def script(editor: Editor) -> list[str]:
        uri = await editor.open(accounts / "a.yaml", GOOD)
        change = {"range": rng(0, 0, 1), "text": "x"}
        document = {"uri": uri, "version": 2}
        await editor.notify("textDocument/didChange", textDocument=document, contentChanges=[change])
        await asyncio.sleep(0.31)
        return codes(editor.published[uri])

    assert edit(script) == []
