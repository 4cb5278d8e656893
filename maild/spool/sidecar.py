"""The envelope file beside a drop: `x.env.json` for `x.eml`, renamed in before it (`schemas/envelope.schema.json`).

Pure. For programs that know who a message is from and for better than its header does. What can go wrong is
`SidecarError`; the drop is then rejected as a whole, because sending it by its header could send it to the wrong
people.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maild.errors import PermanentError
from maild.mail.address import AddressError, Mailbox
from maild.mail.message import MAX_RECIPIENTS
from maild.spool.queue import AccountSender, NullSender, SenderChoice

MAX_SIDECAR_BYTES: Final = 1024 * 1024
VERSION: Final = 1

_FROM_ACCOUNT: Final = AccountSender()
_KEYS: Final = frozenset({"version", "sender", "recipients", "account"})
# The name of an account is the name of its file: no folders, nothing hidden.
_ACCOUNT: Final = re.compile(r"[^./\x00-\x1f\x7f][^/\x00-\x1f\x7f]{0,199}")


class SidecarError(PermanentError):
    """The envelope file cannot be understood; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What an envelope file says.

    Attributes:
        sender: the reverse-path.
        recipients: whom it goes to; empty: whom the header names.
        account: the account asked for; None: the drop's folder or the routes decide.
    """

    sender: SenderChoice = _FROM_ACCOUNT
    recipients: tuple[Mailbox, ...] = ()
    account: str | None = None


def parse_sidecar(data: bytes) -> Sidecar:
    """What the file says.

    Raises:
        SidecarError: it is no JSON object of this form, or an address in it is none.
    """
    if len(data) > MAX_SIDECAR_BYTES:
        raise SidecarError(f"the envelope file is larger than {MAX_SIDECAR_BYTES // 1024} KiB")
    try:
        document: object = json.loads(data, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        raise SidecarError(f"the envelope file is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise SidecarError("the envelope file holds no JSON object")
    unknown = sorted(document.keys() - _KEYS)
    if unknown:
        raise SidecarError(f"the envelope file has a key that nothing reads: {unknown[0]!a}")
    # A newer maild may mean something by a key that this one would misread.
    if document.get("version", VERSION) != VERSION or isinstance(document.get("version"), bool):
        raise SidecarError(f"the envelope file's version is not {VERSION}")
    return Sidecar(
        sender=_sender(document.get("sender")),
        recipients=_recipients(document.get("recipients")),
        account=_account(document.get("account")),
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
    if sidecar.account is not None:
        document["account"] = sidecar.account
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def is_account_name(name: str) -> bool:
    """Whether an account can have this name at all; whether there is one is for the routes to say."""
    return _ACCOUNT.fullmatch(name) is not None and name.isprintable()


def _without_doubles(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!a} stands in it twice")
        found[key] = value
    return found


def _sender(value: object) -> SenderChoice:
    if value is None:
        return _FROM_ACCOUNT
    if value == "":
        return NullSender()
    return _mailbox("sender", value)


def _recipients(value: object) -> tuple[Mailbox, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        raise SidecarError("the envelope file's recipients are no list of addresses")
    if len(value) > MAX_RECIPIENTS:
        raise SidecarError(f"the envelope file has more than {MAX_RECIPIENTS} recipients")
    return tuple(dict.fromkeys(_mailbox("recipients", one) for one in value))


def _account(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not is_account_name(value):
        raise SidecarError("the envelope file's account is no name of an account")
    return value


def _mailbox(key: str, value: object) -> Mailbox:
    if not isinstance(value, str):
        raise SidecarError(f"the envelope file's {key} holds something that is no text")
    try:
        return Mailbox.parse(value)
    except AddressError as error:
        raise SidecarError(f"the envelope file's {key} holds something that is no address: {error}") from error
