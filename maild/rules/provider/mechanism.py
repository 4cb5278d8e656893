"""How an account is held against the facts of its provider: one function an aspect, for the rules that speak of it.

A provider says which rule speaks of which of its aspects; each rule calls the function with its own code and gets what
is its to say. Nothing here knows a provider by name. Pure.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from maild.config.fault import Pointer
from maild.config.model import AuthMechanism, TlsMode
from maild.diagnostics import Fix, Severity
from maild.providers import Aspect, Change, Provider, UsernameForm, owner_of, provider_of_address
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.key_id import is_key_id
from maild.rules.pointing import reference_pointer
from maild.rules.ports import advise_port, lacks_port_25, logs_in, meant_port
from maild.rules.provider.reading_name import READING_PORTS
from maild.rules.repair import add_key, unquote_value
from maild.rules.settled_sender import settled_sender
from maild.rules.subject import Subject
from maild.rules.unsettled import is_unsettled
from maild.rules.words import code

HOST: Final = Pointer("/smtp/host")
PORT: Final = Pointer("/smtp/port")
AUTH: Final = Pointer("/smtp/auth")
USERNAME: Final = Pointer("/username")
EMAIL: Final = Pointer("/email")
OAUTH: Final = Pointer("/oauth")

_WARN_AHEAD: Final = timedelta(days=180)
_STANDARD: Final = {465: TlsMode.IMPLICIT, 587: TlsMode.STARTTLS}
_TOKENS: Final = frozenset(
    {AuthMechanism.XOAUTH2, AuthMechanism.OAUTHBEARER, AuthMechanism.EXTERNAL, AuthMechanism.NONE}
)


def undocumented_port(subject: Subject, rule: str) -> Iterator[Finding]:
    """A port that the provider does not document. Of a mode that does not fit and, where the provider has no rule of
    its own, of port 25 other rules speak.
    """
    provider, draft = subject.provider, subject.draft
    if provider is None or provider.codes.get(Aspect.PORT, "ML437") != rule:
        return
    written = subject.value(PORT)
    port = draft.effective_port
    if provider.mode_of(port) is not None or is_unsettled(subject, PORT):
        return
    if port == 25 and (not lacks_port_25(subject) or draft.tls_mode is TlsMode.NONE):
        return
    if draft.tls_mode in {TlsMode.IMPLICIT, TlsMode.STARTTLS} and _STANDARD.get(port, draft.tls_mode) != draft.tls_mode:
        return
    reading = READING_PORTS.get(port)
    if reading is not None:
        message = f"Port {port} is for reading mail ({reading}), not for sending it."
    elif written is None:
        message = f"Without `port`, port {port} is used, and {provider.title} documents no such port."
    else:
        message = f"{provider.title} documents no port {port} for sending."
    place = AtValue(pointer=HOST if written is None else PORT)
    # Who has a rule of its own about TLS from the first byte has no such port, so that nothing is lost.
    is_safe = port == 465 and Aspect.PORT in provider.codes
    yield Finding(message=message, place=place, help=advise_port(subject), fix=_port_fix(subject, is_safe=is_safe))


def _port_fix(subject: Subject, *, is_safe: bool) -> Fix | None:
    """The port that was meant; nothing where its mode would have to change too."""
    port, mode = meant_port(subject)
    if subject.draft.tls_mode not in {None, mode}:
        return None
    if subject.value(PORT) is not None:
        return unquote_value(subject, PORT, str(port), is_safe=is_safe)
    added = add_key(subject, HOST, f"port: {port}")
    return None if added is None else Fix(edits=(added,), is_safe=is_safe)


def unfit_username(subject: Subject, rule: str) -> Iterator[Finding]:
    """A login name of another form than the provider's."""
    provider, name = subject.provider, subject.draft.username
    # Of a key's id in its place another rule speaks.
    if provider is None or name is None or not logs_in(subject) or is_key_id(name):
        return
    fixed = provider.fixed_username
    if fixed is not None and not provider.lets_in(name) and provider.codes.get(Aspect.USERNAME, "ML435") == rule:
        yield Finding(
            message=f"{provider.title} knows only one username, the word {code(fixed)}; the key is the password.",
            place=AtValue(pointer=USERNAME),
            help=f"Write {code(f'username: {fixed}')}, and the sender's address in `email`.",
            because=_because(provider),
        )
    if provider.codes.get(Aspect.USERNAME, "ML438") == rule:
        yield from _misshapen_username(provider, name)
    if wants_whole_address(subject) and provider.codes.get(Aspect.USERNAME, "ML438") == rule:
        is_sender_known = subject.draft.email is not None
        needless = "; `email` is not needed then" if is_sender_known else ""
        yield Finding(
            message=f"{provider.title} wants the whole e-mail address as username.",
            place=AtValue(pointer=USERNAME),
            help=f"Write the whole address, such as `username: billing@example.com`{needless}.",
            because=_because(provider),
            # Without `email` nothing says where mail comes from, so the file cannot be used; that key would not help.
            severity=None if is_sender_known else Severity.ERROR,
            is_fixed=not is_sender_known,
        )


def wants_whole_address(subject: Subject) -> bool:
    """Whether the username is no address where the provider knows nothing else."""
    provider, name = subject.provider, subject.draft.username
    is_address = provider is not None and provider.username is UsernameForm.ADDRESS and logs_in(subject)
    return is_address and name is not None and "@" not in name and not is_unsettled(subject, EMAIL)


