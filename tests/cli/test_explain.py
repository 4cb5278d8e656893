import json

import pytest
from click.testing import CliRunner, Result

from maild.cli.explain import explain, rules
from maild.errors import UsageError
from maild.probe.findings import LIVE_FINDINGS
from maild.rules.catalogue import RULES

CODES = sorted([*(rule.info.code for rule in RULES), *(known.code for known in LIVE_FINDINGS)])


def test_a_code_without_a_rule_says_why_there_is_none() -> None:
    result = run("explain", "ml608")

    assert result.return_value == 0
    assert result.output == (
        "maild has no rule ML608, because without `limits` maild keeps to the provider's own, so nothing is missing.\n"
    )


def run(command: str, *arguments: str) -> Result:
    return CliRunner().invoke(explain if command == "explain" else rules, list(arguments), standalone_mode=False)


def test_a_rule_is_explained_with_its_examples() -> None:
    result = run("explain", "ML303")

    assert result.return_value == 0
    assert result.output.splitlines()[:3] == [
        "ML303 port-tls-mode-mismatch (error)",
        "",
        "The port speaks TLS in another way than the file says.",
    ]
    assert "\nBad\n      protocol: smtp\n" in result.output
    assert "```" not in result.output


@pytest.mark.parametrize("word", ["ml501", "secret-in-config"])
def test_a_rule_is_found_by_code_or_name_and_says_when_it_is_fixed(word: str) -> None:
    assert run("explain", word).output.startswith("ML501 secret-in-config (error, cannot be changed in `lint`)\n")


def test_an_unknown_rule_is_wrong_usage_with_a_suggestion() -> None:
    near, far = run("explain", "ML30"), run("explain", "weather")

    assert isinstance(near.exception, UsageError)
    assert str(run("explain", "port-25").exception) == "There is no rule port-25. Did you mean port-25-submission?"
    assert isinstance(far.exception, UsageError)
    assert str(far.exception) == "There is no rule weather. `maild rules` lists all of them."


def test_every_rule_can_be_explained() -> None:
    assert [rule.info.code for rule in RULES if run("explain", rule.info.code).return_value != 0] == []


def test_the_list_has_a_line_for_each_rule() -> None:
    lines = run("rules").output.splitlines()

    assert [line.split()[0] for line in lines] == CODES
    assert lines[0].split(maxsplit=3) == [
        "ML101",
        "yaml-syntax",
        "error",
        "The file cannot be read as YAML, so nothing in it counts.",
    ]


def test_the_list_for_programs_holds_the_whole_documentation() -> None:
    catalogue = json.loads(run("rules", "--format", "json").output)

    assert [entry["code"] for entry in catalogue] == CODES
    keys = ("code", "name", "severity", "fixed", "live", "summary", "docs", "documentation")
    assert {tuple(entry) for entry in catalogue} == {keys}
    assert {entry["code"] for entry in catalogue if entry["live"]} == {known.code for known in LIVE_FINDINGS}
    assert list(catalogue[0]["documentation"]) == ["What it finds", "Why it matters", "Bad", "Good", "See"]


def test_the_markdown_has_a_chapter_for_each_rule() -> None:
    text = run("rules", "--format", "md").output

    assert text.startswith("## ML101 yaml-syntax\n\nSeverity: error, cannot be changed in `lint`\n\n")
    assert text.count("\n### Why it matters\n") == len(CODES)


@pytest.mark.parametrize("code", ["ML303", "ML711"])
def test_a_code_is_told_in_each_form_as_the_catalogue_tells_it(code: str) -> None:
    catalogue = json.loads(run("rules", "--format", "json").output)

    assert json.loads(run("explain", code, "--format", "json").output) == catalogue[CODES.index(code)]
    assert run("explain", code.lower(), "--format", "md").output in run("rules", "--format", "md").output
