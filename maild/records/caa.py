"""Who may issue certificates for a name: CAA records, RFC 8659. Pure.

Finds the records that count by climbing from the name to its parents (§3), and reads them. Which authority a name such
as "letsencrypt.org" stands for, and whether it is the one whose certificate is in use, is not told by DNS.
"""

import re
from dataclasses import dataclass
from typing import Final

from maild.records.dialogue import Dialogue, Found, Question, Silent

_RECORD: Final = re.compile(r'([0-9]{1,3}) ([a-z0-9]+) "?((?:[^"\\]|\\.)*)"?', re.IGNORECASE | re.ASCII)
_CRITICAL: Final = 128
_KNOWN: Final = frozenset({"issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc"})

MAX_PARENTS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaFindings:
    """What counts for a name.

    Attributes:
        source: where the records stand; None: nowhere, and every authority may issue.
        issuers: who may issue.
        unknown: critical properties that no authority knows, so that none issues (§4.1).
        silent: the reason why it could not be told.
    """

    source: str | None = None
    issuers: tuple[str, ...] = ()
    has_issue: bool = False
    unknown: tuple[str, ...] = ()
    silent: str | None = None

    @property
    def forbids_all(self) -> bool:
        """Whether no authority may issue."""
        return bool(self.unknown) or (self.has_issue and not self.issuers)


def find_caa(name: str) -> Dialogue[CaaFindings]:
    """Ask at the name and above; the nearest records count, all of them asked for at once."""
    labels = name.split(".")
    names = [".".join(labels[index:]) for index in range(len(labels))][:MAX_PARENTS]
    replies = yield tuple(Question(name=one, rdtype="CAA") for one in names)
    for one, reply in zip(names, replies, strict=True):
        if isinstance(reply, Silent):
            return CaaFindings(silent=f"CAA of {one}: {reply.detail}")
        if isinstance(reply, Found):
            return _read(one, reply.values)
    return CaaFindings()


def _read(source: str, values: tuple[str, ...]) -> CaaFindings:
    issuers: list[str] = []
    unknown: list[str] = []
    has_issue = False
    for value in values:
        found = _RECORD.fullmatch(value)
        if found is None:
            continue
        tag = found[2].lower()
        if tag == "issue":
            has_issue = True
            issuer = found[3].partition(";")[0].strip().lower()
            issuers += [issuer] if issuer else []
        elif tag not in _KNOWN and int(found[1]) & _CRITICAL:
            unknown.append(tag)
    return CaaFindings(source=source, issuers=tuple(issuers), has_issue=has_issue, unknown=tuple(unknown))
