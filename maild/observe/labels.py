"""What the labels of the metrics mean, and what bounds their values. Pure.

Every label is here, and a test holds what is exposed against the closed sets. No label holds what somebody outside
chose: an address, a server's words, a queue id.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maild.delivery.events import ReportWay
from maild.diagnostics import Severity
from maild.mail.phase import Phase
from maild.net.certificate import Defect
from maild.net.name_servers import Silence
from maild.net.step import Reason
from maild.observe.counting import REJECT_REASONS, REPLY_CLASSES
from maild.observe.metric import MetricInfo
from maild.observe.server_gauges import CAPABILITIES, MECHANISMS
from maild.observe.status import START_SETTINGS, CanaryState, FileStanding
from maild.probe.arrival import round_trip
from maild.probe.arrival.judgement import METHODS
from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.dns.questions import TYPES
from maild.probe.result import Family
from maild.spool.owed import Occasion
from maild.spool.queue import MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelInfo:
    """One label. `values` is the closed set, in order; empty where `meaning` says what bounds them."""

    meaning: str
    values: tuple[str, ...] = ()


def _of(words: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


CHECKS: Final = ("smtp", "http", "mx", *(check.name for check in DNS_CHECKS), round_trip.NAME)
"""The names of the checks; a test holds them against the list of checks itself."""

_ACCOUNT: Final = LabelInfo(meaning="An account's name, from the configuration.")
_FILE: Final = LabelInfo(meaning="A configuration file below the folder; a thousand at most.")
_CHECK: Final = LabelInfo(meaning="What was asked: a server, or a domain's records.", values=CHECKS)
_OWN_CHECK: Final = LabelInfo(meaning="What was asked; an account has smtp or http.", values=("smtp", "http", "mx"))
_WHY: Final = LabelInfo(
    meaning="Why; other: it went well and is held against the server.", values=(*_of(Reason), "other")
)
_SEVERITY: Final = LabelInfo(meaning="How much a finding matters.", values=_of(Severity))
_TEXT: Final = "What the daemon was built with."

LABELS: Final = {
    "account": _ACCOUNT,
    "check": _CHECK,
    "code": LabelInfo(meaning="A rule, as `maild explain` knows it."),
    "field": LabelInfo(meaning="A key of maild.yaml.", values=START_SETTINGS),
    "file": _FILE,
    "git_commit": LabelInfo(meaning="Short name of the commit; empty outside of git."),
    "hash": LabelInfo(meaning="Digest over all files; one series, since only the present one is shown."),
    "occasion": LabelInfo(meaning="What the report is about.", values=_of(Occasion)),
    "openssl": LabelInfo(meaning=_TEXT),
    "phase": LabelInfo(meaning="How far a conversation came.", values=(*_of(Phase), "none")),
    "problem": LabelInfo(meaning="What is wrong with a certificate.", values=_of(Defect)),
    "python": LabelInfo(meaning=_TEXT),
    "reply_class": LabelInfo(
        meaning="Whether the server's reply was for now or for good; none where it gave none.",
        values=REPLY_CLASSES,
    ),
    "severity": _SEVERITY,
    "trigger": LabelInfo(
        meaning="What made maild look.", values=("start", "event", "rescan", "signal", "request", "canary")
    ),
    "version": LabelInfo(meaning=_TEXT),
    "way": LabelInfo(meaning="How it was told.", values=_of(ReportWay)),
    "maild_config_canary_files.state": LabelInfo(meaning="How far the try is.", values=_of(CanaryState)),
    "maild_config_canary_runs.result": LabelInfo(
        meaning="What came of a try.", values=("passed", "failed", "untold", "waived")
    ),
    "maild_config_files.state": LabelInfo(meaning="What of the file is in force.", values=_of(FileStanding)),
    "maild_config_reloads.result": LabelInfo(
        meaning="What came of the look; degraded: something older is in force.",
        values=("changed", "unchanged", "degraded"),
    ),
    "capability": LabelInfo(meaning="An extension of SMTP that maild uses.", values=CAPABILITIES),
    "mechanism": LabelInfo(meaning="A way of logging in that maild knows.", values=MECHANISMS),
    "maild_breaker_trouble.reason": LabelInfo(meaning="Why it opened.", values=_of(Reason)),
    "maild_probe_failing.reason": _WHY,
    "maild_probe_failure_reasons.reason": _WHY,
    "maild_probes.check": _OWN_CHECK,
    "maild_probe_failures.check": _OWN_CHECK,
    "maild_probe_last_success_timestamp_seconds.check": _OWN_CHECK,
    "maild_delivery_recipients.verdict": LabelInfo(
        meaning="What became of a recipient in one try.", values=("delivered", "deferred", "failed", "uncertain")
    ),
    "maild_intake_rejected.reason": LabelInfo(
        meaning="Why the drop is no message.", values=(*sorted(REJECT_REASONS), "other")
    ),
    "maild_oauth_renewals.result": LabelInfo(meaning="What came of it.", values=("granted", "failed", "refused")),
    "address": LabelInfo(meaning="An address of one's own, from `dns.sends_from` of the account."),
    "list": LabelInfo(meaning="A list of spammers, from the configuration."),
    "provider": LabelInfo(meaning="A mail company that maild knows."),
    "resolver": LabelInfo(meaning="One of several name servers of the configuration; site: any of them."),
    "method": LabelInfo(meaning="How a receiver tells whether the sender is who it says.", values=METHODS),
    "rrtype": LabelInfo(meaning="The type of records.", values=TYPES),
    "selector": LabelInfo(meaning="A DKIM selector, from the configuration or the provider's usual ones."),
    "maild_dns_failures.reason": LabelInfo(meaning="Why nobody answered.", values=_of(Silence)),
    "family": LabelInfo(meaning="Which internet.", values=_of(Family)),
    "maild_tls_session_info.version": LabelInfo(meaning="Of TLS, such as TLSv1.3."),
    "cipher": LabelInfo(meaning="OpenSSL's name of the cipher."),
    "maild_spool_messages.state": LabelInfo(meaning="Where a message stands.", values=_of(MessageState)),
}
"""By the label's name, or by "metric.label" where the same word means something of its own."""


def label_info(metric: MetricInfo, label: str) -> LabelInfo:
    """What `label` of `metric` means; KeyError when nobody has said so."""
    return LABELS.get(f"{metric.name}.{label}") or LABELS[label]
