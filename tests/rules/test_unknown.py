"""What a person is told of keys that nothing reads, and what the fixes make of them."""

import pytest

from maild.rules.mend import mend_text
from tests.rows import each_row
from tests.rules.examine import examine

WRAPPED = (
    "A file is one account and named by its file: delete the line `KEY:` and any name below it, and let the account's "
    "own lines begin at the margin."
)
HEAD = "protocol: smtp\nusername: billing@shop.example\npassword: {env: SMTP_PASSWORD}\n"


def helps(text: str) -> list[str]:
    return [found.help for found in examine(text).diagnostics]


def mended(text: str, *, with_unsafe: bool = True) -> str:
    return mend_text(text, lambda content: examine(content).diagnostics, with_unsafe=with_unsafe).text


@each_row(
    ("section", "advice", "after"),
    [
        (
            "{host: a.example, ssl: true}",
            "Write `tls: {mode: implicit}` instead; without it, maild goes by the port.",
            "{host: a.example, tls: {mode: implicit}}",
        ),
        (
            "{host: a.example, port: 587, encryption: STARTTLS}",
            "Write `tls: {mode: starttls}` instead; without it, maild goes by the port.",
            "{host: a.example, port: 587, tls: {mode: starttls}}",
        ),
        (
            "{host: a.example, tls: {starttls: true}, port: 587}",
            "Write `mode: starttls` instead of `starttls`.",
            "{host: a.example, tls: {mode: starttls}, port: 587}",
        ),
        (
            "{host: a.example, port: 587, secure: false}",
            "Delete the line: the port says how the connection is encrypted (port 587: starttls).",
            None,
        ),
        (
            "{host: a.example, tls: {verify: true}, ssl: true}",
            "Write `tls: {mode: implicit}` instead; without it, maild goes by the port.",
            None,
        ),
        (
            "{host: a.example, encryption: perhaps}",
            "Write `tls: {mode: implicit}` instead; without it, maild goes by the port.",
            None,
        ),
        ("{host: a.example, tls: {insecure: true}}", "Write `verify` instead of `insecure`.", None),
        ("{host:a.example, port: 465}", "Write `host:`, a space, and then the value.", "{host: a.example, port: 465}"),
        ("{host:a.example, port:465}", "Write a space behind each colon.", "{host: a.example, port: 465}"),
        ("{HOST: a.example, Port: 465}", "Write `host` and `port`.", "{host: a.example, port: 465}"),
    ],
)
def test_a_key_of_the_server_is_told_with_its_value(section: str, advice: str, after: str | None) -> None:
    text = f"{HEAD}smtp: {section}\n"

    assert helps(text) == [advice]
    assert mended(text) == (text if after is None else f"{HEAD}smtp: {after}\n")


def test_a_key_for_encryption_at_the_top_is_told_where_it_belongs() -> None:
    text = f"{HEAD}smtp: {{host: a.example}}\nssl: true\n"

    assert helps(text) == ["Write `tls: {mode: implicit}` instead, under `smtp`; without it, maild goes by the port."]
    assert mended(text) == text


@each_row(
    ("text", "advice"),
    [
        (
            "billing:\n  protocol: smtp\n  smtp: {host: a.example}\n",
            WRAPPED.replace("KEY", "billing"),
        ),
        (
            "accounts:\n- protocol: smtp\n  smtp: {host: a.example}\n",
            WRAPPED.replace("KEY", "accounts"),
        ),
        (f"{HEAD}smtp: {{host: a.example}}\nid: 7\n", "An account is named by its file; delete this line."),
        (f"{HEAD}smtp: {{host: a.example}}\nBenutzer: x\n", "Delete `Benutzer`: `username` is there already."),
        (
            f"{HEAD}smtp: {{host: a.example}}\nposteingangsserver: x\n",
            "maild only sends mail, so it needs nothing about the server that mail is read from; delete it.",
        ),
    ],
)
def test_keys_of_no_use_are_told_what_to_do_about(text: str, advice: str) -> None:
    assert helps(text) == [advice]


def test_several_keys_are_only_mended_together() -> None:
    text = f"{HEAD}smtp: {{Host: a.example, Port: 465, port: 465}}\n"

    assert len(helps(text)) == 1
    assert mended(text) == text


@each_row(
    ("before", "after"),
    [
        (f"{HEAD}smtp:\nhost: a.example\nport: 465\n", f"{HEAD}smtp:\n  host: a.example\n  port: 465\n"),
        (f"{HEAD}host: a.example\nport: 465 # x\n", f"{HEAD}smtp:\n  host: a.example\n  port: 465 # x\n"),
        (
            "protocol: smtp\r\nhost: localhost\r\nemail: a@b.example\r\n",
            "protocol: smtp\r\nsmtp:\r\n  host: localhost\r\nemail: a@b.example\r\n",
        ),
        (f"host: a.example\n{HEAD}port: 465\n", None),
        (f"{HEAD}smtp:\n\nhost: a.example\n", None),
        (f"{HEAD}smtp: {{}}\nhost: a.example\nport: 465\n", None),
        (
            "protocol: smtp\nsmtp:\n  host: a.example\n  username: a@b.example\n  email: c@d.example\n",
            "protocol: smtp\nusername: a@b.example\nemail: c@d.example\nsmtp:\n  host: a.example\n",
        ),
    ],
)
def test_keys_that_went_astray_together_come_home_together(before: str, after: str | None) -> None:
    if "password" not in before:
        before += "password: {env: SMTP_PASSWORD}\n" if "username" in before else ""
        after = None if after is None else after + ("password: {env: SMTP_PASSWORD}\n" if "username" in after else "")

    assert mended(before) == (before if after is None else after)


@each_row(
    "text",
    [
        # What an alias stands for has no place of its own.
        "base: &b {host: a.example, mode: implicit, verify: true}\nprotocol: smtp\nsmtp: *b\nemail: a@b.example\n",
        "base: &b {host: [a.example], port: '465', tls: [ssl]}\nprotocol: smtp\nsmtp: *b\nemail: a@b.example\n",
        "base: &b {host: a.example, tls: [x, y]}\nprotocol: smtp\nsmtp: *b\nemail: a@b.example\n",
        "base: &b {host: a.example, Port: 465, Timeout: 5s}\nprotocol: smtp\nsmtp: *b\nemail: a@b.example\n",
        "base: &b {'host\u00a0': a.example, port: 10.000}\nprotocol: smtp\nsmtp: *b\nemail: a@b.example\n",
    ],
)
def test_of_what_an_alias_stands_for_is_spoken_and_nothing_is_mended(text: str) -> None:
    assert "ML999" not in [found.code for found in examine(text).diagnostics]
    assert "smtp: *b" in mended(text)


def test_marks_before_keys_go() -> None:
    text = f"{HEAD}smtp:\n  \u2022 host: a.example\n  \u2022 port: 465\n"

    assert helps(text) == ["Write `host` and `port`."]
    assert mended(text, with_unsafe=False) == f"{HEAD}smtp:\n  host: a.example\n  port: 465\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\n---\n", "---\n"),
        ("# ours\n---\n--- # x\n", None),
        ("--- x\n---\n", None),
    ],
)
def test_a_mark_between_nothing_goes(before: str, after: str | None) -> None:
    text = f"{HEAD}smtp: {{host: a.example}}\n"

    assert mended(before + text) == (before if after is None else after) + text
    assert mended(f"{text}---\n# the end\n") == f"{text}# the end\n"
    assert mended(f"{text}---") == text.rstrip("\n")
