"""What a case of the table is, and what it is held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Self, TypeAlias, assert_never
from urllib.parse import urlsplit

from maild.config.fault import Pointer
from maild.config.mail_service import service_provider, service_url
from maild.config.model import Account, HttpSettings, SmtpSettings, TlsMode
from maild.config.proxy import Proxy
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.step import NetError, Reason
from maild.probe.evidence import Evidence
from maild.probe.findings import LiveFinding
from maild.probe.owner import Owner
from maild.probe.result import CertificateFacts
from maild.providers import PROVIDERS, Provider, UsernameForm, provider_of

# 0.85 takes smtp.gmial.com for smtp.gmail.com and leaves smtp.example.com alone.
_CLOSE_ENOUGH: Final = 0.85
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the account wanted, as far as a cause may lie in it. `mode` is None with HTTP."""

    host: str
    port: int
    mode: TlsMode | None
    username: str | None
    has_ca_file: bool
    provider: Provider | None
    proxy: Proxy | None = None

    @classmethod
    def of(cls, account: Account) -> Self:
        """The target of this account."""
        match account.transport:
            case SmtpSettings() as smtp:
                return cls(
                    host=smtp.host,
                    port=smtp.port,
                    mode=smtp.tls.mode,
                    username=account.username,
                    has_ca_file=smtp.tls.ca_file is not None,
                    provider=provider_of(smtp.host),
                    proxy=smtp.proxy,
                )
            case HttpSettings() as http:
                url = service_url(http)
                parts = urlsplit(url)
                return cls(
                    host=parts.hostname or url,
                    port=parts.port or (80 if parts.scheme == "http" else 443),
                    mode=None,
                    username=None,
                    has_ca_file=http.tls.ca_file is not None,
                    provider=service_provider(http),
                    proxy=http.proxy,
                )
            case _:
                assert_never(account.transport)

    @property
    def is_http(self) -> bool:
        """Whether the account sends through an HTTP service."""
        return self.mode is None

    @property
    def is_this_machine(self) -> bool:
        """Whether the server is on this very machine."""
        return self.host in _THIS_MACHINE

    @property
    def nearest_host(self) -> str | None:
        """The provider's host whose name this one was probably meant to be, if it is none itself."""
        known = [host for provider in PROVIDERS for host in provider.hosts if "*" not in host]
        close = get_close_matches(self.host, known, n=1, cutoff=_CLOSE_ENOUGH)
        return close[0] if close and close[0] != self.host else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A failure and everything known around it."""

    phase: Phase
    reason: Reason
    reply: Reply | None
    target: Target
    certificate: CertificateFacts | None = None
    evidence: Evidence | None = None

    @classmethod
    def of(
        cls,
        error: NetError,
        target: Target,
        certificate: CertificateFacts | None = None,
        evidence: Evidence | None = None,
    ) -> Self:
        """The scene of this error."""
        return cls(
            phase=error.phase,
            reason=error.reason,
            reply=error.reply,
            target=target,
            certificate=certificate,
            evidence=evidence,
        )

    @property
    def problem(self) -> str | None:
        """The certificate's defect by name, where there is one."""
        return None if self.certificate is None else self.certificate.problem

    def words(self) -> Mapping[str, object]:
        """What the sentences of a case may mention."""
        target, provider = self.target, self.target.provider
        return {
            "host": target.host,
            "port": target.port,
            "open_ports": "" if self.evidence is None else " and ".join(map(str, self.evidence.open_ports)),
            "knowing": "" if self.evidence is None else " and ".join(self.evidence.knowing),
            "denying": "" if self.evidence is None else " and ".join(self.evidence.denying),
            "mode": target.mode,
            "proxy": target.proxy,
            "nearest": target.nearest_host,
            "code": None if self.reply is None else self.reply.code,
            "provider": "the server" if provider is None else provider.title,
            "advice": "" if provider is None else provider.password_advice,
            "ports": "" if provider is None else _ports(provider),
            "mechanisms": "" if provider is None else ", ".join(provider.mechanisms),
            "fixed_username": "" if provider is None else provider.fixed_username,
            "names": "" if self.certificate is None else ", ".join(self.certificate.names[:5]),
        }


