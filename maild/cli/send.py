"""`maild send`: queue a message, from a file, from standard input, or from its parts.

Durable when it returns 0. Sends nothing itself: the daemon does, and what becomes of it stands in the receipt whose
path is printed.
"""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

import click

from maild.cli.compose import Attachment, Letter, compose
from maild.cli.options import config_option, spool_option
from maild.cli.outcome import Outcome, check_readable, parse_wait, wait_for_outcome
from maild.cli.presence import has_daemon
from maild.cli.site import find_place
from maild.cli.submit import MAX_MESSAGE_BYTES, Submission, submit
from maild.cli.words import account_names
from maild.errors import PermanentError
from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import NamedMailbox, parse_address_list
from maild.mail.priority import Priority
from maild.mail.report_wish import ReportWish, ReportWishError, parse_notify
from maild.spool.layout import Layout
from maild.spool.queue import AccountSender, NullSender, SenderChoice
from maild.spool.sidecar import Sidecar, SidecarError
from maild.spool.sidecar_keys import read_idempotency_key, read_lifetime, read_priority


class AddressListType(click.ParamType[tuple[NamedMailbox, ...]]):
    """One or several addresses, with or without display names."""

    name = "addresses"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[NamedMailbox, ...]:
        """The addresses in the text."""
        try:
            return parse_address_list(str(value))
        except AddressError as error:
            self.fail(f"{value}: {error}", param, ctx)


_ADDRESSES = AddressListType()
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The command line's values; several addresses may stand in one option, hence lists of lists."""

    file: IO[bytes] | None
    to: tuple[tuple[NamedMailbox, ...], ...]
    cc: tuple[tuple[NamedMailbox, ...], ...]
    bcc: tuple[tuple[NamedMailbox, ...], ...]
    from_: tuple[NamedMailbox, ...] | None
    subject: str
    body: str | None
    attach: tuple[Path, ...]
    account: str | None
    sender: str | None
    not_before: datetime | None
    lifetime: str | None
    priority: str | None
    key: str | None
    notify: str | None
    wait: str | None
    as_json: bool
    config: str | None
    spool: str | None


@click.command("send")
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--to", type=_ADDRESSES, multiple=True, help="Compose a message to these; may be repeated.")
@click.option("--cc", type=_ADDRESSES, multiple=True, help="Send a copy that everybody sees.")
@click.option("--bcc", type=_ADDRESSES, multiple=True, help="Send a copy that nobody sees.")
@click.option("--from", "from_", type=_ADDRESSES, help="The From header. Default: the account's address and name.")
@click.option("--subject", default="", help="The subject of a composed message.")
@click.option("--body", help="The text of a composed message. Default: standard input.")
@click.option("--attach", type=_FILE, multiple=True, help="Attach a file; may be repeated.")
@click.option(
    "--account",
    metavar="NAME",
    shell_complete=account_names,
    help="Send through this account. Default: what the routes say.",
)
@click.option(
    "--sender", metavar="ADDRESS", help='The envelope sender; "" is the null sender. Default: the account\'s.'
)
@click.option(
    "--not-before",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
    metavar="INSTANT",
    help="Not to be sent before; with a time zone, such as 2026-03-01T08:00+01:00.",
)
@click.option("--lifetime", metavar="DURATION", help="How long it is tried, such as 12h. Default: delivery.lifetime.")
@click.option(
    "--priority",
    type=click.Choice([one.value for one in Priority]),
    help="How often it has its turn beside others that wait. Default: what its header says.",
)
@click.option("--key", metavar="TEXT", help="Idempotency key: a second message of this key is not taken in.")
@click.option(
    "--notify",
    metavar="WHEN",
    help="Reports to the sender: never, or some of success,failure,delay. Default: failure,delay.",
)
@click.option(
    "--wait",
    is_flag=False,
    flag_value="",
    metavar="[DURATION]",
    help="Wait for the outcome, at most so long (--wait=30s), and end with its status as sysexits(3) has them: "
    "0 sent, 67 unknown recipient, 69 refused, 65 no message, 75 no outcome yet.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of prose.")
