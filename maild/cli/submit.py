"""Puts a message into the drop folder, for `maild send` and `maild-sendmail`: checked first, durable when it returns.

What is wrong with the message is said to the caller here and now; the daemon would find the same later and could only
write it into `rejected/`. What can go wrong: no message (`MessageError`), no such account (`UsageError`), no room or
no right to write (`DropError`).
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from maild.cli.site import Place, site_of
from maild.config.folder import FileKind, find_files
from maild.config.load import account_name
from maild.errors import ConfigError, UsageError
from maild.mail.message import MessageError, MessageProblem, recipients_of, split_message
from maild.spool.drop import write_drop
from maild.spool.layout import Layout
from maild.spool.sidecar import Sidecar

MAX_MESSAGE_BYTES: Final = 150 * 1000**2
"""Exchange Online's largest setting is 150 MB, everybody else's is a fraction; what is larger is no mail."""

_LARGE_BYTES: Final = 500_000
"""Only for larger ones it is worth to read maild.yaml, which takes longer than all the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A message and what its envelope file shall say; `account` is the one to go through, None: the routes decide."""

    content: bytes = field(repr=False)
    account: str | None = None
    envelope: Sidecar = field(default_factory=Sidecar)


def submit(place: Place, submission: Submission) -> str:
    """Drop the message and return the drop's name, below which its receipt will appear.

    Raises:
        MessageError: the bytes are no message, or name nobody to receive it.
        UsageError: there is no account of that name.
        DropError: the drop folder is missing or cannot be written to.
    """
    if b"\0" in submission.content:
        raise MessageError(MessageProblem.NUL, "The message contains a NUL octet, which no mail server takes.")
    if len(submission.content) > _LARGE_BYTES:
        _check_size(place, len(submission.content))
    header = split_message(submission.content).header
    if not submission.envelope.recipients:
        recipients_of(header)
    if submission.account is not None:
        _check_account(place, submission.account)
    return write_drop(
        Layout(place.spool),
        submission.content,
        account=submission.account,
        envelope=None if submission.envelope == Sidecar() else submission.envelope,
    )


def _check_size(place: Place, size_bytes: int) -> None:
    """Refuse what the daemon would; where it cannot be told what it takes, it will say so itself."""
    with suppress(ConfigError):
        site = site_of(place.folder)
        limit = MAX_MESSAGE_BYTES if site is None else site.intake.max_bytes
        if size_bytes > limit:
            words = f"The message has {size_bytes} bytes, and intake.max_size of maild.yaml takes {limit} at most."
            raise MessageError(MessageProblem.TOO_LARGE, words)


def _check_account(place: Place, account: str) -> None:
    """Refuse an account that has no file. Without a configuration folder at hand the daemon will judge it."""
    if not place.folder.is_dir():
        return
    known = [account_name(source.file) for source in find_files(place.folder) if source.kind is FileKind.ACCOUNT]
    if account not in known:
        names = ", ".join(known) or "none at all"
        raise UsageError(f"There is no account {account} in {place.folder}; there are: {names}.")
