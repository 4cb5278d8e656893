"""`maild-sendmail`: sendmail(1) for programs that know no other way, such as cron, PHP and mailx.

Takes the message from standard input and queues it; never returns 0 before it is durable. Exit statuses are those of
sysexits(3), so that a caller tries again only what may work later. The flags are in `maild.cli.sendmail_flags`.

Deviates from sendmail: an address without a domain is refused, because maild hands everything to a provider and has
no local users; where it is only the sender that has none (`-f root`), the account's own address stands in.
"""

import sys
from collections.abc import Sequence
from typing import BinaryIO, Final

from maild import __version__
from maild.cli.sendmail_flags import Flags, Mode, parse_flags
from maild.cli.site import Place, find_place
from maild.cli.submit import MAX_MESSAGE_BYTES, Submission, submit
from maild.errors import MaildError, PermanentError, TemporaryError, UsageError
from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import NamedMailbox, parse_address_list
from maild.mail.header import HeaderError, address_field
from maild.mail.message import begins_with_field, recipients_of, split_message
from maild.spool.queue import AccountSender, NullSender, SenderChoice

EX_OK: Final = 0
EX_NOUSER: Final = 67
EX_SOFTWARE: Final = 70
EX_TEMPFAIL: Final = 75

_HELP: Final = """\
Usage: maild-sendmail [-t] [-i] [-f ADDRESS] [-F NAME] [--account NAME] [--config DIR] [--spool DIR] [RECIPIENT ..]
Queues the message on standard input. -t takes the recipients from To, Cc and Bcc; -i lets a lone dot be text;
-bp prints the queue, -q has everything tried now, --require-daemon fails when no daemon is there to send.
Other flags of sendmail(1) are accepted and change nothing."""


class UnknownUserError(PermanentError):
    """A recipient that is no full address (EX_NOUSER)."""

    exit_status = EX_NOUSER


def main() -> int:
    """Do what this process's command line says and return the exit status."""
    return sendmail(sys.argv[1:], sys.stdin.buffer)


def sendmail(arguments: Sequence[str], stdin: BinaryIO) -> int:
    """Do what a command line says and return the exit status."""
    try:
        return _run(parse_flags(arguments), stdin)
    except MaildError as error:
        return _complain(str(error), error.exit_status)
    except OSError as error:
        # Disk full, no such spool yet, no right to write: the caller keeps the message and may try again.
        return _complain(f"{error.filename or 'operating system'}: {error.strerror or error}", EX_TEMPFAIL)
    except KeyboardInterrupt:
        return EX_TEMPFAIL
    except Exception as error:  # noqa: BLE001 -- no caller may take a bug of ours for success
        return _complain(f"internal error: {type(error).__name__}", EX_SOFTWARE)


def _complain(sentence: str, status: int) -> int:
    sys.stderr.write(f"maild-sendmail: {sentence}\n")
    return status


def _run(flags: Flags, stdin: BinaryIO) -> int:
    match flags.mode:
        case Mode.HELP:
            sys.stdout.write(_HELP + "\n")
        case Mode.VERSION:
            sys.stdout.write(f"maild-sendmail, version {__version__}\n")
        case Mode.NOTHING:
            pass
        case Mode.PRINT_QUEUE:
            return _queue_command(flags, "list")
        case Mode.RETRY_ALL:
            return _queue_command(flags, "retry", "--all")
        case Mode.SEND:
            _send(flags, stdin)
    return EX_OK


def _queue_command(flags: Flags, *arguments: str) -> int:
    """What mailq does is `maild queue`, which is loaded only for this."""
    from maild.cli.main import main as maild  # noqa: PLC0415 -- a mail from cron must not pay for it

    places = [("--config", flags.config), ("--spool", flags.spool)]
    named = [word for option, value in places if value is not None for word in (option, value)]
    return EX_OK if maild(["queue", *arguments, *named]) == 0 else EX_TEMPFAIL


