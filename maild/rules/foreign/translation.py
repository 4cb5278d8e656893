"""Says the settings of another program in maild's keys: the lines of an account file. Pure.

Never a password: where it stood, the lines say how to refer to it. Values are only repeated where they have the form of
what they should be. The mode of encryption follows from the port, so it is hardly ever written.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from maild.config.document.scalar import resolve_plain
from maild.config.fault import Pointer
from maild.config.host import Host, HostAndMore, parse_host
from maild.config.pasted import meant_address, meant_host
from maild.mail.address import AddressError, Mailbox
from maild.providers.naming import server_of_company
from maild.rules.foreign.pair import EMAIL, HOST, MODE, NAME, PASSWORD, PORT, USERNAME, Pair
from maild.rules.spelling import fold

_DSN: Final = re.compile(
    r"(?P<scheme>smtps?)://(?:(?P<user>[^:@/\s]*)(?::[^@/\s]*)?@)?(?P<host>[^:/?@\s]+)(?::(?P<port>[0-9]+))?.*"
)
_BRACKETED: Final = re.compile(r"\[(?P<host>[^\]]+)\](?::(?P<port>[0-9]{1,5}))?")
_WORD: Final = re.compile(r"\w[\w.@+-]{0,99}")
_NAME: Final = re.compile(r"[^\W\d_][\w.,&-]*(?: [\w.,&-]+)*")
_SOME_HOST: Final = "smtp.example.com"
_LONGEST_NAME: Final = 60
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]{2,60}")
_REFERENCE: Final = re.compile(r"\{(?:env|file|credential): [\w./@-]+\}")
_STARTTLS: Final = frozenset({"starttls", "tls", "usetls", "emailusetls"})
_TRUE: Final = frozenset({"true", "yes", "on", "1"})


def translate(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """The lines; none where no server can be made out."""
    values = _values(pairs)
    host, port = _server(values)
    if host is None:
        host, port = _service(pairs, port)
    if host is None:
        return ()
    port = port or _port(pairs)
    where = f"host: {host}" if port is None else f"host: {host}, port: {port}"
    return ("protocol: smtp", f"smtp: {{{where}}}", *_login(values, pairs), *_sender(values))


def server_of(value: object) -> tuple[str | None, int | None]:
    """The server and the port in a value: `smtp.gmail.com:587`, `[smtp.gmail.com]:587`, `smtp://me:x@smtp.gmail.com`."""
    text = value.strip() if isinstance(value, str) else ""
    found = _DSN.fullmatch(text) or _BRACKETED.fullmatch(text)
    if found is not None:
        text = f"{found['host']}:{found['port']}" if found["port"] else found["host"]
    match parse_host(text):
        case Host(name=name):
            return (name if "." in name or name == "localhost" else None), None
        case HostAndMore(name=name, port=port):
            return name, port
        case _:
            meant = meant_host(text)
            return (None if meant is None else meant.text), None


def _values(pairs: Sequence[Pair]) -> Mapping[Pointer, object]:
    found: dict[Pointer, object] = {}
    for pair in pairs:
        place = HOST if isinstance(pair.value, str) and _DSN.fullmatch(pair.value.strip()) else pair.place
        if place is not None and pair.value not in {None, ""}:
            found.setdefault(place, pair.value)
    return found


def _server(values: Mapping[Pointer, object]) -> tuple[str | None, int | None]:
    host, port = server_of(values.get(HOST))
    written = str(values.get(PORT, "")).strip()
    if len(written) <= 5 and written.isascii() and written.isdecimal() and 0 < int(written) < 65536:
        port = int(written)
    return host, port


def _service(pairs: Sequence[Pair], port: int | None) -> tuple[str | None, int | None]:
    """The server of the company that is named instead of one, with the port that is best there.

    Of a company that nobody here knows, an example; nodemailer alone has names so.
    """
    found = next((found for pair in pairs if (found := server_of_company(pair.service)) is not None), None)
    if found is not None:
        return found.host, port or _port(pairs) or found.port
    is_nodemailer = any(pair.key.lower().endswith(("auth.user", "auth.pass")) for pair in pairs)
    is_named = is_nodemailer and any(pair.service for pair in pairs)
    return (_SOME_HOST, port) if is_named else (None, None)


def _port(pairs: Sequence[Pair]) -> int | None:
    """The port that goes with the encryption that is asked for, where none is written."""
    for pair in pairs:
        if pair.place == MODE:
            word = fold(str(pair.value))
            is_starttls = "starttls" in word or (word in _TRUE and fold(pair.word) in _STARTTLS)
            return 587 if is_starttls else 465
    return None


def _login(values: Mapping[Pointer, object], pairs: Sequence[Pair]) -> tuple[str, ...]:
    user = values.get(USERNAME)
    dsn = next((found for value in values.values() if (found := _DSN.fullmatch(str(value))) is not None), None)
    has_password = PASSWORD in values or any(pair.place == PASSWORD for pair in pairs)
    if user is None and dsn is not None and dsn["user"]:
        # It may be a key, as some services have it.
        user = "USERNAME"
    if user is None and not has_password:
        return ()
    word = str(user)
    name = word if _WORD.fullmatch(word) is not None and user is not None else "billing@example.com"
    quoted = name if isinstance(resolve_plain(name), str) else f'"{name}"'
    return f"username: {quoted}", f"password: {_reference(pairs)}"


def _reference(pairs: Sequence[Pair]) -> str:
    """How to refer to the password: by the program that printed it, by the variable it was in, or by one to be made."""
    for pair in pairs:
        if pair.place != PASSWORD:
            continue
        if fold(pair.word) == "passwordeval":
            # The arguments may be the password.
            return "{command: [PROGRAM, ARGUMENT]}"
        if is_reference(pair.value):
            return str(pair.value)
        if _VARIABLE.fullmatch(pair.word) is not None:
            return f"{{env: {pair.word}}}"
    return "{env: SMTP_PASSWORD}"


def is_reference(value: object) -> bool:
    """Whether a value is one of our references to a password already."""
    return _REFERENCE.fullmatch(str(value)) is not None


def _sender(values: Mapping[Pointer, object]) -> tuple[str, ...]:
    lines: list[str] = []
    user, sender = str(values.get(USERNAME, "")), str(values.get(EMAIL, ""))
    address = _address(sender)
    if address is not None and address != user:
        lines.append(f"email: {address}")
    elif _address(user) is None:
        lines.append("email: billing@example.com")
    name = str(values.get(NAME, ""))
    if len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None:
        lines.append(f'name: "{name}"')
    return tuple(lines)


def _address(text: str) -> str | None:
    if "@" not in text:
        return None
    meant = meant_address(text)
    address = text if meant is None else meant.text
    try:
        Mailbox.parse(address)
    except AddressError:
        return None
    return address if _WORD.fullmatch(address) is not None else None
