import json

import pytest
from click.testing import CliRunner, Result

from maild.cli.explain import explain
from maild.cli.reply_table import CONSEQUENCES, read_reply
from maild.delivery.refusal import Meaning
from maild.delivery.refusals import REFUSALS
from maild.errors import UsageError
from maild.mail.reply import Reply
from tests.rows import each_row


def run(*arguments: str) -> Result:
    return CliRunner().invoke(explain, list(arguments), standalone_mode=False)


@each_row(
    ("words", "reply"),
    [
        ("550", Reply.of(550, "")),
        (" 550 5.4.5 Daily limit ", Reply.of(550, "5.4.5 Daily limit")),
        ("421-closing", Reply.of(421, "closing")),
        ("4.7.0", Reply.of(450, "4.7.0")),
        ("5.4.5 Daily limit", Reply.of(550, "5.4.5 Daily limit")),
        ("ML550", None),
        ("5501", None),
        ("5.4", None),
        ("650", None),
    ],
)
def test_a_reply_is_known_by_its_code_its_enhanced_code_or_its_line(words: str, reply: Reply | None) -> None:
    assert read_reply(words) == reply


def test_a_quota_means_the_same_after_every_command() -> None:
    assert run("5.4.5").output.splitlines()[2:5] == [
        "After AUTH, MAIL, RCPT, the message: the provider's sending allowance is used up; it comes back with time",
        "  Fault: the account's: it is left alone for 10 minutes, up to an hour; no attempt is used up",
        "  Row sending-quota of `maild explain --replies`: enhanced code x.4.5",
    ]


def test_what_a_code_means_depends_on_the_command() -> None:
    lines = run("550").output.splitlines()

    assert [line for line in lines if line.startswith("After")] == [
        "After AUTH: the server refused the username or password",
        "After MAIL: the server does not accept the account's sender address: check username and email",
        "After RCPT: the server refused the recipient for good",
        "After the message: the server refused the message for good",
    ]


def test_a_line_needs_no_quotes() -> None:
    assert run("550", "5.4.5", "Daily", "limit").output == run("550 5.4.5 Daily limit").output


def test_a_success_is_no_refusal() -> None:
    assert run("250").output == "250 is no refusal: it means that the command was done.\n"


def test_the_whole_table_can_be_read_in_its_order() -> None:
    names = [row.name for row in REFUSALS]

    assert [one["row"] for one in json.loads(run("--replies", "--format", "json").output)] == names
    assert [line.split(" | ")[0] for line in run("--replies", "--format", "md").output.splitlines()[2:]] == [
        f"| {name}" for name in names
    ]
    text = run("--replies").output
    assert text.startswith("sending-quota: ")
    assert text.endswith(
        "unknown-answer: the server gave an answer that means nothing here\n  when   nothing else fits\n"
        "  fault  the message's: tried again later; the attempt counts\n"
    )


def test_every_meaning_has_its_consequence() -> None:
    assert CONSEQUENCES.keys() == set(Meaning)


@pytest.mark.parametrize("arguments", [[], ["ML301", "--replies"]])
def test_there_is_one_thing_to_explain(arguments: list[str]) -> None:
    assert isinstance(run(*arguments).exception, UsageError)
