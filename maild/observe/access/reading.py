"""From the bytes of a web configuration file to its values, with everything that is wrong in it at its line. Pure.

A key that the format does not have is refused, as the exporter toolkit does: a misspelt `basic_auth_users` would leave
the door open. No value of a user or of a key is ever in a message.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from maild.config.document import Document, join_pointer, parse_document
from maild.config.duration import parse_duration
from maild.config.fault import Pointer
from maild.observe.access.ciphers import CIPHERS, CURVES
from maild.observe.access.settings import Access, AccessError, ClientAuth, Pem, RateLimit, TlsSettings, TlsVersion

MAX_COST: Final = 16
"""Of bcrypt: each step doubles the time; this one takes about five seconds of a processor for each new password."""

_HASH: Final = re.compile(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}")
_ROOT: Final = Pointer("")
_TLS: Final = Pointer("/tls_server_config")
_HTTP: Final = Pointer("/http_server_config")
_RATE: Final = Pointer("/rate_limit")
_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        _ROOT: "tls_server_config http_server_config basic_auth_users rate_limit",
        _TLS: "cert key client_ca cert_file key_file client_ca_file client_auth_type client_allowed_sans min_version "
        "max_version cipher_suites prefer_server_cipher_suites curve_preferences",
        _HTTP: "http2 headers",
        _RATE: "interval burst",
    }
)
_HEADERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Content-Security-Policy": (),
        "X-Frame-Options": ("deny", "sameorigin"),
        "X-Content-Type-Options": ("nosniff",),
        "X-XSS-Protection": (),
        "Strict-Transport-Security": (),
    }
)
_PROVE_NOTHING: Final = frozenset({"RequestClientCert", "RequireAnyClientCert"})

Word = TypeVar("Word", bound=StrEnum)


def read_access(file: str, data: bytes) -> Access:
    """What the file says.

    Raises:
        AccessError: with a line for each thing that is wrong.
    """
    parsed = parse_document(file, data)
    if parsed.document is None or parsed.faults:
        lines = sorted({span.line for fault in parsed.faults if (span := getattr(fault, "span", None)) is not None})
        where = f" (see line {', '.join(map(str, lines))})" if lines else ""
        raise AccessError(f"{file}: this is no YAML that can be read{where}; `maild check` is stricter than Prometheus")
    reader = _Reader(parsed.document)
    access = Access(tls=_tls(reader), users=_users(reader), headers=_headers(reader), rate_limit=_rate_limit(reader))
    if reader.problems:
        raise AccessError("\n".join(reader.problems))
    return access


class _Reader:
    """Takes values out of a document and notes what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[str] = []
        self.section(_ROOT)

    def blame(self, pointer: Pointer, words: str) -> None:
        """Note a problem at a value."""
        self.problems.append(f"{self._document.file}:{self._document.value_span(pointer).line}: {words}")

    def section(self, pointer: Pointer) -> Mapping[str, object]:
        """A mapping, empty when it is left out, whose keys are known."""
        value = self._document.value_at(pointer)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.blame(pointer, f"{_name(pointer)} holds keys with values")
            return {}
        if (known := _KEYS.get(pointer)) is not None:
            for key in value.keys() - frozenset(known.split()):
                self.blame(join_pointer(pointer, key), f"there is no key {key!r} here; there are: {known}")
        return value

    def text(self, pointer: Pointer) -> str | None:
        """A text; an empty one is the same as none."""
        value = self._document.value_at(pointer)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.blame(pointer, f"{_name(pointer)} is a text: put it between quotes")
            return None
        return value

    def texts(self, pointer: Pointer) -> tuple[str, ...]:
        """A list of texts."""
        value = self._document.value_at(pointer)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.blame(pointer, f"{_name(pointer)} is a list of texts")
            return ()
        return tuple(value)

    def flag(self, pointer: Pointer, *, default: bool) -> bool:
        """True or false."""
        value = self._document.value_at(pointer)
        if value is not None and not isinstance(value, bool):
            self.blame(pointer, f"{_name(pointer)} is true or false")
        return value if isinstance(value, bool) else default

    def number(self, pointer: Pointer) -> int:
        """A whole number, not below zero."""
        value = self._document.value_at(pointer)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        if value is not None:
            self.blame(pointer, f"{_name(pointer)} is a whole number")
        return 0

    def word(self, pointer: Pointer, default: Word) -> Word:
        """One of a set of words."""
        text, words = self.text(pointer), type(default)
        if text is None:
            return default
        if text not in frozenset(words):
            self.blame(pointer, f"{_name(pointer)} is one of {', '.join(words)}")
            return default
        return words(text)

    def pem(self, name: str) -> Pem | None:
        """`name` or `name_file`, not both."""
        text, file = self.text(Pointer(f"{_TLS}/{name}")), self.text(Pointer(f"{_TLS}/{name}_file"))
        if text is not None and file is not None:
            self.blame(Pointer(f"{_TLS}/{name}_file"), f"write {name} or {name}_file, not both")
        return None if text is None and file is None else Pem(file=file, text=text)


def _name(pointer: Pointer) -> str:
    return pointer.rpartition("/")[2] or "the file"


