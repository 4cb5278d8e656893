"""Ports and encryption modes in the words of the rules about them. Pure."""

from maild.config.model import AuthMechanism
from maild.providers import IMPLICIT, STARTTLS, Aspect
from maild.rules.spelling import nearest
from maild.rules.subject import Subject
from maild.rules.words import code, listed

_BEST = ((465, IMPLICIT), (587, STARTTLS))


def advise_port(subject: Subject) -> str:
    """Which port to write instead, and the mode that goes with it where the file names another one."""
    port, mode = meant_port(subject)
    written = subject.draft.tls_mode
    lines = [f"port: {port}"] if written in {None, mode} else [f"port: {port}", f"mode: {mode}"]
    if subject.provider is None:
        other = next(other for other, _ in _BEST if other != port)
        return f"Write {listed(map(code, lines), 'and')}, or `port: {other}` if your provider says so."
    ports = listed([str(port) for port in _sending_ports(subject)], "and")
    return f"Write {listed(map(code, lines), 'and')}; {subject.provider.title} documents {ports}."


def meant_port(subject: Subject) -> tuple[int, str]:
    """The port for sending that the written one is nearest to, and how TLS begins on it."""
    best = [(port, mode) for port, mode in _BEST if port in _sending_ports(subject)]
    # 578 was meant to be 587, and 456 to be 465.
    slip = nearest(str(subject.draft.port), [str(port) for port, _ in best])
    return next(((port, mode) for port, mode in best if str(port) == slip), best[0])


def lacks_port_25(subject: Subject) -> bool:
    """Whether the account's provider has no port 25, and a rule of its own about its ports."""
    provider = subject.provider
    return provider is not None and Aspect.PORT in provider.codes and provider.mode_of(25) is None


def port_of_mode(subject: Subject, mode: str) -> int | None:
    """The port that speaks TLS in this way, None when the provider has none."""
    if subject.provider is None:
        return next(port for port, known in _BEST if known == mode)
    return next((known.port for known in subject.provider.ports if known.mode == mode), None)


def fitting_mode(subject: Subject) -> str:
    """The encrypted mode that fits the account's port."""
    port = subject.draft.effective_port
    known = subject.provider.mode_of(port) if subject.provider is not None else None
    return known or (IMPLICIT if port == 465 else STARTTLS)


def logs_in(subject: Subject) -> bool:
    """Whether the account sends a password."""
    draft = subject.draft
    return draft.auth not in {AuthMechanism.NONE, AuthMechanism.EXTERNAL} and (
        draft.username is not None or draft.has_password_key
    )


def _sending_ports(subject: Subject) -> list[int]:
    if subject.provider is None:
        return [port for port, _ in _BEST]
    return [known.port for known in subject.provider.ports if known.port != 25]
