"""The flags of sendmail(1) as forty years of callers write them: clustered, attached, in any order, mostly ignored.

Pure: arguments in, a value out. What each flag means is in the table of `parse_flags`. Deviates: flags nobody here
knows are ignored, as every drop-in does, since a cron that stops sending over `-oee` helps nobody; but the modes that
would make sendmail another program (-bd, -bv) are refused, because to pretend would lose mail.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maild.errors import UsageError
from maild.mail.report_wish import USUAL_WISH, ReportWish, ReportWishError, check_envelope_id, parse_notify

_TAKES_VALUE: Final = frozenset("ABCDFLMNORVXefhopr")
"""Flags whose value follows, attached or as the next argument: the union of sendmail 8's and Postfix's."""

_MAY_HAVE_VALUE: Final = frozenset("dq")
"""Flags whose value is only ever attached: -d0.1, -q15m."""

_MODES: Final = frozenset("mpis")

_LONG: Final = frozenset({"--config", "--spool", "--account"})
"""maild's own, for callers who have no other way to say it."""


class Mode(StrEnum):
    """What to do: take a message (-bm, the default), speak SMTP (-bs), print the queue (-bp), try all now (-q), nothing
    (-bi).
    """

    SEND = "send"
    SMTP = "smtp"
    PRINT_QUEUE = "print queue"
    RETRY_ALL = "retry all"
    NOTHING = "nothing"
    HELP = "help"
    VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What the caller asked for.

    Attributes:
        sender: -f or -r as written; "" or "<>" is the null sender; None: the account's own address.
        full_name: -F, used when the message has no From of its own.
        reads_headers: -t, recipients stand in To, Cc and Bcc; those given as arguments are added.
        dot_ends: a line with a lone dot ends the message; off with -i, -oi.
        queue_run: what follows -q; -qRx, -qSx and -qIx try only what is for such a recipient, from such a sender or
            of such an id.
        wish: -N, -R and -V, what the sender wants to hear about the message.
        require_daemon: fail when no daemon is there to send what is queued.
        waits: wait for the outcome and end with its status, at most so long; an empty text is for ever.
    """

    mode: Mode = Mode.SEND
    sender: str | None = None
    full_name: str = ""
    reads_headers: bool = False
    dot_ends: bool = True
    is_verbose: bool = False
    queue_run: str = ""
    wish: ReportWish = USUAL_WISH
    require_daemon: bool = False
    waits: str | None = None
    recipients: tuple[str, ...] = ()
    config: str | None = None
    spool: str | None = None
    account: str | None = None


def parse_flags(arguments: Sequence[str]) -> Flags:
    """Read a command line.

    Raises:
        UsageError: a flag lacks its value or has a wrong one, or asks for a mode that maild-sendmail does not have.
    """
    found: dict[str, str] = {}
    switches: set[str] = set()
    recipients: list[str] = []
    for flag, value in _flags(arguments):
        match flag:
            case "":
                recipients.append(value)
            case "r":
                found["f"] = value
            case "o" | "O" if value.lower() in {"i", "ignoredots", "ignoredots=true"}:
                switches.add("i")
            case "b":
                found["b"] = value[:1]
            case _ if flag in _TAKES_VALUE or flag in _LONG or flag == "--wait":
                found[flag] = value
            case "q":
                found["q"] = value
                switches.add("q")
            case _:
                switches.add(flag)
    return Flags(
        mode=_mode(found.get("b", "m"), switches),
        sender=found.get("f"),
        full_name=found.get("F", ""),
        reads_headers="t" in switches,
        dot_ends="i" not in switches,
        is_verbose="v" in switches,
        queue_run=found.get("q", ""),
        wish=_wish(found),
        require_daemon="--require-daemon" in switches,
        waits=found.get("--wait"),
        recipients=tuple(recipients),
        config=found.get("--config"),
        spool=found.get("--spool"),
        account=found.get("--account"),
    )


def _wish(found: Mapping[str, str]) -> ReportWish:
    if not {"N", "R", "V"} & found.keys():
        return USUAL_WISH
    returns = found.get("R", "hdrs").lower()
    if returns not in {"full", "hdrs"}:
        raise UsageError(f"-R {returns}: it is full or hdrs.")
    try:
        return ReportWish(
            notify=parse_notify(found["N"].split(",")) if "N" in found else None,
            is_full=returns == "full",
            envelope_id=check_envelope_id(found["V"]) if "V" in found else None,
        )
    except ReportWishError as error:
        raise UsageError(f"-N, -V: {error}.") from error


def _mode(letter: str, switches: set[str]) -> Mode:
    if "--help" in switches:
        return Mode.HELP
    if "--version" in switches:
        return Mode.VERSION
    if letter not in _MODES:
        raise UsageError(f"-b{letter} is not something maild-sendmail does: it only takes messages into the queue.")
    if letter == "p":
        return Mode.PRINT_QUEUE
    if letter == "i" or "I" in switches:
        return Mode.NOTHING
    if letter == "s":
        return Mode.SMTP
    return Mode.RETRY_ALL if "q" in switches else Mode.SEND


def _flags(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each flag with its value; a recipient has no flag. Flags may stand between recipients, as getopt(3) has it."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            yield from (("", recipient) for recipient in rest)
        elif argument.startswith("--"):
            yield _long(argument, rest)
        elif argument.startswith("-") and argument != "-":
            yield from _cluster(argument[1:], rest)
        else:
            yield "", argument


def _long(argument: str, rest: Iterator[str]) -> tuple[str, str]:
    name, has_value, value = argument.partition("=")
    if name in _LONG and not has_value:
        return name, _next_value(name, rest)
    return name, value


def _cluster(letters: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    """`-ti` is -t and -i; from the first flag that takes a value on, the letters are the value."""
    for index, letter in enumerate(letters):
        attached = letters[index + 1 :]
        if letter in _MAY_HAVE_VALUE:
            yield letter, attached
            return
        if letter in _TAKES_VALUE or letter == "b":
            yield letter, attached or _next_value(f"-{letter}", rest)
            return
        yield letter, ""


def _next_value(name: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise UsageError(f"{name} needs a value after it.")
    return value