def _tls(reader: _Reader) -> TlsSettings | None:
    if not reader.section(_TLS):
        return None
    cert, key = reader.pem("cert"), reader.pem("key")
    if cert is None or key is None:
        reader.blame(_TLS, "TLS needs a certificate and its key: write cert_file and key_file")
        return None
    auth_at, min_at, max_at = (Pointer(f"{_TLS}/{key}") for key in ("client_auth_type", "min_version", "max_version"))
    if reader.text(auth_at) in _PROVE_NOTHING:
        reader.blame(auth_at, "this takes any certificate and proves nothing; write RequireAndVerifyClientCert")
        return None
    settings = TlsSettings(
        cert=cert,
        key=key,
        client_auth=reader.word(auth_at, ClientAuth.NONE),
        client_ca=reader.pem("client_ca"),
        allowed_sans=reader.texts(Pointer(f"{_TLS}/client_allowed_sans")),
        min_version=reader.word(min_at, TlsVersion.TLS12),
        max_version=reader.word(max_at, TlsVersion.TLS13),
        ciphers=_ciphers(reader),
        is_servers_choice=reader.flag(Pointer(f"{_TLS}/prefer_server_cipher_suites"), default=True),
        curve=_curve(reader),
    )
    _blame_client_auth(reader, settings, auth_at)
    if list(TlsVersion).index(settings.min_version) > list(TlsVersion).index(settings.max_version):
        reader.blame(max_at, "max_version is below min_version")
    return settings


def _blame_client_auth(reader: _Reader, settings: TlsSettings, auth_at: Pointer) -> None:
    is_asked = settings.client_auth is not ClientAuth.NONE
    if is_asked and settings.client_ca is None:
        reader.blame(auth_at, "to verify clients it takes client_ca_file, the authority that signs their certificates")
    if not is_asked and settings.client_ca is not None:
        reader.blame(_TLS, "with client_ca_file stands client_auth_type: RequireAndVerifyClientCert")
    if settings.allowed_sans and settings.client_auth is not ClientAuth.REQUIRED:
        reader.blame(_TLS, "client_allowed_sans needs client_auth_type: RequireAndVerifyClientCert")


def _ciphers(reader: _Reader) -> tuple[str, ...]:
    pointer = Pointer(f"{_TLS}/cipher_suites")
    names = reader.texts(pointer)
    for name in names:
        if name not in CIPHERS:
            reader.blame(pointer, f"{name!r} is no cipher suite that is known here; known are {', '.join(CIPHERS)}")
    # Those of TLS 1.3 are always on, in Go's library as in OpenSSL.
    return tuple(cipher for name in names if (cipher := CIPHERS.get(name)))


def _curve(reader: _Reader) -> str | None:
    pointer = Pointer(f"{_TLS}/curve_preferences")
    names = reader.texts(pointer)
    if not names:
        return None
    if len(names) > 1 or names[0] not in CURVES:
        reader.blame(pointer, f"one of {', '.join(CURVES)} can be chosen here, not several; or leave it out")
        return None
    return CURVES[names[0]]


def _users(reader: _Reader) -> Mapping[str, str]:
    at = Pointer("/basic_auth_users")
    users: dict[str, str] = {}
    for name in reader.section(at):
        pointer = join_pointer(at, name)
        hashed = reader.text(pointer) or ""
        found = _HASH.fullmatch(hashed)
        if found is None:
            reader.blame(pointer, "what stands here is no bcrypt hash; make one with `htpasswd -nBC 10 NAME`")
        elif not 4 <= int(found[1]) <= MAX_COST:
            reader.blame(
                pointer, f"the cost of a bcrypt hash is 4 to {MAX_COST} here; `htpasswd -nBC 10` makes a good one"
            )
        elif ":" in name:
            # RFC 7617 §2: the first colon ends the name.
            reader.blame(pointer, "a user's name has no colon")
        users[name] = hashed
    return MappingProxyType(users)


def _headers(reader: _Reader) -> Mapping[str, str]:
    reader.section(_HTTP)
    # There is no HTTP/2 here to switch off; Prometheus' default for its own servers is no mistake.
    reader.flag(Pointer(f"{_HTTP}/http2"), default=True)
    at = Pointer(f"{_HTTP}/headers")
    headers: dict[str, str] = {}
    for name in reader.section(at):
        pointer = join_pointer(at, name)
        text = reader.text(pointer)
        if name not in _HEADERS:
            reader.blame(pointer, f"the header {name} cannot be set; those that can are {', '.join(_HEADERS)}")
        elif text is not None and _HEADERS[name] and text not in _HEADERS[name]:
            reader.blame(pointer, f"{name} is {' or '.join(_HEADERS[name])}")
        elif text is not None and not text.isprintable():
            reader.blame(pointer, f"{name} is one line of visible characters")
        elif text is not None:
            headers[name] = text
    return MappingProxyType(headers)


def _rate_limit(reader: _Reader) -> RateLimit | None:
    if not reader.section(_RATE):
        return None
    at = Pointer(f"{_RATE}/interval")
    text = reader.text(at) or "0s"
    interval = parse_duration(text)
    if interval is None:
        reader.blame(at, "interval is a duration such as 1s")
        return None
    burst = reader.number(Pointer(f"{_RATE}/burst"))
    # The toolkit takes a burst of 0, which lets nobody in, for a mistake nobody makes twice.
    return RateLimit(interval_s=interval.total_seconds(), burst=max(1, burst)) if interval else None
