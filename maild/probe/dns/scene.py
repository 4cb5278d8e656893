"""What a check of DNS knows of the account, and how it says what it came to. Pure.

A verdict follows from what was found: an error fails, a warning warns, and what could not be told is neither. A
finding without a place is about the world; it has one where a line of the account's file is the cause.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never

from maild.config.fault import Pointer
from maild.config.mail_service import service_provider, service_url
from maild.config.model import Account, HttpSettings, SmtpSettings
from maild.diagnostics import Diagnostic, Location, Severity
from maild.probe.figure import Figure
from maild.probe.findings.finding import LiveFinding
from maild.probe.findings.server import DNS_SILENT
from maild.probe.owner import Owner
from maild.probe.result import CheckResult, CheckVerdict
from maild.providers import Provider, provider_of
from maild.records.spf.result import IpAddress

NO_DNS: Final = frozenset({"localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TestNames:
    """Names by which a resolver shows what it does about signatures: one whose signatures are right, one whose are
    not. Both stand in the public DNS for this very purpose or for good; a lab has its own.
    """

    __test__ = False  # pytest takes the name for a test's

    signed: str = "org"
    bogus: str = "dnssec-failed.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An account as DNS sees it.

    Attributes:
        domain: of the sender's address, which is the envelope's and that in From.
        host: the server or service that takes the mail; port: where.
        provider: the company behind it; None: one's own server, or a company that is not known.
        signing_domain: that the service sends and signs for, where the account names one.
        sends_from: addresses from which the mail goes out to the world, by the account's file.
        selectors: that sign the mail, by the account's file.
        lists: lists of spammers to ask about those addresses.
        resolvers: name servers that are compared; fewer than two: none are.
        registrable: by the list of public suffixes.
        locate: the place of one of these pointers of the account's file.
    """

    account: str
    domain: str
    host: str
    port: int
    provider: Provider | None
    registrable: Callable[[str], str]
    locate: Callable[[tuple[Pointer, ...]], Location | None]
    signing_domain: str = ""
    sends_from: tuple[IpAddress, ...] = ()
    selectors: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()
    names: TestNames = TestNames()

    @property
    def is_in_dns(self) -> bool:
        """Whether the sender's domain is a name that DNS can be asked about."""
        return not self.domain.startswith("[") and self.domain not in NO_DNS

    @property
    def is_providers_own(self) -> bool:
        """Whether the domain is the provider's, where everybody has addresses and nobody can publish anything."""
        return self.provider is not None and self.domain in self.provider.mail_domains

    @property
    def place(self) -> Location | None:
        """Where the sender's address stands."""
        return self.locate((Pointer("/email"), Pointer("/username"), Pointer("/reply_to")))

    def found(self, finding: LiveFinding, message: str, help_: str, *, at: Location | None = None) -> Diagnostic:
        """A finding about the sender's domain."""
        return finding.diagnostic(message, help_=help_, location=self.place if at is None else at)

    def silence(self, detail: str) -> Diagnostic:
        """That a question got no answer."""
        return DNS_SILENT.diagnostic(
            f"No name server answered: {detail}.",
            help_="Nothing can be said about it; check the network and `dns.resolvers` if it stays.",
        )


def target_of(account: Account) -> tuple[str, int, Provider | None, str]:
    """Host, port and company of the account's server or service, and the domain that a service sends for."""
    match account.transport:
        case SmtpSettings(host=host, port=port):
            return host, port, provider_of(host), ""
        case HttpSettings(domain=domain) as http:
            host = service_url(http).partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
            return host, 443, service_provider(http), domain or ""
        case _:
            assert_never(account.transport)


def conclude(
    check: str,
    summary: str,
    diagnostics: tuple[Diagnostic, ...] = (),
    *,
    is_told: bool = True,
    figures: tuple[Figure, ...] = (),
) -> CheckResult:
    """The check's result; `is_told` is False when silence leaves it open, unless what is known is bad enough."""
    known = [diagnostic for diagnostic in diagnostics if diagnostic.code != DNS_SILENT.code]
    worst = min((diagnostic.severity.rank for diagnostic in known), default=Severity.INFO.rank)
    if worst <= Severity.ERROR.rank:
        verdict = CheckVerdict.FAIL
    elif worst <= Severity.WARNING.rank:
        verdict = CheckVerdict.WARN
    elif not is_told:
        verdict = CheckVerdict.INDETERMINATE
    else:
        verdict = CheckVerdict.PASS
    has_fault = verdict in {CheckVerdict.FAIL, CheckVerdict.WARN}
    return CheckResult(
        check=check,
        verdict=verdict,
        summary=summary,
        diagnostics=diagnostics,
        owner=Owner.DNS if has_fault else None,
        figures=figures,
    )


def pass_over(check: str, summary: str) -> CheckResult:
    """The check is not about this account, and why."""
    return CheckResult(check=check, verdict=CheckVerdict.NOT_APPLICABLE, summary=summary)
