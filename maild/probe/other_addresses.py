"""The addresses of a server that the conversation did not go to, each looked at by itself, up to EHLO under TLS.

A dead address, or a whole dead family, hides behind a healthy one for as long as that works: whoever connects tries
them in turn and tells nobody. There is no login here, for one a probe is enough. Shell; judged in `address_judgement`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from maild.net.resolver import Address, Answer, Resolver
from maild.net.smtp import SmtpServer, open_session
from maild.net.step import NetError, Step
from maild.probe.address_judgement import failing_address, family_of
from maild.probe.blame import Target
from maild.probe.conversation import Judged, facts_of, phases_of
from maild.probe.result import AddressResult, CertificateFacts, CheckVerdict
from maild.probe.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A resolver that knows the addresses already."""

    known: tuple[Address, ...]
    resolver: Resolver

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """Those."""
        del host, port
        return self.known

    async def lookup(self, name: str, rdtype: str) -> Answer:
        """As ever."""
        return await self.resolver.lookup(name, rdtype)


async def look_at_others(
    subject: Subject, server: SmtpServer, addresses: Sequence[Address]
) -> tuple[AddressResult, ...]:
    """Each of these, side by side: they are different machines."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_look(subject, server, address)) for address in addresses]
    return tuple(task.result() for task in running)


async def _look(subject: Subject, server: SmtpServer, address: Address) -> AddressResult:
    steps: list[Step] = []
    certificate: CertificateFacts | None = None
    try:
        session = await open_session(
            replace(server, username=None, password=None),
            Fixed(known=(address,), resolver=subject.resolver),
            listener=steps.append,
            login=False,
            timeouts=subject.timeouts,
        )
        certificate = None if session.certificate is None else facts_of(session.certificate)
        await session.quit()
    except NetError as error:
        return failing_address(address, Judged.of(error, Target.of(subject.account)), steps)
    return AddressResult(
        address=str(address.ip),
        family=family_of(address),
        verdict=CheckVerdict.PASS,
        summary="ready to send",
        phases=phases_of(steps, None),
        certificate=certificate,
    )
