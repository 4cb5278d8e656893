"""The one mistake behind many is said alone, and its fix mends the file."""

import pytest

from maild.config.fault import Fault, InvalidHostname, YamlSyntax
from maild.rules.mend import mend_text
from maild.rules.separators import keys_of, odd_ends, odd_separators
from maild.rules.underlying import with_cause
from tests.rows import each_row
from tests.rules.examine import GOOD, codes, examine, load

BLOCK = """\
protocol: smtp
smtp:
  host: mail.shop.example
  port: 465
username: billing@shop.example
password: {env: SMTP_PASSWORD}
"""
KEYS = keys_of(is_account=True)


def mended(text: str) -> str:
    return mend_text(text, lambda content: examine(content).diagnostics, with_unsafe=False).text


@each_row(
    ("before", "after", "code"),
    [
        ("  port: 465", "  port = 465", "ML101"),
        ("  port: 465", "  port=465", "ML101"),
        ("  port: 465", "  port => 465", "ML101"),
        ("  port: 465", "  port:465", "ML101"),
        ("  port: 465", "  port 465", "ML101"),
        ("  port: 465", "  PORT\uff1a465", "ML124"),
        ("  port: 465", "  port\u3000\uff1a 465", "ML124"),
        ("  port: 465", "  port:\u00a0465", "ML124"),
        ("  port: 465", "  port\u00a0: 465", "ML124"),
        ("  port: 465", "\u00a0\u00a0port: 465", "ML124"),
        ("  port: 465", "  \u200bport: 465", "ML124"),
        ("  port: 465", "  port: “465”", "ML124"),
        ("username: billing@shop.example", "username: «billing@shop.example»", "ML124"),
        ("{env: SMTP_PASSWORD}", "{env:\u00a0SMTP_PASSWORD}", "ML124"),
    ],
)
def test_a_line_in_another_notation_is_found_and_mended(before: str, after: str, code: str) -> None:
    text = BLOCK.replace(before, after)

    assert codes(examine(text)) == [code]
    assert mended(text).replace("'", "").replace('"', "").lower() == BLOCK.lower()


@pytest.mark.parametrize("mark", [",", ";"])
def test_marks_at_the_ends_of_lines_are_one_finding(mark: str) -> None:
    text = BLOCK.replace("\n", f"{mark}\n").replace(f"smtp:{mark}", "smtp:")

    assert codes(examine(text)) == ["ML101"]
    assert mended(text) == BLOCK


def test_all_lines_are_mended_at_once_however_they_are_wrong() -> None:
    text = BLOCK.replace("host: ", "host = ").replace("port: ", "port:").replace("username: ", "username:\u00a0")

    assert codes(examine(text)) == ["ML124"]
    assert mended(text) == BLOCK


def test_a_password_is_told_of_beside_them() -> None:
    text = BLOCK.replace("  port", "\u00a0\u00a0port").replace("{env: SMTP_PASSWORD}", "secret")

    assert codes(examine(text)) == ["ML124", "ML501"]


def test_quotes_with_other_quotes_in_them_are_left_to_the_rule_about_the_value() -> None:
    text = GOOD.replace("smtp.gmail.com", "“smtp.\\gmail.com”")

    assert codes(examine(text)) == ["ML221"]


def test_a_comment_and_a_right_line_are_none_of_it() -> None:
    text = "# host = x\n# port:\u00a0465\nname: \u00a0x\n" + BLOCK.replace("host: ", "hots: ")

    assert "ML201" in codes(examine(text))
    assert odd_separators("host: x\n- port: 1\nsmtp:\n", KEYS) == ()
    assert odd_separators("url: http://x\nhttp://x\n", KEYS) == ()


@each_row(
    "text",
    ["host: x,\n", "{host: x,\nport: 1,\n}", "smtp: {host: x,\nport: 1,\n}\n", "a: x,\nb: y,\n", "host: x,\n" * 2000],
)
def test_a_comma_may_be_right(text: str) -> None:
    assert odd_ends(text, KEYS) == ()


def test_a_large_file_is_not_looked_at_again() -> None:
    assert odd_separators("host = x\n" * 2000, KEYS) == ()

    large = load(BLOCK.replace("  port", "\u00a0\u00a0port") + "# x\n" * 20_000)
    assert with_cause(large) is large


def test_the_settings_of_the_site_are_looked_at_as_well() -> None:
    assert codes(examine("web = x\nspool: {path: x}\n", file="maild.yaml")) == ["ML101"]
    assert codes(examine("spool:\u00a0{path: x}\n", file="maild.yaml")) == ["ML124"]


def test_what_has_no_cause_in_common_stays() -> None:
    loaded = load(GOOD.replace("smtp.gmail.com", "smtp_gmail"))
    kinds: list[type[Fault]] = [type(fault) for fault in with_cause(loaded).faults]

    assert kinds == [InvalidHostname]


def test_of_a_text_that_is_no_yaml_the_parser_s_own_cause_stays_where_no_line_is_odd() -> None:
    loaded = with_cause(load("a: b: c\n"))

    assert [type(fault) for fault in loaded.faults] == [YamlSyntax]
