"""What a file has that rules take an interest in, as words for the lines of `catalogue`. Pure."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from maild.config.draft import AccountDraft
from maild.config.model import TlsMode
from maild.providers import Aspect, Provider, owner_of, provider_of_address
from maild.rules.key_id import may_hold_key_id
from maild.rules.placeholder import may_hold_placeholder
from maild.rules.provider.near_host import near_host
from maild.rules.provider.reading_name import reading_server
from maild.rules.sender import sender_domain
from maild.rules.subject import Subject
from maild.rules.tokens import may_hold_token
from maild.secret import EnvRef, is_app_password

# Values that YAML 1.1 reads otherwise than YAML 1.2; `rules.yaml11` looks at them exactly.
_YAML11: Final = re.compile(
    r"[:\-,\[{][ \t]++[+-]?(?:(?:yes|no|on|off|y|n)\b|0[0-9]|[0-9]+:[0-9]|[0-9][0-9,]*_|[0-9]{4}-[0-9])", re.IGNORECASE
)
# Blanks and marks that look like ordinary ones, or like nothing; quotes of printed text.
_STRANGE: Final = re.compile(
    "[\xa0\xad\u2007\u200b-\u200d\u2018-\u201f\u202f\u2060\u3000\ufeff\u0370-\u058f\u13a0-\u13ff]"
)
_NEAR_COMMENT: Final = re.compile(r"#[ \t]*+[A-Za-z]{4,7}[^\r\n]{5,30}ML[0-9]", re.IGNORECASE)
_EDGE_BLANKS: Final = ('" ', "' ", ' "', " '", '"\t', "'\t")
_HASH_IN_TEXT: Final = re.compile(r"[^\s#][ \t]+#\S")
_NOWHERE: Final = frozenset({"localhost", "localdomain", "invalid", "local"})
_EXAMPLE: Final = "example."
_NOBODY: Final = ("reply", "respond", "antwort", "pas")
OLD: Final = timedelta(days=365)
"""Facts about providers that were last read longer ago are said to be old."""
_USUAL_PORTS: Final = frozenset({None, 465, 587})


def features(subject: Subject) -> set[str]:
    """The words: names of faults, pointers of keys and lists, and what is named below."""
    document, draft, text = subject.loaded.document, subject.draft, subject.loaded.text
    found = {type(fault).__name__ for fault in subject.loaded.faults}
    found.add("account" if subject.is_account else "site")
    if document is not None:
        found.update(document.marks)
        if document.value is None:
            found.add("empty")
    if draft.port not in _USUAL_PORTS:
        found.add("port-25" if draft.port == 25 else "port-other")
    if draft.verify is False:
        found.add("verify-off")
    if draft.tls_mode is TlsMode.NONE:
        found.add("tls-none")
    if draft.auth is not None:
        found.add(f"auth-{draft.auth}")
    has_secret = draft.password is not None or (draft.proxy is not None and draft.proxy.login is not None)
    if has_secret and subject.secrets is not None:
        found.add("secrets")
    if isinstance(draft.password, EnvRef) and is_app_password(draft.password.name):
        found.add("secret-as-name")
    if subject.shares_password:
        found.add("shared-password")
    if draft.host is not None:
        found.update(_of_host(subject, draft.host))
    if draft.host is not None and not draft.host[-1:].isalpha():
        found.add("host-is-address")
    found.update(_of_text(text), _of_sender(draft))
    return found


def _of_text(text: str) -> Iterator[str]:
    """What the writing itself has, as far as a quick look tells."""
    if _YAML11.search(text) is not None:
        yield "yaml11"
    if any(edge in text for edge in _EDGE_BLANKS):
        yield "edge-blank"
    if " #" in text and _HASH_IN_TEXT.search(text) is not None:
        yield "hash-in-text"
    if "maild:" in text or ("ML" in text and _NEAR_COMMENT.search(text) is not None):
        yield "ignore-comment"
    if may_hold_token(text) or may_hold_key_id(text):
        yield "token"
    if may_hold_placeholder(text):
        yield "placeholder"
    if "${" in text:
        yield "dollar"
    if not text.isascii() and _STRANGE.search(text) is not None:
        yield "strange-character"


def _of_sender(draft: AccountDraft) -> Iterator[str]:
    domain = sender_domain(draft)
    if domain is None:
        return
    if domain.startswith(_EXAMPLE) or domain.rpartition(".")[2] in _NOWHERE:
        yield "nowhere"
    name = draft.email.local if draft.email is not None else draft.username or ""
    if any(word in name.lower() for word in _NOBODY):
        yield "nobody"


def _of_host(subject: Subject, host: str) -> Iterator[str]:
    """What is worth a look between the account and its provider; of an aspect the code of the rule about it."""
    provider, sender = subject.provider, sender_domain(subject.draft)
    keeper = provider or owner_of(host)
    if near_host(subject) is not None:
        yield "near-host"
        return
    if host.lower().startswith("www."):
        yield "web-host"
    owner = None if sender is None else provider_of_address(sender)
    if owner is not None and owner is not provider:
        yield "free-sender"
    if keeper is not None and host.lower() in keeper.sandbox_hosts:
        yield "sandbox"
    if provider is None:
        is_read = keeper is None and reading_server(host, subject.draft.port) is not None
        yield from () if keeper is None else (keeper.codes.get(Aspect.HOST, "ML442"),)
        yield from ("reading-name",) if is_read else ()
        return
    if subject.now.date() - provider.checked > OLD:
        yield "stale"
    yield from _codes(provider, Aspect.CHANGE, Aspect.LIMIT, Aspect.REGION, Aspect.OWN_DOMAIN)
    if subject.secrets is not None:
        yield from _codes(
            provider, Aspect.PASSWORD, Aspect.PASSWORD_BLANKS, Aspect.FOREIGN_PASSWORD, Aspect.TOKEN_TWICE
        )
    if provider.mode_of(subject.draft.effective_port) is None:
        yield provider.codes.get(Aspect.PORT, "ML437")
    if sender in provider.login_domains:
        yield "ML516"
    if provider.other_senders is not None and subject.draft.email is not None:
        yield provider.codes.get(Aspect.SENDER, "ML511")
    name = subject.draft.username
    if name is not None and not provider.lets_in(name):
        yield provider.codes.get(Aspect.USERNAME, "ML435")
    if name is not None and ("@" not in name) is (provider.username_shape is None):
        yield provider.codes.get(Aspect.USERNAME, "ML438")


def _codes(provider: Provider, *aspects: Aspect) -> Iterator[str]:
    return (provider.codes[aspect] for aspect in aspects if aspect in provider.codes)
