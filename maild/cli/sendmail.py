"""`maild-sendmail`: sendmail(1) for programs that know no other way, such as cron, PHP and mailx.

Takes the message from standard input and queues it; never returns 0 before it is durable. Exit statuses are those of
sysexits(3), so that a caller tries again only what may work later. The flags are in `maild.cli.sendmail_flags`. Called
by the names mailq and newaliases it does what those do, so it can stand in for all of them by links.

Deviates from sendmail: maild hands everything to a provider and has no local users. Mail to an address without a
domain goes to `local_mail` of maild.yaml, and is refused without that; where it is only the sender that has none
(`-f root`), the account's own address stands in.
"""

import sys
from collections.abc import Sequence
from pathlib import PurePath
from typing import BinaryIO, Final

from maild import __version__
from maild.cli.local_mail import is_local_user, names_local_recipients
from maild.cli.piped import read_message, with_full_addresses, with_header
from maild.cli.sendmail_flags import Flags, Mode, parse_flags
from maild.cli.site import Place, find_place, site_of
from maild.cli.submit import Submission, submit
from maild.errors import MaildError, PermanentError, TemporaryError, UsageError
from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import parse_address_list
from maild.mail.message import recipients_of, split_message
from maild.spool.layout import Layout
from maild.spool.queue import AccountSender, NullSender, SenderChoice
from maild.spool.sidecar import Sidecar

EX_OK: Final = 0
EX_NOUSER: Final = 67
EX_SOFTWARE: Final = 70
EX_TEMPFAIL: Final = 75

HELP: Final = """\
Usage: maild-sendmail [-t] [-i] [-f ADDRESS] [-F NAME] [-N WHEN] [--account NAME] [--config DIR] [--spool DIR]
                      [--wait[=30s]] [RECIPIENT ..]
Queues the message on standard input. -t takes the recipients from To, Cc and Bcc; -i lets a lone dot be text;
-N says when to report: never, or some of success,failure,delay; -R full brings the whole message back with it;
-bs speaks SMTP; -bp prints the queue, -q has everything tried now; --wait ends with what became of the message;
--require-daemon fails when no daemon is there to send.
Other flags of sendmail(1) are accepted and change nothing."""

_OTHER_NAMES: Final = {"mailq": "-bp", "newaliases": "-bi"}


class UnknownUserError(PermanentError):
    """A recipient that is no full address (EX_NOUSER)."""

    exit_status = EX_NOUSER


def main() -> int:
    """Do what this process's command line says and return the exit status."""
    return sendmail(arguments_for(sys.argv), sys.stdin.buffer)


def arguments_for(command: Sequence[str]) -> list[str]:
    """The arguments of a command line; the name of another program says what that one would do."""
    other = _OTHER_NAMES.get(PurePath(command[0]).name)
    return [*([] if other is None else [other]), *command[1:]]


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
            sys.stdout.write(HELP + "\n")
        case Mode.VERSION:
            sys.stdout.write(f"maild-sendmail, version {__version__}\n")
        case Mode.NOTHING:
            pass
        case Mode.PRINT_QUEUE:
            return _queue_command(flags, "list")
        case Mode.RETRY_ALL:
            return _queue_command(flags, "retry", *_wanted(flags.queue_run))
        case Mode.SMTP:
            from maild.cli.sendmail_smtp import speak_smtp  # noqa: PLC0415 -- few speak it

            speak_smtp(flags, stdin, sys.stdout.buffer)
        case Mode.SEND:
            return _send(flags, stdin)
    return EX_OK


def _wanted(queue_run: str) -> Sequence[str]:
    """Which messages `-q` means: by recipient, sender or id as sendmail 8 has it; an interval means all, once."""
    kind, piece = queue_run[:1], queue_run[1:]
    if piece and kind in {"R", "S"}:
        return ("--recipient" if kind == "R" else "--sender", f"*{piece}*")
    return (piece,) if piece and kind == "I" else ("--all",)


def _queue_command(flags: Flags, *arguments: str) -> int:
    """What mailq does is `maild queue`, which is loaded only for this."""
    from maild.cli.main import main as maild  # noqa: PLC0415 -- a mail from cron must not pay for it

    places = [("--config", flags.config), ("--spool", flags.spool)]
    named = [word for option, value in places if value is not None for word in (option, value)]
    return EX_OK if maild(["queue", *arguments, *named]) == 0 else EX_TEMPFAIL


