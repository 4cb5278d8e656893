"""`maild-sendmail -bs`: an SMTP dialogue on standard input and output, for programs that speak nothing else.

Shell code around `maild.cli.dialogue`. Each message is durable before its end is answered with 250.
"""

import os
from typing import BinaryIO, Final

from maild.cli.dialogue import MAX_LINE_OCTETS, Dialogue, Letter
from maild.cli.local_mail import is_local_user
from maild.cli.piped import with_full_addresses
from maild.cli.sendmail import local_recipient
from maild.cli.sendmail_flags import Flags
from maild.cli.site import Place, find_place
from maild.cli.submit import MAX_MESSAGE_BYTES, Submission, submit
from maild.errors import MaildError, PermanentError
from maild.mail.address import AddressError, Mailbox
from maild.spool.queue import AccountSender, NullSender, SenderChoice
from maild.spool.sidecar import Sidecar

_LONGEST_READ: Final = MAX_MESSAGE_BYTES + MAX_LINE_OCTETS


class SpoolDesk:
    """Puts what a dialogue brings into the drop folder."""

    def __init__(self, place: Place, account: str | None) -> None:
        self._place = place
        self._account = account

    def sender(self, text: str) -> SenderChoice:
        """See the port."""
        if is_local_user(text):
            # As with -f root: the account's own address stands in.
            return AccountSender()
        return _address(text) if text else NullSender()

    def recipient(self, text: str) -> Mailbox:
        """See the port."""
        return local_recipient(text, self._place) if is_local_user(text) else _address(text)

    def take(self, letter: Letter) -> str:
        """See the port."""
        envelope = Sidecar(sender=letter.sender, recipients=letter.recipients, wish=letter.wish)
        try:
            content = with_full_addresses(letter.content, None)
            submission = Submission(content=content, account=self._account, envelope=envelope)
            drop = submit(self._place, submission)
        except PermanentError as error:
            return f"554 5.6.0 {_shown(error)}"
        except MaildError as error:
            return f"451 4.3.0 {_shown(error)}"
        except OSError as error:
            # The disk is full, or the spool not there: the other side keeps the message and may try again.
            return f"451 4.3.1 {error.strerror or 'It cannot be written now'}"
        return f"250 2.0.0 Queued as {drop}"


def speak_smtp(flags: Flags, stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Speak until QUIT or the end of the input."""
    desk = SpoolDesk(find_place(flags.config, flags.spool), flags.account)
    dialogue = Dialogue(os.uname().nodename, desk, MAX_MESSAGE_BYTES)
    _say(stdout, dialogue.greeting())
    while not dialogue.is_over and (line := stdin.readline(_LONGEST_READ)):
        reply = dialogue.answer(line)
        if reply:
            _say(stdout, reply)


def _address(text: str) -> Mailbox:
    try:
        return Mailbox.parse(text)
    except AddressError as error:
        raise PermanentError(str(error)) from error


def _say(stdout: BinaryIO, reply: str) -> None:
    stdout.write(reply.encode("ascii", "replace") + b"\r\n")
    stdout.flush()


def _shown(error: Exception) -> str:
    return str(error).replace("\r", " ").replace("\n", " ")[:400]
