"""Waits for the outcome of a drop by its receipt, and turns it into an exit status of sysexits(3).

For `--wait` of `maild send` and `maild-sendmail`. A receipt is replaced as a whole at each change, so looking at it
again and again is all there is to it. What can go wrong: receipts that may not be read (`ReceiptsHiddenError`), which
is asked before anything is queued.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from maild.cli.presence import has_daemon
from maild.config.duration import parse_duration
from maild.errors import MaildError, TemporaryError, UsageError
from maild.spool.layout import Layout
from maild.spool.open_receipts import MAX_RECEIPT_BYTES

EX_OK: Final = 0
EX_DATAERR: Final = 65
EX_NOUSER: Final = 67
EX_UNAVAILABLE: Final = 69
EX_TEMPFAIL: Final = 75

FIRST_LOOK_S: Final = 0.01
LONGEST_LOOK_S: Final = 0.25

_UNKNOWN_USER: Final = (" 5.1.1 ", " 5.1.2 ", " 5.1.3 ", " 5.1.6 ", " 5.1.10 ")


class ReceiptsHiddenError(MaildError):
    """The outcome cannot be waited for (EX_NOPERM)."""

    exit_status = 77


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of it: an exit status and a sentence."""

    status: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What passes while somebody waits; tests have their own.

    Attributes:
        seconds: a clock that never goes back.
        sleep: lets so many seconds pass.
        has_daemon: whether anybody is there to send; None: nobody can tell.
    """

    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    has_daemon: Callable[[Layout], bool | None] = has_daemon


def parse_wait(text: str | None) -> timedelta | None:
    """How long to wait at most by the value of `--wait`; None when it has none: until there is an outcome.

    Raises:
        UsageError: it is no duration.
    """
    if not text:
        return None
    limit = parse_duration(text)
    if limit is None:
        raise UsageError(f"--wait={text}: a duration is a number and a unit, such as 30s or 5m.")
    return limit


def check_readable(layout: Layout) -> None:
    """See that receipts can be read, before something is queued whose outcome could never be told.

    Raises:
        ReceiptsHiddenError: they cannot.
        TemporaryError: there are none yet.
    """
    try:
        layout.receipts.stat()
    except FileNotFoundError as error:
        raise TemporaryError(
            f"The outcome cannot be waited for, because no daemon has ever run on {layout.root}: "
            "start maild, or leave --wait away. Nothing was queued."
        ) from error
    except OSError:
        pass
    if not os.access(layout.receipts, os.R_OK | os.X_OK):
        raise ReceiptsHiddenError(
            f"The outcome cannot be waited for, because {layout.receipts} may not be read here: "
            "become a member of its group, or leave --wait away. Nothing was queued."
        )


def wait_for_outcome(layout: Layout, drop: str, limit: timedelta | None, watch: Watch | None = None) -> Outcome:
    """Wait until it is known what became of a drop, at most so long."""
    passing = watch or Watch()
    began_s, pause_s = passing.seconds(), FIRST_LOOK_S
    has_followed = False
    while True:
        receipt = _read(layout, drop)
        outcome = None if receipt is None else _outcome_of(receipt)
        if outcome is not None:
            return outcome
        if receipt is not None and receipt.get("state") == "repeated" and not has_followed:
            # The message of its key is another drop's, and that one's receipt says what became of it.
            drop, has_followed = receipt["of"], True
            continue
        if passing.has_daemon(layout) is False:
            return Outcome(
                status=EX_TEMPFAIL, sentence=f"No daemon is at work on {layout.root}: it waits there. {KEPT}"
            )
        left_s = float("inf") if limit is None else began_s + limit.total_seconds() - passing.seconds()
        if left_s <= 0:
            return Outcome(status=EX_TEMPFAIL, sentence=f"{_waiting_words(receipt)} {KEPT}")
        passing.sleep(min(pause_s, left_s))
        pause_s = min(2 * pause_s, LONGEST_LOOK_S)


KEPT: Final = "It is queued and will be tried further: do not send it again."


def _outcome_of(receipt: Mapping[str, Any]) -> Outcome | None:
    """What a receipt comes to; None: nothing yet."""
    match receipt.get("state"):
        case "failed":
            return _failure(receipt)
        case "rejected":
            return Outcome(status=EX_DATAERR, sentence=f"It is no message: {receipt.get('detail')}.")
        case "repeated" if receipt.get("of") is None:
            return Outcome(status=EX_OK, sentence="It was queued before, under the same key.")
        case str() as state:
            return _SIMPLE.get(state)
        case _:
            return None


_SIMPLE: Final[Mapping[str, Outcome]] = {
    "sent": Outcome(status=EX_OK, sentence="sent: the server took it for every recipient."),
    "deleted": Outcome(status=EX_UNAVAILABLE, sentence="Somebody deleted it from the queue."),
    "held": Outcome(status=EX_TEMPFAIL, sentence="It is held until somebody releases it. Do not send it again."),
}


def _failure(receipt: Mapping[str, Any]) -> Outcome:
    failed = [one for one in receipt.get("recipients", ()) if one["state"] == "failed" and not one["is_copy"]]
    words = "; ".join(f"{one['address']}: {_words(one)}" for one in failed[:3])
    more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
    # A server's reply begins with its code and, mostly, an enhanced code (RFC 3463 §3.2: the mailbox or its domain).
    is_unknown = bool(failed) and all(any(code in f"{one['reply']} "[3:11] for code in _UNKNOWN_USER) for one in failed)
    status = EX_NOUSER if is_unknown else EX_UNAVAILABLE
    return Outcome(status=status, sentence=f"It could not be delivered: {words}{more}.")


def _waiting_words(receipt: Mapping[str, Any] | None) -> str:
    if receipt is None:
        return "It was not taken in yet."
    waiting = [words for one in receipt.get("recipients", ()) if one["state"] != "delivered" and (words := _words(one))]
    return f"There is no outcome yet: {waiting[0]}." if waiting else "There is no outcome yet."


def _words(recipient: Mapping[str, Any]) -> str:
    reply, reason = recipient["reply"], recipient["reason"]
    if reason and reply and reply not in reason:
        return f"{reason} ({reply})"
    return reason or reply or ""


def _read(layout: Layout, drop: str) -> Mapping[str, Any] | None:
    try:
        with layout.receipt(drop).open("rb") as file:
            receipt: object = json.loads(file.read(MAX_RECEIPT_BYTES))
    except FileNotFoundError:
        return None
    except PermissionError:
        raise ReceiptsHiddenError(f"The receipt of {drop} may not be read here. {KEPT}") from None
    return receipt if isinstance(receipt, dict) else None
