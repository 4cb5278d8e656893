"""What an arrival comes to: how late it was and what the receiver thinks of the sender, with findings. Pure."""

from dataclasses import dataclass
from typing import Final

from maild.diagnostics import Diagnostic
from maild.probe.arrival.authentication_results import AuthenticationResults
from maild.probe.findings.message import ARRIVED_LATE, NOT_ARRIVED, SENDER_DOUBTED

METHODS: Final = ("spf", "dkim", "dmarc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that was waited for.

    Attributes:
        head: its header as it arrived, None: it did not.
        seconds: from its end at the server to its being found, or to the end of patience.
    """

    head: bytes | None
    seconds: float

    @property
    def results(self) -> AuthenticationResults | None:
        """What the receiver says of the sender."""
        if self.head is None:
            return None
        return AuthenticationResults.of(header_pairs(self.head))

    def __str__(self) -> str:
        if self.head is None:
            return f"not arrived within {self.seconds:.0f} s"
        results = self.results
        if results is None:
            return f"arrived after {self.seconds:.1f} s; the receiver says nothing about the sender"
        said = " ".join(f"{method}={results.best(method) or 'not tried'}" for method in METHODS)
        return f"arrived after {self.seconds:.1f} s; {results.server} says {said}"


def judge_arrival(arrival: Arrival, *, within_s: float) -> Diagnostic | None:
    """What is wrong with it, the worst alone; None: nothing. Half of the time that it had is late."""
    if arrival.head is None:
        message = f"The server took the message, and {arrival.seconds:.0f} seconds later it was not in the mailbox."
        return NOT_ARRIVED.diagnostic(message, help_=NOT_ARRIVED.mend)
    return _judge_sender(arrival.results) or _judge_delay(arrival, within_s)


def _judge_sender(results: AuthenticationResults | None) -> Diagnostic | None:
    if results is None:
        return None
    told = {method: result for method in METHODS if (result := results.best(method)) is not None}
    # DMARC stands above the others: with it passed, one of them may fail, as SPF does after forwarding.
    if told.get("dmarc") == "pass" or all(result == "pass" for result in told.values()):
        return None
    failed = ", ".join(f"{method}={result}" for method, result in told.items() if result != "pass")
    message = f"The message arrived, and {results.server} doubts its sender: {failed}."
    return SENDER_DOUBTED.diagnostic(message, help_=SENDER_DOUBTED.mend)


def _judge_delay(arrival: Arrival, within_s: float) -> Diagnostic | None:
    if arrival.seconds <= within_s / 2:
        return None
    message = f"The message arrived {arrival.seconds:.0f} seconds after the server took it."
    return ARRIVED_LATE.diagnostic(message, help_=ARRIVED_LATE.mend)


def header_pairs(head: bytes) -> list[tuple[str, str]]:
    """Names and unfolded values."""
    pairs = [line.partition(":") for line in unfolded(head)]
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]


def unfolded(head: bytes) -> list[str]:
    """The header's lines, each field on one (RFC 5322 §2.2.3)."""
    lines: list[str] = []
    for raw in head.split(b"\n"):
        line = raw.rstrip(b"\r").decode("utf-8", "replace")
        if not line:
            break
        if line[0] in " \t" and lines:
            lines[-1] += line
        else:
            lines.append(line)
    return lines
