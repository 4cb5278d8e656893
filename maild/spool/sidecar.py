"""The envelope file beside a drop: `x.env.json` for `x.eml`, renamed in before it (`schemas/envelope.schema.json`).

Pure. For programs that know who a message is from and for better than its header does. What can go wrong is
`SidecarError`; the drop is then rejected as a whole, because sending it by its header could send it to the wrong
people.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.priority import Priority
from maild.mail.report_wish import USUAL_WISH, ReportWish, format_notify
from maild.spool.queue import AccountSender, NullSender, SenderChoice
from maild.spool.sidecar_keys import (
    FROM_ACCOUNT,
    SidecarError,
    is_account_name,
    read_account,
    read_envelope_id,
    read_idempotency_key,
    read_lifetime,
    read_not_before,
    read_notify,
    read_priority,
    read_recipients,
    read_require_tls,
    read_return,
    read_sender,
    read_sha256,
)

__all__ = ["MAX_SIDECAR_BYTES", "Sidecar", "SidecarError", "format_sidecar", "is_account_name", "parse_sidecar"]

MAX_SIDECAR_BYTES: Final = 1024 * 1024
VERSION: Final = 1

_KEYS: Final = frozenset(
    {
        "version",
        "sender",
        "recipients",
        "account",
        "lifetime",
        "not_before",
        "priority",
        "idempotency_key",
        "notify",
        "return",
        "envelope_id",
        "require_tls",
        "sha256",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What an envelope file says.

    Attributes:
        sender: the reverse-path.
        recipients: whom it goes to; empty: whom the header names.
        account: the account asked for; None: the drop's folder or the routes decide.
        lifetime: how long it is tried, from when it may be sent first; None: the site's.
        not_before: when it may be sent first; None: at once.
        priority: how urgent it is; None: as its header says.
        idempotency_key: a second message of this key is not taken in; None: it is one of its own.
        wish: what the sender wants to hear about it.
        requires_tls: whether it goes over verified TLS all the way or not at all (RFC 8689).
        sha256: of the drop's bytes, in lower-case hexadecimal, as proof that it is whole; None: there is none.
    """

    sender: SenderChoice = FROM_ACCOUNT
    recipients: tuple[Mailbox, ...] = ()
    account: str | None = None
    lifetime: timedelta | None = None
    not_before: datetime | None = None
    priority: Priority | None = None
    idempotency_key: str | None = None
    wish: ReportWish = USUAL_WISH
    requires_tls: bool = False
    sha256: str | None = None


def parse_sidecar(data: bytes) -> Sidecar:
    """What the file says.

    Raises:
        SidecarError: it is no JSON object of this form, or a value in it cannot be understood.
    """
    document = _object(data)
    unknown = sorted(document.keys() - _KEYS)
    if unknown:
        raise SidecarError(f"the envelope file has a key that nothing reads: {unknown[0]!a}")
    # A newer maild may mean something by a key that this one would misread.
    if document.get("version", VERSION) != VERSION or isinstance(document.get("version"), bool):
        raise SidecarError(f"the envelope file's version is not {VERSION}")
    return Sidecar(
        sender=read_sender(document.get("sender")),
        recipients=read_recipients(document.get("recipients")),
        account=read_account(document.get("account")),
        lifetime=read_lifetime(document.get("lifetime")),
        not_before=read_not_before(document.get("not_before")),
        priority=read_priority(document.get("priority")),
        idempotency_key=read_idempotency_key(document.get("idempotency_key")),
        wish=ReportWish(
            notify=read_notify(document.get("notify")),
            is_full=read_return(document.get("return")),
            envelope_id=read_envelope_id(document.get("envelope_id")),
        ),
        requires_tls=read_require_tls(document.get("require_tls")),
        sha256=read_sha256(document.get("sha256")),
    )


def format_sidecar(sidecar: Sidecar) -> bytes:
    """The file that says this."""
    document: dict[str, object] = {"version": VERSION}
    match sidecar.sender:
        case AccountSender():
            pass
        case NullSender():
            document["sender"] = ""
        case mailbox:
            document["sender"] = str(mailbox)
    if sidecar.recipients:
        document["recipients"] = [str(mailbox) for mailbox in sidecar.recipients]
    wish = sidecar.wish
    optional = {
        "account": sidecar.account,
        "lifetime": None if sidecar.lifetime is None else f"{sidecar.lifetime.total_seconds():.3f}s",
        "not_before": None if sidecar.not_before is None else sidecar.not_before.isoformat(),
        "priority": sidecar.priority,
        "idempotency_key": sidecar.idempotency_key,
        "notify": None if wish.notify is None else format_notify(wish.notify),
        "return": "full" if wish.is_full else None,
        "envelope_id": wish.envelope_id,
        "require_tls": sidecar.requires_tls or None,
        "sha256": sidecar.sha256,
    }
    document |= {key: value for key, value in optional.items() if value is not None}
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def _object(data: bytes) -> Mapping[str, object]:
    if len(data) > MAX_SIDECAR_BYTES:
        raise SidecarError(f"the envelope file is larger than {MAX_SIDECAR_BYTES // 1024} KiB")
    try:
        document: object = json.loads(data, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        raise SidecarError(f"the envelope file is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise SidecarError("the envelope file holds no JSON object")
    return document


def _without_doubles(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!a} stands in it twice")
        found[key] = value
    return found