def _misshapen_username(provider: Provider, name: str) -> Iterator[Finding]:
    shape = provider.username_shape
    if shape is not None and not re.fullmatch(shape.pattern, name):
        yield Finding(
            message=f"{provider.title} wants {shape.what} as username, and this does not look like it.",
            place=AtValue(pointer=USERNAME),
            help=f"{provider.password_advice} The sender's address stands in `email`.",
            because=_because(provider),
        )


def unfit_password(subject: Subject, rule: str) -> Iterator[Finding]:
    """A password that does not look like the one that works at the provider; looked at, never shown."""
    provider, reference = subject.provider, subject.draft.password
    shape = None if provider is None else provider.password_shape
    if provider is None or shape is None or reference is None or provider.codes.get(Aspect.PASSWORD) != rule:
        return
    if _password_matches(subject, shape.pattern) is False:
        yield Finding(
            message=f"{provider.title} wants {shape.what}, and the password here does not look like one.",
            place=AtValue(pointer=reference_pointer(reference)),
            help=provider.password_advice,
            because=_because(provider),
        )


def foreign_password(subject: Subject, rule: str) -> Iterator[Finding]:
    """A secret that is for something else at the provider."""
    provider, reference = subject.provider, subject.draft.password
    if provider is None or reference is None or provider.codes.get(Aspect.FOREIGN_PASSWORD) != rule:
        return
    for shape in provider.foreign_passwords:
        if _password_matches(subject, shape.pattern):
            yield Finding(
                message=f"The password looks like {shape.what}, which is not for sending by SMTP.",
                place=AtValue(pointer=reference_pointer(reference)),
                help=provider.password_advice,
                because=_because(provider),
            )


def wrong_host(subject: Subject, rule: str) -> Iterator[Finding]:
    """A server of the provider's that is for something else."""
    host = subject.draft.host
    provider = None if host is None or subject.provider is not None else owner_of(host)
    other = None if host is None or provider is None else provider.other_host(host)
    if host is None or provider is None or other is None or provider.codes.get(Aspect.HOST, "ML442") != rule:
        return
    port = "" if subject.draft.port not in READING_PORTS else f" and {code(f'port: {provider.best_port.port}')}"
    yield Finding(
        message=f"{code(host)} {other.purpose} at {provider.title}; it takes no mail for sending.",
        place=AtValue(pointer=HOST),
        help=f"Write {code(f'host: {other.instead}')}{port}.",
    )


def beyond_limit(subject: Subject, rule: str) -> Iterator[Finding]:
    """Limits of the account that are above those of the provider."""
    provider = subject.provider
    if provider is None or provider.codes.get(Aspect.LIMIT) != rule:
        return
    own, known = subject.draft.limits, provider.limits
    for key, wanted, allowed, unit in (
        ("per_minute", own.per_minute, known.per_minute, "minute"),
        ("per_day", own.per_day, known.per_day, "day"),
    ):
        if wanted is not None and allowed is not None and wanted > allowed:
            yield Finding(
                message=f"{provider.title} lets an account send at most {allowed} messages a {unit}, and then refuses.",
                place=AtValue(pointer=Pointer(f"/limits/{key}")),
                help=f"Write {code(f'{key}: {allowed}')}, or delete the line: maild knows this limit.",
            )


def refused_mechanism(subject: Subject, rule: str) -> Iterator[Finding]:
    """Passwords where the provider stops taking them, from half a year ahead; an error from the day on."""
    provider, draft = subject.provider, subject.draft
    if provider is None or provider.codes.get(Aspect.CHANGE) != rule or not logs_in(subject):
        return
    if draft.auth in _TOKENS or subject.value(OAUTH) is not None:
        return
    # Of what is cut short nobody knows how it goes on.
    if is_unsettled(subject, AUTH) or is_unsettled(subject, OAUTH) or subject.is_cut_short:
        return
    today = subject.now.date()
    for change in provider.changes:
        # Without `auth`, maild logs in with the password by whichever mechanism the server offers.
        is_hit = draft.auth is None or draft.auth.value in change.mechanisms
        if is_hit and change.day - today <= _WARN_AHEAD:
            left = (change.day - today).days
            yield Finding(
                message=f"{change.what} {_when(change, left)}.",
                place=AtValue(pointer=HOST if draft.auth is None else AUTH),
                help=change.advice,
                severity=Severity.ERROR if left <= 0 else Severity.WARNING,
            )


def _when(change: Change, left: int) -> str:
    if left > 0:
        return f"on {change.day.isoformat()}, in {left} {'day' if left == 1 else 'days'}"
    return f"since {change.day.isoformat()}"


def free_sender(subject: Subject, rule: str) -> Iterator[Finding]:
    """A free address as sender, at a service that is for domains of one's own."""
    provider, sender = subject.provider, settled_sender(subject)
    if provider is None or sender is None or provider.codes.get(Aspect.OWN_DOMAIN) != rule:
        return
    if provider.wants_own_domain and provider_of_address(sender.domain) is not None:
        yield Finding(
            message=f"{provider.title} is for addresses at a domain of your own; it takes no mail from "
            f"{code(sender.domain)}.",
            place=AtValue(pointer=sender.pointer),
            help="Send from an address at your own domain, or use the provider's server for private accounts.",
        )


def _password_matches(subject: Subject, pattern: str) -> bool | None:
    """Whether the password looks so; None where nobody can tell, or where it is a token."""
    reference, secrets = subject.draft.password, subject.secrets
    if reference is None or secrets is None or subject.draft.auth in _TOKENS or subject.value(OAUTH):
        return None
    return secrets.matches(reference, subject.loaded.file, pattern)


def _because(provider: Provider) -> tuple[Because, ...]:
    return (Because(place=AtValue(pointer=HOST), message=f"a server of {provider.title}"),)
