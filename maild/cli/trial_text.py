"""What `maild test` prints, in words for the person who waits. Pure."""

import textwrap
from typing import Final, assert_never

from maild.config.mail_service import service_url
from maild.config.model import Account, HttpSettings, SmtpSettings, TlsMode
from maild.diagnostics import Location
from maild.diagnostics.lines import split_lines
from maild.diagnostics.render import Style
from maild.diagnostics.render.display import printable
from maild.diagnostics.render.style import Paint
from maild.mail.address import Mailbox
from maild.net.step import Step
from maild.probe.conversation import Judged

TICK: Final = "✓"
CROSS: Final = "✗"

_MAX_WORDS: Final = 300
"""Of a server's answer in a line; a service may answer with a web page."""

_LABEL_WIDTH: Final = 17


def describe_trial(account: Account, to: Mailbox) -> str:
    """The first line: what is tried."""
    match account.transport:
        case SmtpSettings() as smtp:
            modes = {TlsMode.IMPLICIT: "implicit TLS", TlsMode.STARTTLS: "STARTTLS", TlsMode.NONE: "no encryption"}
            way = f"{smtp.host} port {smtp.port}, {modes[smtp.tls.mode]}"
        case HttpSettings() as http:
            way = service_url(http)
        case _:
            assert_never(account.transport)
    return f"Sending a test e-mail through {account.name} ({way}) as {account.sender} to {to}"


def format_step(step: Step, style: Style) -> str:
    """One phase: whether it went well, how long it took, what was learnt."""
    mark = style.paint(CROSS, Paint.ERROR) if step.error is not None else TICK
    detail = step.error.detail if step.error is not None else step.detail or str(step.reply or "")
    return f"  {mark} {step.phase:<12} {step.seconds * 1000:6.0f} ms  {_short(detail)}".rstrip()


def format_success(words: str, to: Mailbox) -> str:
    """The end of a test that worked."""
    return f"Sent. The last words were: {_short(words)}\nLook into the mailbox of {to}, its folder for spam included."


def format_failure(judged: Judged, place: Location | None, text: str, style: Style) -> str:
    """The end of a test that did not work: phase, words, cause, owner, line, fix.

    Args:
        judged: what happened.
        place: the line to change; None when no line can help.
        text: the text of the file in which it stands, passwords masked.
        style: of the terminal.
    """
    error, blame = judged.error, judged.blame
    rows = [("The server said", _short(str(error.reply))) if error.reply else ("What happened", _short(error.detail))]
    rows += [("Likely cause", blame.cause), ("Whose fault", blame.owner.value)]
    if place is not None:
        rows.append(("Line to change", format_line(place, text)))
    rows += [("What to do", blame.fix), ("More", f"maild explain {blame.finding.code}")]
    head = style.paint(f"The test e-mail was not sent: it stopped at {error.phase}.", Paint.ERROR)
    return "\n".join([head, "", *(_row(label, words, style) for label, words in rows)])


def format_line(place: Location, text: str) -> str:
    """`accounts/billing.yaml:5: username: bob`, as editors make it clickable."""
    file = printable(place.file)
    if place.span is None:
        return file
    lines = split_lines(text)
    line = lines[place.span.line - 1].strip() if place.span.line <= len(lines) else ""
    # Not even the reference: people do put tokens into the arguments of a command.
    shown = "password: …" if place.pointer == "/password" else printable(line)
    return f"{file}:{place.span.line}: {shown}"


def _row(label: str, words: str, style: Style) -> str:
    lead = f"  {label:<{_LABEL_WIDTH}}"
    if style.width is None:
        return lead + words
    return textwrap.fill(
        words,
        max(style.width, 40),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _short(words: str) -> str:
    one_line = printable(" / ".join(line.strip() for line in words.split("\n") if line.strip()))
    return one_line if len(one_line) <= _MAX_WORDS else one_line[: _MAX_WORDS - 1] + "…"