def _send(flags: Flags, stdin: BinaryIO) -> None:
    recipients = tuple(mailbox for text in flags.recipients for mailbox in _recipients(text))
    if not recipients and not flags.reads_headers:
        raise UsageError("Nobody is named to receive it: name recipients, or use -t to take them from the header.")
    place = find_place(flags.config, flags.spool)
    if flags.require_daemon:
        _require_daemon(place)
    sender = _sender(flags)
    content = _with_header(read_message(stdin, dot_ends=flags.dot_ends), recipients, sender, flags.full_name)
    if flags.reads_headers and recipients:
        # As Postfix does: those of the command line come on top of those in the header.
        recipients = tuple(dict.fromkeys((*recipients, *recipients_of(split_message(content).header))))
    drop = submit(place, Submission(content=content, sender=sender, recipients=recipients, account=flags.account))
    if flags.is_verbose:
        sys.stderr.write(f"queued as {drop}\n")


def read_message(stream: BinaryIO, *, dot_ends: bool, limit: int = MAX_MESSAGE_BYTES) -> bytes:
    """The message up to the end of the input, or up to a line that is a lone dot.

    Raises:
        PermanentError: it is larger than any provider takes.
    """
    lines: list[bytes] = []
    size = 0
    # The limit also bounds a single line, so that /dev/zero does not fill the memory.
    while line := stream.readline(limit + 1):
        if dot_ends and line.rstrip(b"\r\n") == b"." and line != b".":
            break
        lines.append(line)
        size += len(line)
        if size > limit:
            raise PermanentError(f"The message is larger than {limit // 1024} KiB.")
    return b"".join(lines)


def _recipients(text: str) -> tuple[Mailbox, ...]:
    """The addresses of one argument, which may be a whole list."""
    try:
        return tuple(named.mailbox for named in parse_address_list(text))
    except AddressError as error:
        raise UnknownUserError(
            f"{text} is no full mail address: {error}. maild sends to addresses with a domain only."
        ) from error


def _sender(flags: Flags) -> SenderChoice:
    if flags.sender is None:
        return AccountSender()
    text = flags.sender.strip().removeprefix("<").removesuffix(">")
    if not text:
        return NullSender()
    try:
        return Mailbox.parse(text)
    except AddressError:
        return AccountSender()


def _with_header(content: bytes, recipients: tuple[Mailbox, ...], sender: SenderChoice, full_name: str) -> bytes:
    """The message with the fields that a caller of sendmail need not write: From by -F and -f, and, where there is no
    header at all (`echo done | sendmail ann@…`), To and the blank line.
    """
    has_header = begins_with_field(content) or content.startswith(b"From ")
    added = b"" if has_header else address_field("To", [NamedMailbox(mailbox=one) for one in recipients]).raw
    if isinstance(sender, Mailbox) and (not has_header or "from" not in split_message(content).header):
        try:
            added += address_field("From", [NamedMailbox(mailbox=sender, name=full_name)]).raw
        except HeaderError as error:
            raise UsageError(f"-F: {error}") from error
    if has_header:
        return _after_mbox_line(content, added)
    # A body that begins with a blank line already has what would divide it from the header.
    return added + (b"" if content.startswith((b"\n", b"\r\n")) else b"\r\n") + content


def _after_mbox_line(content: bytes, added: bytes) -> bytes:
    """The new fields first, except where a mailbox file's "From someone Mon …" line leads."""
    if not added or not content.startswith(b"From "):
        return added + content
    line, end, rest = content.partition(b"\n")
    return line + end + added + rest


def _require_daemon(place: Place) -> None:
    from maild.cli.presence import has_daemon  # noqa: PLC0415 -- asked for by few
    from maild.spool.layout import Layout  # noqa: PLC0415

    if has_daemon(Layout(place.spool)) is False:
        raise TemporaryError(f"No daemon is at work on {place.spool}.")