Condition: TypeAlias = Callable[[Scene], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of the table. None means: whichever.

    Attributes:
        when: what else must be so.
        cause: a sentence; `{host}` and the like stand for the words of the scene.
        pointers: the values to change, most likely first; the first that is written in the file is meant.
    """

    finding: LiveFinding
    owner: Owner
    cause: str
    fix: str
    phases: tuple[Phase, ...] | None = None
    reasons: tuple[Reason, ...] | None = None
    when: tuple[Condition, ...] = ()
    pointers: tuple[str, ...] = ()

    def fits(self, scene: Scene) -> bool:
        """Whether this line is about such a failure."""
        return (
            (self.phases is None or scene.phase in self.phases)
            and (self.reasons is None or scene.reason in self.reasons)
            and all(condition(scene) for condition in self.when)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """The answer, in sentences for a person. `pointers` as in `Case`, for the protocol of the account."""

    finding: LiveFinding
    owner: Owner
    cause: str
    fix: str
    pointers: tuple[Pointer, ...]


def is_code(*codes: int) -> Condition:
    """The server's reply has one of these codes."""
    return lambda scene: scene.reply is not None and scene.reply.code in codes


def is_transient(scene: Scene) -> bool:
    """The server's reply is 4yz."""
    return scene.reply is not None and scene.reply.is_transient


def is_permanent(scene: Scene) -> bool:
    """The server's reply is 5yz."""
    return scene.reply is not None and scene.reply.is_permanent


def has_proxy(scene: Scene) -> bool:
    """The account goes by a proxy."""
    return scene.target.proxy is not None


def is_provider(scene: Scene) -> bool:
    """The server belongs to a mail company that we know."""
    return scene.target.provider is not None


def is_documented_port(scene: Scene) -> bool:
    """The provider documents the port."""
    provider = scene.target.provider
    return provider is not None and provider.mode_of(scene.target.port) is not None


def has_problem(*problems: str) -> Condition:
    """The certificate has one of these defects."""
    return lambda scene: scene.problem in problems


def has_mode(*modes: TlsMode) -> Condition:
    """The account wants TLS in one of these ways."""
    return lambda scene: scene.target.mode in modes


def has_port(*ports: int) -> Condition:
    """The account names one of these ports."""
    return lambda scene: scene.target.port in ports


def has_no_username(scene: Scene) -> bool:
    """The account does not log in."""
    return scene.target.username is None


def lacks_address(scene: Scene) -> bool:
    """The provider wants the whole address as username, and it is none."""
    provider, username = scene.target.provider, scene.target.username
    return (
        provider is not None
        and provider.username is UsernameForm.ADDRESS
        and username is not None
        and "@" not in username
    )


def lacks_fixed_username(scene: Scene) -> bool:
    """The provider has one username for everybody, and it is another one."""
    provider = scene.target.provider
    return provider is not None and scene.target.username is not None and not provider.lets_in(scene.target.username)


def is_network_down(scene: Scene) -> bool:
    """Nobody at all can be reached."""
    return scene.evidence is not None and scene.evidence.is_network_down


def is_port_blocked(scene: Scene) -> bool:
    """Nobody can be reached on this port, and somebody on another."""
    return scene.evidence is not None and scene.evidence.is_port_blocked


def has_open_ports(scene: Scene) -> bool:
    """The server answers on another port."""
    return scene.evidence is not None and bool(scene.evidence.open_ports)


def is_server_down(scene: Scene) -> bool:
    """Others answer on this port, and the server on none."""
    return scene.evidence is not None and scene.evidence.is_server_down


def is_known_elsewhere(scene: Scene) -> bool:
    """Another name server knows the host."""
    return scene.evidence is not None and bool(scene.evidence.knowing)


def is_denied_somewhere(scene: Scene) -> bool:
    """A name server says that there is no such host."""
    return scene.evidence is not None and bool(scene.evidence.denying)


def is_http(scene: Scene) -> bool:
    """The account sends through an HTTP service."""
    return scene.target.is_http


def _ports(provider: Provider) -> str:
    return " or ".join(f"{known.port} ({known.mode})" for known in provider.ports)
