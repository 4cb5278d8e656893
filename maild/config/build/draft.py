"""Reads an account's draft: every key as far as it is valid, with the faults that only parsing finds."""

from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal, assert_never

from maild.config.build.account_dns import read_account_dns
from maild.config.build.blame import bad_host, bad_login
from maild.config.build.mail_service import judge_service
from maild.config.build.oauth import read_oauth
from maild.config.build.reader import DurationRange, Reader, SizeRange
from maild.config.build.retrying import LIFETIME, read_retry
from maild.config.delivery_settings import AccountDelivery, OnUncertain
from maild.config.document import Document
from maild.config.draft import AccountDraft
from maild.config.envelope_place import EnvelopePlace
from maild.config.fault import (
    DependentKeyMissing,
    HostWithExtras,
    InvalidText,
    InvalidUrl,
    LiteralSecret,
    MutuallyExclusive,
    Pointer,
)
from maild.config.host import Host, HostAndMore, NoHost, parse_host
from maild.config.model import AuthMechanism, HttpKind, Limits, ReplyToPolicy, TlsMode, TlsVersion
from maild.config.password import PASSWORD, is_literal_secret, secret_reference
from maild.config.pin import Pin, parse_pin
from maild.config.proxy import NoProxy, Proxy, ProxyLogin, parse_proxy
from maild.config.schema.kind import shown
from maild.config.url import NoUrl, parse_url
from maild.mail.address import AddressError, Mailbox
from maild.secret import SecretReference

_HOST: Final = Pointer("/smtp/host")
_URL: Final = Pointer("/http/url")
_USERNAME: Final = Pointer("/username")
_EMAIL: Final = Pointer("/email")
_BRACKETS: Final = frozenset("([{<&")
_AUTH: Final = Pointer("/smtp/auth")
_OAUTH: Final = Pointer("/oauth")
_CERT_FILE: Final = Pointer("/smtp/tls/cert_file")
_OF_TLS: Final = frozenset({AuthMechanism.EXTERNAL, AuthMechanism.SCRAM_SHA_1_PLUS, AuthMechanism.SCRAM_SHA_256_PLUS})
"""What TLS alone makes possible."""

TIMEOUT: Final = DurationRange(minimum="1s", maximum="1h")
MAX_SIZE: Final = SizeRange(minimum="1kB", maximum="1GB")


def read_draft(document: Document, reader: Reader) -> AccountDraft:
    """The draft; what is wrong is added to the reader's faults."""
    username, email = _read_sender(reader)
    protocol = _read_protocol(reader)
    tls = Pointer(f"/{protocol or 'smtp'}/tls")
    _judge_pins(reader)
    _judge_auth(reader)
    judge_service(reader)
    return AccountDraft(
        protocol=protocol,
        host=_read_host(reader),
        port=_counted(reader, "/smtp/port", 65535),
        tls_mode=reader.choice("/smtp/tls/mode", TlsMode),
        verify=reader.flag("/smtp/tls/verify"),
        ca_file=reader.path("/smtp/tls/ca_file"),
        min_version=_read_version(reader, tls),
        pins=_read_pins(reader, Pointer(f"{tls}/pin_sha256")),
        cert_file=reader.path(f"{tls}/cert_file"),
        key_file=reader.path(f"{tls}/key_file"),
        auth=reader.choice("/smtp/auth", AuthMechanism),
        kind=reader.choice("/http/kind", HttpKind),
        url=_read_url(reader),
        region=reader.text("/http/region"),
        domain=reader.text("/http/domain"),
        key_header=reader.text("/http/key_header"),
        envelope=reader.choice("/http/envelope", EnvelopePlace),
        http_verify=reader.flag("/http/tls/verify"),
        http_ca_file=reader.path("/http/tls/ca_file"),
        timeout=_read_timeout(reader, protocol),
        proxy=_read_proxy(document, reader, protocol),
        username=username,
        email=email,
        password=read_password(document, reader, PASSWORD),
        has_password_key=isinstance(document.value, dict) and "password" in document.value,
        oauth=read_oauth(reader),
        reply_to=reader.mailboxes("/reply_to"),
        reply_to_policy=reader.choice("/reply_to_policy", ReplyToPolicy),
        name=reader.text("/name"),
        copy_to=reader.mailbox("/copy_to"),
        limits=Limits(
            per_minute=_counted(reader, "/limits/per_minute"),
            per_day=_counted(reader, "/limits/per_day"),
            connections=_counted(reader, "/limits/connections"),
            per_session=_counted(reader, "/limits/per_session"),
            per_message=_counted(reader, "/limits/per_message", 100),
            max_bytes=reader.size("/limits/max_size", MAX_SIZE),
        ),
        delivery=AccountDelivery(
            retry=read_retry(reader),
            lifetime=reader.duration("/delivery/lifetime", LIFETIME),
            on_uncertain=reader.choice("/delivery/on_uncertain", OnUncertain),
        ),
        dns=read_account_dns(reader),
        enabled=reader.flag("/enabled"),
    )


def address_of(username: str | None) -> Mailbox | None:
    """The address that a user name is, None when it is none."""
    if username is None or "@" not in username:
        return None
    try:
        return Mailbox.parse(username)
    except AddressError:
        return None


def _read_protocol(reader: Reader) -> Literal["smtp", "http"] | None:
    match reader.value("/protocol"):
        case "smtp":
            return "smtp"
        case "http":
            return "http"
        case _:
            return None


def _counted(reader: Reader, pointer: str, maximum: int | None = None) -> int | None:
    # The range is held here again: a draft is made even where no schema was applied.
    number = reader.integer(pointer)
    return number if number is not None and number >= 1 and (maximum is None or number <= maximum) else None


