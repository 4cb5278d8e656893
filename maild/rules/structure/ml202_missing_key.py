"""A key that must be there is missing.

## What it finds
Keys without which the account cannot send: the server and port with `protocol: smtp`, the URL and a reply address with
`protocol: http`, the e-mail address where the username is none.

## Why it matters
maild does not guess where mail goes. An account that is not complete is not used.

## Bad
```yaml
protocol: smtp
smtp: {port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account`: every key, and when it is required
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from maild.config.document import join_pointer
from maild.config.fault import KeyOfOtherProtocol, MissingKey, Pointer, UnsupportedYaml
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtSpan, AtValue, Because, Finding, Place
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of, pattern_of, value_at
from maild.rules.provider.mechanism import wants_whole_address
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import has_members_elsewhere, meant_keys
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML202",
    name="missing-key",
    severity=Severity.ERROR,
    summary="A key that must be there is missing.",
    faults=(MissingKey,),
    is_fixed=True,
)

_EXAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "/protocol": "protocol: smtp",
        "/smtp": "smtp: {host: smtp.example.com, port: 465}",
        "/smtp/host": "host: smtp.example.com",
        "/smtp/port": "port: 465",
        "/http": "http: {url: https://email.example/send}",
        "/http/kind": "kind: mailgun",
        "/http/url": "url: https://email.example/send",
        "/reply_to": "reply_to: office@example.com",
        "/email": "email: billing@example.com",
        "/http/region": "region: eu-central-1",
        "/oauth/provider": "provider: microsoft",
        "/oauth/client_id": "client_id: 11112222-3333-4444-5555-666677778888",
        "/oauth/tenant": "tenant: example.com",
        "/oauth/token_url": "token_url: https://login.example.com/oauth2/token",
        "/oauth/scope": "scope: smtp.send",
        "/username": "username: billing@example.com",
        "/password": "password: {env: SMTP_PASSWORD}",
        "/routes/*/accounts": "accounts: [billing]",
    }
)

_GRANT: Final = Pointer("/oauth/grant")


def check(subject: Subject) -> Iterator[Finding]:
    """Each key that is missing, at the mapping it is missing from or at the value that demands it."""
    if subject.is_cut_short or (subject.is_account and subject.value(Pointer("")) is None):
        return  # the file is empty, or goes on where nobody reads
    written = meant_keys(subject)
    is_only_begun = any(fault.key == "smtp" for fault in subject.faults(MissingKey))
    for fault in subject.faults(MissingKey):
        missing = Pointer(f"{fault.pointer}/{fault.key}")
        if missing in written or (missing == "/email" and "/username" in written):
            continue
        if missing == "/email" and fault.because is not None and wants_whole_address(subject):
            continue  # the login would fail with it, too; the username is wrong
        if missing == "/email" and fault.because is None and is_only_begun:
            continue  # the account is only begun: whether it has a username shows when its server is there
        if fault.pointer == "/oauth" and _GRANT in written:
            continue  # which keys are needed depends on it
        if pattern_of(missing) in written or _is_known_to_be_wrong(subject, fault):
            continue
        if fault.pointer == "/password":
            yield Finding(
                message="`password` is empty, but it must say where the password is to be found.",
                place=AtKey(pointer=fault.pointer),
                help="Write `{env: NAME}`, `{file: PATH}`, `{credential: NAME}` or `{command: [PROGRAM]}`.",
            )
            continue
        demand = "" if fault.because is None else f", which {code(_line_of(subject, fault.because))} requires"
        example = _EXAMPLES.get(pattern_of(missing))
        yield Finding(
            message=f"The key {code(path_of(missing))} is missing{demand}.{_why(fault)}",
            place=_place(subject, fault),
            help=f"Add {code(example)}." if example else "",
            because=_because(fault),
        )


def _why(fault: MissingKey) -> str:
    match fault.key:
        case "email" if fault.because is not None:
            return " The username is no e-mail address, so nothing says which address the mail comes from."
        case "email":
            return " Without a username, nothing else says which address the mail comes from."
        case "reply_to":
            return " A mail service sends under an address of its own, so answers need an address to go to."
        case _:
            return ""


def _is_known_to_be_wrong(subject: Subject, fault: MissingKey) -> bool:
    """Whether what should be there, or what demands it, could not be read, which another rule says."""
    if fault.pointer == "/password":
        return has_members_elsewhere(subject, fault.pointer) or any(
            unread.kind == "key" and not unread.text for unread in subject.faults(UnsupportedYaml)
        )
    value = subject.value(fault.pointer)
    is_entry = key_of(fault.pointer).isdecimal()
    if is_entry and isinstance(value, dict) and value and all(content is None for content in value.values()):
        # An entry of a list was begun and nothing written; ML223 speaks of that.
        return True
    if any(other.pointer.rpartition("/")[0] == fault.pointer for other in subject.faults(KeyOfOtherProtocol)):
        # What is there says that the other protocol was meant; ML205 speaks of that.
        return True
    document = subject.loaded.document
    return document is not None and fault.because in document.unread


def _place(subject: Subject, fault: MissingKey) -> Place:
    if fault.pointer:
        return AtKey(pointer=fault.pointer)
    if fault.because is not None:
        return AtValue(pointer=fault.because)
    # The whole file would be marked: its first key is enough to see that it is about all of them.
    document, root = subject.loaded.document, subject.value(fault.pointer)
    first = next(iter(root), None) if isinstance(root, dict) else None
    if document is None or first is None:
        return AtKey(pointer=fault.pointer)
    return AtSpan(span=document.key_span(join_pointer(fault.pointer, first)), pointer=fault.pointer)


def _because(fault: MissingKey) -> tuple[Because, ...]:
    if not fault.pointer or fault.because is None:
        return ()
    return (Because(place=AtValue(pointer=fault.because), message="because of this"),)


def _line_of(subject: Subject, pointer: Pointer) -> str:
    value = value_at(subject.loaded.document, pointer)
    return f"{path_of(pointer)}: {value}" if isinstance(value, str) else path_of(pointer)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")
