"""How checks see DNS: whom they ask, and what the site wants to know. And the running of one of them. Shell code."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

from maild.config.fault import Pointer
from maild.config.model import Account, DnsSettings
from maild.diagnostics import Location
from maild.net.resolver import Resolver, SystemResolver
from maild.probe.dns.answers import Answers, NameServers
from maild.probe.dns.catalogue import DnsCheck
from maild.probe.dns.scene import Scene, TestNames, conclude, target_of
from maild.probe.events import QuestionAsked
from maild.probe.result import CheckResult

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

DEADLINE_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsView:
    """What every account's checks of DNS share.

    Attributes:
        lists: of spammers, to ask about own addresses.
        resolvers: that are compared; `answers` knows each of them.
        names: by which the resolver is tested.
    """

    answers: Answers
    lists: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()
    names: TestNames = field(default_factory=TestNames)

    async def run(
        self, check: DnsCheck, account: Account, locate: Callable[[tuple[Pointer, ...]], Location | None]
    ) -> CheckResult:
        """One check of this account, within its deadline."""
        scene = self.scene_of(account, locate)
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await self.answers.hold(check.check(scene))
        except TimeoutError:
            silence = scene.silence(f"not all answers came within {DEADLINE_S:g} seconds")
            return conclude(check.name, "name servers are too slow", (silence,), is_told=False)

    def scene_of(self, account: Account, locate: Callable[[tuple[Pointer, ...]], Location | None]) -> Scene:
        """The account as DNS sees it."""
        host, port, provider, signing_domain = target_of(account)
        return Scene(
            account=account.name,
            domain=account.sender.domain,
            host=host,
            port=port,
            provider=provider,
            registrable=registrable,
            locate=locate,
            signing_domain=signing_domain,
            sends_from=tuple(ip_address(text) for text in account.dns.sends_from),
            selectors=account.dns.dkim_selectors,
            lists=self.lists,
            resolvers=self.resolvers,
            names=self.names,
        )


def registrable(domain: str) -> str:
    """The domain that somebody registered, of a name below it, by the list of public suffixes; of a suffix itself."""
    found = _suffixes(domain.lower().rstrip(".").rpartition(".")[2]).privatesuffix(domain)
    return found if isinstance(found, str) else domain


@lru_cache(maxsize=100)
def _suffixes(top: str) -> "PublicSuffixList":
    """Those below this top level domain: the whole list takes a tenth of a second and two megabytes."""
    from publicsuffixlist import PSLFILE, PublicSuffixList  # noqa: PLC0415 -- not before somebody asks

    # Others can be written in two ways, and the list has one of them.
    ending = f"{top}\n" if top.isascii() and not top.startswith("xn--") else "\n"
    with Path(PSLFILE).open(encoding="utf-8") as file:
        return PublicSuffixList([line for line in file if line.endswith(ending)])


def view_of(settings: DnsSettings, resolver: Resolver, tell: Callable[[QuestionAsked], None]) -> DnsView:
    """How a site sees DNS: by its resolver, which has its name servers, and by each of them where there are several."""
    several = settings.resolvers if len(settings.resolvers) > 1 else ()
    each = {name: SystemResolver([name]) for name in several}
    return DnsView(
        answers=Answers(NameServers(any_of_them=resolver, each=each), tell),
        lists=settings.blocklists,
        resolvers=several,
    )