def _read_version(reader: Reader, tls: Pointer) -> TlsVersion | None:
    """As text or as the number that 1.2 is without quotes."""
    value = reader.value(f"{tls}/min_version")
    return next((version for version in TlsVersion if isinstance(value, str | float) and str(value) == version), None)


def _read_pins(reader: Reader, pointer: Pointer) -> tuple[Pin, ...]:
    value = reader.value(pointer)
    places = [f"{pointer}/{index}" for index in range(len(value))] if isinstance(value, list) else [pointer]
    pins: list[Pin] = []
    for place in places:
        text = reader.text(place)
        pin = None if text is None else parse_pin(text)
        if pin is not None:
            pins.append(pin)
        elif text is not None:
            problem = "it is no SHA-256 fingerprint, neither 64 hexadecimal digits nor 44 characters of base64"
            reader.faults.append(InvalidText(pointer=Pointer(place), problem=problem))
    return tuple(dict.fromkeys(pins))


def _judge_pins(reader: Reader) -> None:
    """Without encryption there is no certificate, and a pin would only look as if it protected something."""
    is_clear = reader.choice("/smtp/tls/mode", TlsMode) is TlsMode.NONE
    if is_clear and reader.value("/smtp/tls/pin_sha256") is not None:
        reader.faults.append(MutuallyExclusive(pointer=Pointer("/smtp/tls"), keys=("mode", "pin_sha256")))
    url = reader.text(_URL) or ""
    if url.lower().startswith("http:") and reader.value("/http/tls/pin_sha256") is not None:
        reader.faults.append(MutuallyExclusive(pointer=Pointer("/http"), keys=("url", "tls/pin_sha256")))


def _judge_auth(reader: Reader) -> None:
    """A login by certificate shows one, and what TLS makes possible needs TLS."""
    auth = reader.choice(_AUTH, AuthMechanism)
    if reader.value(_OAUTH) is not None and auth not in {None, AuthMechanism.XOAUTH2, AuthMechanism.OAUTHBEARER}:
        reader.faults.append(MutuallyExclusive(pointer=Pointer(""), keys=("oauth", "smtp/auth")))
    if auth in _OF_TLS and reader.choice("/smtp/tls/mode", TlsMode) is TlsMode.NONE:
        reader.faults.append(MutuallyExclusive(pointer=Pointer("/smtp"), keys=("tls/mode", "auth")))
    elif auth is AuthMechanism.EXTERNAL and reader.value(_CERT_FILE) is None:
        reader.faults.append(DependentKeyMissing(pointer=_AUTH, key="auth", needs=_CERT_FILE.removeprefix("/")))


def _read_timeout(reader: Reader, protocol: Literal["smtp", "http"] | None) -> timedelta | None:
    return None if protocol is None else reader.duration(f"/{protocol}/timeout", TIMEOUT)


def _read_proxy(document: Document, reader: Reader, protocol: Literal["smtp", "http"] | None) -> Proxy | None:
    pointer = Pointer(f"/{protocol}/proxy")
    username = reader.text(f"{pointer}_login/username")
    password = read_password(document, reader, Pointer(f"{pointer}_login/password"))
    text = None if protocol is None else reader.text(pointer)
    if text is None:
        return None
    proxy = parse_proxy(text)
    if isinstance(proxy, NoProxy):
        reader.faults.append(InvalidText(pointer=pointer, problem=proxy.problem))
        return None
    if username is None or password is None:
        return proxy
    return replace(proxy, login=ProxyLogin(username=username, password=password))


def _read_host(reader: Reader) -> str | None:
    text = reader.text(_HOST)
    if text is None:
        return None
    parsed = parse_host(text)
    match parsed:
        case Host(name=name):
            return name
        case HostAndMore(name=name, port=port, scheme=scheme):
            reader.faults.append(HostWithExtras(pointer=_HOST, found=shown(text), host=name, port=port, scheme=scheme))
            return name
        case NoHost(problem=problem):
            reader.faults.append(bad_host(text, problem))
            return None
        case _:
            assert_never(parsed)


def _read_url(reader: Reader) -> str | None:
    text = reader.text(_URL)
    if text is None:
        return None
    parsed = parse_url(text)
    if isinstance(parsed, NoUrl):
        reader.faults.append(
            InvalidUrl(
                pointer=_URL, found=shown(parsed.shown), problem=parsed.problem, suggestion=shown(parsed.suggestion)
            )
        )
        return None
    return text


def _read_sender(reader: Reader) -> tuple[str | None, Mailbox | None]:
    """The user name and the `email` key. Both may be addresses, and other ones: some services hand out a login such as
    `8a1b2c001@smtp-brevo.com`, and mail comes from `email`.
    """
    username, email = reader.text(_USERNAME), reader.mailbox(_EMAIL)
    if username is None:
        return username, email
    if "@" not in username:
        has_other_at = not username.isascii() or not _BRACKETS.isdisjoint(username)
        fault = bad_login(username) if has_other_at else None
    else:
        is_address = reader.value(_EMAIL) is not None or address_of(username) is not None
        fault = None if is_address else bad_login(username)
    reader.faults += () if fault is None else (fault,)
    return username, email


def read_password(document: Document, reader: Reader, pointer: Pointer) -> SecretReference | None:
    """What a password is found by; a password itself is a fault."""
    if pointer not in document.marks or pointer in document.unread:
        return None
    if is_literal_secret(document, pointer):
        reader.faults.append(LiteralSecret(pointer=pointer))
        return None
    value = reader.value(pointer)
    return secret_reference(value) if isinstance(value, dict) else None
