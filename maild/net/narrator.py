"""Times phases and tells a listener about each: the one place that makes Steps."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.peer import Peer
from maild.net.step import NetError, Step, StepListener


@dataclass(slots=True)
class Findings:
    """What a phase learnt, filled in while it runs."""

    detail: str = ""
    reply: Reply | None = None


class Narrator:
    """Tells one listener the steps of one conversation, in the event loop's time."""

    def __init__(self, listener: StepListener) -> None:
        self._listener: Final = listener
        self._loop: Final = asyncio.get_running_loop()

    def now(self) -> float:
        """The loop's time."""
        return self._loop.time()

    @contextlib.contextmanager
    def phase(self, phase: Phase) -> Iterator[Findings]:
        """Time what happens inside; a NetError goes on after it was told. A cancelled phase is not told."""
        findings = Findings()
        began_at = self.now()
        try:
            yield findings
        except NetError as error:
            self.fail(error, since=began_at)
            raise
        self.tell(phase, since=began_at, findings=findings)

    @contextlib.contextmanager
    def only_failures(self) -> Iterator[None]:
        """For a preparation, which is no phase of its own: a NetError is told, and goes on."""
        began_at = self.now()
        try:
            yield
        except NetError as error:
            self.fail(error, since=began_at)
            raise

    def tell(self, phase: Phase, *, since: float, until: float | None = None, findings: Findings | None = None) -> None:
        """A phase that went well, whose times are known from elsewhere."""
        learnt = findings or Findings()
        seconds = (self.now() if until is None else until) - since
        self._listener(Step(phase=phase, seconds=max(0.0, seconds), detail=learnt.detail, reply=learnt.reply))

    def tell_peer(self, peer: Peer, *, since: float, until: float | None = None, is_verified: bool = True) -> None:
        """A handshake that went well, as the phases TLS and CERTIFICATE."""
        ended_at = self.now() if until is None else until
        self.tell(Phase.TLS, since=since, until=ended_at, findings=Findings(detail=peer.protocol))
        words = str(peer.certificate or "unreadable")
        detail = words if is_verified else f"not verified, as configured; {words}"
        self.tell(Phase.CERTIFICATE, since=ended_at, until=ended_at, findings=Findings(detail=detail))

    def fail(self, error: NetError, *, since: float, until: float | None = None) -> None:
        """The phase of that error failed."""
        seconds = max(0.0, (self.now() if until is None else until) - since)
        self._listener(Step(phase=error.phase, seconds=seconds, detail=error.detail, reply=error.reply, error=error))
