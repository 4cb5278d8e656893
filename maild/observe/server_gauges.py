"""From what a probe saw of an account's server to gauges: its addresses, what it offers, how it refused. Pure.

The sets are closed: a server may offer what it likes, and what maild does not use has no series.
"""

from collections.abc import Iterator
from typing import Final

from maild.config.model import AuthMechanism
from maild.observe.catalogue import probe
from maild.observe.metric import MetricInfo
from maild.observe.series import Labels
from maild.probe.findings.server import WEAKER_OFFER
from maild.probe.offer import Offer
from maild.probe.result import CheckResult, CheckVerdict

CAPABILITIES: Final = ("STARTTLS", "PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8")
MECHANISMS: Final = tuple(one.value.upper() for one in AuthMechanism if one is not AuthMechanism.NONE)


def server_values(account: str, check: CheckResult) -> Iterator[tuple[MetricInfo, Labels, float]]:
    """The gauges of the check that talks to the account's server; of others there are none."""
    if check.verdict is CheckVerdict.FAIL and check.phases:
        reason = "other" if check.reason is None else check.reason.value
        yield probe.FAILING, (account, check.check, check.failed_phase or "none", reason), 1
    for family in sorted({one.family for one in check.addresses}):
        verdicts = [one.verdict for one in check.addresses if one.family is family]
        yield probe.ADDRESSES, (account, family), len(verdicts)
        yield probe.ADDRESSES_FAILING, (account, family), verdicts.count(CheckVerdict.FAIL)
    if check.offer is not None:
        yield probe.REPLY_CODE, (account,), check.reply_code or 0
        is_weaker = any(one.code == WEAKER_OFFER.code for one in check.diagnostics)
        yield probe.WEAKER, (account,), is_weaker
        yield from _offer(account, check.offer)


def _offer(account: str, offer: Offer) -> Iterator[tuple[MetricInfo, Labels, float]]:
    said = offer.clear if offer.encrypted is None and not offer.protocol else offer.encrypted
    if said is not None:
        words = {line.split()[0] for line in said} - {"STARTTLS"}
        words |= {"STARTTLS"} if offer.offers_starttls else set()
        for capability in CAPABILITIES:
            if capability != "STARTTLS" or offer.clear is not None:
                yield probe.CAPABILITY, (account, capability), capability in words
    for mechanism in offer.mechanisms or ():
        if mechanism in MECHANISMS:
            yield probe.MECHANISM, (account, mechanism), 1
    if offer.size_limit is not None:
        yield probe.SIZE_LIMIT, (account,), offer.size_limit
    if offer.protocol:
        yield probe.TLS_SESSION_INFO, (account, offer.tls_version, offer.cipher), 1
    if offer.chain:
        ends_at = min(link.not_after for link in offer.chain)
        yield probe.CHAIN_NOT_AFTER, (account,), ends_at.timestamp()