def _send(flags: Flags, stdin: BinaryIO) -> int:
    if not flags.recipients and not flags.reads_headers:
        raise UsageError("Nobody is named to receive it: name recipients, or use -t to take them from the header.")
    place = find_place(flags.config, flags.spool)
    layout = Layout(place.spool)
    if flags.require_daemon:
        _require_daemon(layout)
    if flags.waits is not None:
        from maild.cli.outcome import check_readable, parse_wait  # noqa: PLC0415 -- few wait

        parse_wait(flags.waits)
        check_readable(layout)
    recipients = tuple(mailbox for text in flags.recipients for mailbox in _recipients(text, place))
    sender = _sender(flags)
    content = _content(flags, stdin, recipients, place)
    if flags.reads_headers and recipients:
        # As Postfix does: those of the command line come on top of those in the header.
        recipients = tuple(dict.fromkeys((*recipients, *recipients_of(split_message(content).header))))
    envelope = Sidecar(sender=sender, recipients=recipients, wish=flags.wish)
    drop = submit(place, Submission(content=content, account=flags.account, envelope=envelope))
    if flags.is_verbose:
        sys.stderr.write(f"queued as {drop}\n")
    return EX_OK if flags.waits is None else _wait(layout, drop, flags.waits)


def _content(flags: Flags, stdin: BinaryIO, recipients: tuple[Mailbox, ...], place: Place) -> bytes:
    content = with_full_addresses(read_message(stdin, dot_ends=flags.dot_ends), None)
    content = with_header(content, recipients, _sender(flags), flags.full_name)
    if names_local_recipients(split_message(content).header):
        local_mail = _local_mail(place)
        if local_mail is None and flags.reads_headers:
            raise UnknownUserError(_no_domain("The header names a user of this machine, and that"))
        content = with_full_addresses(content, local_mail)
    return content


def _wait(layout: Layout, drop: str, waits: str) -> int:
    from maild.cli.outcome import parse_wait, wait_for_outcome  # noqa: PLC0415 -- as above

    outcome = wait_for_outcome(layout, drop, parse_wait(waits))
    if outcome.status != EX_OK:
        sys.stderr.write(f"maild-sendmail: {drop}: {outcome.sentence}\n")
    return outcome.status


def _recipients(text: str, place: Place) -> tuple[Mailbox, ...]:
    """The addresses of one argument, which may be a whole list."""
    if is_local_user(text):
        return (local_recipient(text, place),)
    try:
        return tuple(named.mailbox for named in parse_address_list(text))
    except AddressError as error:
        raise UnknownUserError(f"{text} is no full mail address: {error}.") from error


def local_recipient(user: str, place: Place) -> Mailbox:
    """Who gets the mail of a user of this machine.

    Raises:
        UnknownUserError: the site does not say.
    """
    local_mail = _local_mail(place)
    if local_mail is None:
        raise UnknownUserError(_no_domain(user))
    return local_mail


def _no_domain(user: str) -> str:
    return (
        f"{user} is no full mail address: it has no domain. Name one who gets the mail of this machine's users in "
        "maild.yaml (local_mail: admin@example.com), or send to an address with a domain."
    )


def _local_mail(place: Place) -> Mailbox | None:
    site = site_of(place.folder)
    return None if site is None else site.local_mail


def _sender(flags: Flags) -> SenderChoice:
    if flags.sender is None:
        return AccountSender()
    text = flags.sender.strip()
    if text in {"", "<>"}:
        return NullSender()
    try:
        # `-f 'Shop <shop@shop.example>'` is what some programs write; sendmail takes the address of it.
        named = parse_address_list(text)
    except AddressError:
        return AccountSender()
    return named[0].mailbox if len(named) == 1 else AccountSender()


def _require_daemon(layout: Layout) -> None:
    from maild.cli.presence import has_daemon  # noqa: PLC0415 -- asked for by few

    if has_daemon(layout) is False:
        raise TemporaryError(f"No daemon is at work on {layout.root}.")