@config_option
@spool_option
def send(**options: Any) -> int:  # noqa: ANN401 -- click hands over what the options above say
    """Queue a message: FILE or standard input as it is, or composed with --to.

    \b
      maild send invoice.eml
      maild send --to ann@customer.example --subject "Invoice 7" --body "Here it is." --attach invoice.pdf
    """  # noqa: D301 -- click wants the control character: keep these lines as they are
    wanted = _Wanted(**options)
    place = find_place(wanted.config, wanted.spool)
    layout = Layout(place.spool)
    limit = parse_wait(wanted.wait)
    if wanted.wait is not None:
        check_readable(layout)
    submission = Submission(content=_content(wanted), account=wanted.account, envelope=_envelope(wanted))
    drop = submit(place, submission)
    is_served = has_daemon(layout)
    outcome = None if wanted.wait is None else wait_for_outcome(layout, drop, limit)
    if wanted.as_json:
        ending = {} if outcome is None else {"status": outcome.status, "outcome": outcome.sentence}
        click.echo(json.dumps({"drop": drop, "receipt": str(layout.receipt(drop)), "daemon": is_served, **ending}))
    else:
        _report(layout, drop, outcome, is_served=is_served)
    return 0 if outcome is None else outcome.status


def _content(wanted: _Wanted) -> bytes:
    """The message, composed or read."""
    is_composed = bool(wanted.to or wanted.cc or wanted.bcc)
    if is_composed and wanted.file is not None:
        raise click.UsageError("Either FILE, which says itself whom it is for, or --to; not both.")
    if is_composed:
        return compose(_letter(wanted))
    if wanted.from_ or wanted.subject or wanted.body is not None or wanted.attach:
        raise click.UsageError("A message is composed with --to, --cc or --bcc; none of them was given.")
    return _read(sys.stdin.buffer if wanted.file is None else wanted.file)


def _letter(wanted: _Wanted) -> Letter:
    senders = wanted.from_ or ()
    if len(senders) > 1:
        raise click.UsageError("--from takes one address.")
    text = wanted.body
    return Letter(
        to=tuple(chain.from_iterable(wanted.to)),
        cc=tuple(chain.from_iterable(wanted.cc)),
        bcc=tuple(chain.from_iterable(wanted.bcc)),
        sender=senders[0] if senders else None,
        subject=wanted.subject,
        body=_read(sys.stdin.buffer).decode("utf-8", "replace") if text is None else text,
        attachments=tuple(Attachment(name=path.name, data=path.read_bytes()) for path in wanted.attach),
    )


def _read(stream: IO[bytes]) -> bytes:
    """The whole of it; a terminal is asked for nothing, since somebody would sit before it and wonder."""
    if stream.isatty():
        raise click.UsageError("Nothing to send: name a FILE, pipe a message in, or compose one with --to and --body.")
    content = stream.read(MAX_MESSAGE_BYTES + 1)
    if len(content) > MAX_MESSAGE_BYTES:
        raise PermanentError(f"The message is larger than {MAX_MESSAGE_BYTES // 1000**2} MB, which no provider takes.")
    return content


def _sender(text: str | None) -> SenderChoice:
    if text is None:
        return AccountSender()
    if text in {"", "<>"}:
        return NullSender()
    try:
        return Mailbox.parse(text)
    except AddressError as error:
        raise click.UsageError(f"--sender {text}: {error}") from error


def _envelope(wanted: _Wanted) -> Sidecar:
    """What the options say, read as the same words in an envelope file are."""
    try:
        notify = None if wanted.notify is None else parse_notify(wanted.notify.split(","))
        return Sidecar(
            sender=_sender(wanted.sender),
            lifetime=read_lifetime(wanted.lifetime),
            not_before=None if wanted.not_before is None else wanted.not_before.astimezone(UTC),
            priority=read_priority(wanted.priority),
            idempotency_key=read_idempotency_key(wanted.key),
            wish=ReportWish(notify=notify),
        )
    except (SidecarError, ReportWishError) as error:
        raise click.UsageError(str(error).replace("the envelope file's ", "the ")) from error


def _report(layout: Layout, drop: str, outcome: Outcome | None, *, is_served: bool | None) -> None:
    click.echo(f"queued as {drop}")
    click.echo(f"receipt   {layout.receipt(drop)}")
    if outcome is not None:
        click.echo(f"outcome   {outcome.sentence}", err=outcome.status != 0)
    elif is_served is False:
        click.echo(f"No daemon is at work on {layout.root}: it waits there until `maild run` is started.", err=True)
