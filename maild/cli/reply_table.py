"""What maild makes of a server's refusal, for people: the classifier's own table, or the rows for one answer. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from maild.delivery.refusal import Meaning, Refusal
from maild.delivery.refusals import OPENING, REFUSALS, find_refusal
from maild.mail.phase import Phase
from maild.mail.reply import Reply

CONSEQUENCES: Final[Mapping[Meaning, str]] = {
    Meaning.RECIPIENT_LATER: "the recipient's: tried again later; the attempt counts",
    Meaning.RECIPIENT_NEVER: "the recipient's: it fails at once, and the sender is told",
    Meaning.RECIPIENT_SURPLUS: "nobody's: the recipient goes in the next transaction at once",
    Meaning.SESSION_OVER: "nobody's: the message goes over the next connection at once",
    Meaning.CROWD: "nobody's while other connections work: the message goes over one of them, and they stay fewer",
    Meaning.MESSAGE_LATER: "the message's: tried again later; the attempt counts",
    Meaning.MESSAGE_NEVER: "the message's: it fails at once, and the sender is told",
    Meaning.ACCOUNT_LINE: "the account's: it is left alone for 15 seconds, up to 5 minutes; no attempt is used up",
    Meaning.ACCOUNT_LOGIN: "the account's: it is left alone for 15 minutes, up to an hour, and probed; no attempt is "
    "used up",
    Meaning.ACCOUNT_QUOTA: "the account's: it is left alone for 10 minutes, up to an hour; no attempt is used up",
}
"""Whose fault a refusal is, and what follows."""

_ASKED: Final = (Phase.AUTH, Phase.MAIL, Phase.RCPT, Phase.BODY)
_REPLY: Final = re.compile(r"([245]\d\d)(?:[ -](.*))?", re.DOTALL | re.ASCII)
_ENHANCED: Final = re.compile(r"([245])\.\d{1,3}\.\d{1,3}(?: .*)?", re.DOTALL | re.ASCII)


def read_reply(words: str) -> Reply | None:
    """The answer that a person means by `550`, `5.4.5` or a whole line of a log; None when it is none."""
    words = words.strip()
    found = _REPLY.fullmatch(words)
    if found is not None:
        return Reply.of(int(found[1]), found[2] or "")
    enhanced = _ENHANCED.fullmatch(words)
    return None if enhanced is None else Reply.of(int(enhanced[1]) * 100 + 50, words)


def reply_lines(reply: Reply) -> Iterator[str]:
    """What the answer means at each command that it can answer."""
    if reply.code < 400:
        yield f"{reply.code} is no refusal: it means that the command was done."
        return
    yield "What a refusal means depends on the command that it answers, and on its words:"
    phases: dict[str, list[str]] = {}
    rows: dict[str, Refusal] = {}
    for phase in _ASKED:
        row = find_refusal(phase, reply, is_own_sender=True)
        rows[row.name] = row
        phases.setdefault(row.name, []).append("the message" if phase is Phase.BODY else phase.value.upper())
    for name, row in rows.items():
        yield ""
        yield f"After {', '.join(phases[name])}: {row.words}"
        yield f"  Fault: {CONSEQUENCES[row.meaning]}"
        yield f"  Row {name} of `maild explain --replies`: {conditions_of(row)}"
    yield ""
    yield "`maild queue why ID` names the row that a waiting message met."


def table_text() -> str:
    """The table for a terminal."""
    return "\n".join(
        f"{row.name}: {row.words}\n  when   {conditions_of(row)}\n  fault  {CONSEQUENCES[row.meaning]}"
        for row in REFUSALS
    )


def table_markdown() -> str:
    """The table for a wiki."""
    rows = (
        f"| {row.name} | {conditions_of(row).replace('|', '&#124;')} | {row.words} | {CONSEQUENCES[row.meaning]} |"
        for row in REFUSALS
    )
    return "\n".join(["| Row | When | Meaning | Whose fault, and what follows |", "| --- | --- | --- | --- |", *rows])


def table_json() -> str:
    """The table for programs, in the order in which the rows are asked."""
    rows = [
        {
            "row": row.name,
            "when": conditions_of(row),
            "meaning": row.meaning.value,
            "words": row.words,
            "consequence": CONSEQUENCES[row.meaning],
        }
        for row in REFUSALS
    ]
    return json.dumps(rows, indent=2)


def conditions_of(row: Refusal) -> str:
    """When a row speaks, in words; the first row that does decides."""
    parts = []
    if row.phases is not None:
        parts.append(
            "at login or before" if row.phases == OPENING else f"after {_listed(p.upper() for p in row.phases)}"
        )
    if row.codes is not None:
        parts.append(f"code {_listed(f'{code}xx' if code < 10 else str(code) for code in row.codes)}")
    if row.enhanced is not None:
        parts.append(f"enhanced code {_listed(f'x.{subject}.{detail}' for subject, detail in row.enhanced)}")
    if row.text is not None:
        parts.append(f"text has /{row.text.pattern}/")
    if row.unless is not None:
        parts.append(f"text has not /{row.unless.pattern}/")
    if row.is_own_sender is not None:
        parts.append("the sender is the account's own" if row.is_own_sender else "the sender is the message's")
    return "; ".join(parts) or "nothing else fits"


def _listed(words: Iterator[str]) -> str:
    return " or ".join(words)
