"""A DMARC record: its tags, and what they ask for (RFC 9989 §4.7; RFC 7489 §6.3 where older receivers differ). Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from maild.errors import PermanentError
from maild.records.tag_list import TagError, begins_with_version, parse_tags

_REMOVED: Final = ("pct", "rf", "ri")
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"psd": ("u", "y", "n"), "t": ("n", "y"), "aspf": ("r", "s"), "adkim": ("r", "s")}
)
"""The default first."""
"""Tags of RFC 7489 that RFC 9989 knows no more."""

_URI: Final = re.compile(
    r"(?:mailto:[^\s@!,;]+@([a-z0-9.-]+)(?:\?[^\s!,;]*)?|https?:[^\s!,;]+)(?:![0-9]+[kmgt]?)?", re.IGNORECASE | re.ASCII
)


class DmarcPolicy(StrEnum):
    """What the owner of a domain asks receivers to do with mail that is not aligned."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


_WEAKER: Final = {
    DmarcPolicy.REJECT: DmarcPolicy.QUARANTINE,
    DmarcPolicy.QUARANTINE: DmarcPolicy.NONE,
    DmarcPolicy.NONE: DmarcPolicy.NONE,
}


class Psd(StrEnum):
    """What the record says of its domain: below it others register names, or not, or nothing."""

    YES = "y"
    NO = "n"
    UNTOLD = "u"


class DmarcError(PermanentError, ValueError):
    """Receivers ignore the record."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcRecord:
    """A record that counts.

    Attributes:
        subdomains, absent_names: the policies for names below the domain, and for those that do not exist; None: as
            `subdomains`, else as `policy`.
        is_strict_spf, is_strict_dkim: only the very same domain is aligned.
        reports: the domains that aggregate reports go to by mail.
        notes: what a reader of either RFC would stumble over, as sentences.
        mended: the record's text without what they are about.
    """

    policy: DmarcPolicy
    subdomains: DmarcPolicy | None = None
    absent_names: DmarcPolicy | None = None
    psd: Psd = Psd.UNTOLD
    is_testing: bool = False
    is_strict_spf: bool = False
    is_strict_dkim: bool = False
    reports: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    mended: str = field(default="", compare=False)

    def policy_for(self, *, is_below: bool) -> DmarcPolicy:
        """What RFC 9989 asks for mail of the domain itself, or of a name below it that exists; testing weakens it."""
        policy = (self.subdomains or self.policy) if is_below else self.policy
        return _WEAKER[policy] if self.is_testing else policy

    def old_policy_for(self, *, is_below: bool) -> DmarcPolicy:
        """The same by RFC 7489, which knows no testing."""
        return (self.subdomains or self.policy) if is_below else self.policy


def select_dmarc(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's TXT records that are DMARC records; more than one counts as none (RFC 9989 §4.10)."""
    return tuple(text for text in texts if begins_with_version(text, "DMARC1"))


def parse_dmarc(text: str) -> DmarcRecord:
    """The meaning of a record that `select_dmarc` chose.

    Raises:
        DmarcError: it is ignored.
    """
    try:
        tags = parse_tags(text)
    except TagError as error:
        raise DmarcError(str(error)) from None
    notes = [f"`{name}` counts no more since RFC 9989" for name in _REMOVED if name in tags]
    uris = [uri.strip() for uri in tags.get("rua", "").split(",") if uri.strip()]
    found = [_URI.fullmatch(uri) for uri in uris]
    notes += [
        f"`{uri}` in `rua` is no address for reports" for uri, match in zip(uris, found, strict=True) if not match
    ]
    policy = _policy(tags, "p", notes)
    if policy is None:
        # Who asks for reports alone gets them; else the record says nothing.
        if not any(found):
            raise DmarcError("`p` must be none, quarantine or reject")
        policy = DmarcPolicy.NONE
    elif list(tags)[1] != "p":
        notes.append("`p` does not follow `v` at once, as older receivers want it")
    return DmarcRecord(
        policy=policy,
        subdomains=_policy(tags, "sp", notes),
        absent_names=_policy(tags, "np", notes),
        psd=Psd(_choice(tags, "psd", notes)),
        is_testing=_choice(tags, "t", notes) == "y",
        is_strict_spf=_choice(tags, "aspf", notes) == "s",
        is_strict_dkim=_choice(tags, "adkim", notes) == "s",
        reports=tuple(dict.fromkeys(match[1].lower() for match in found if match and match[1])),
        notes=tuple(notes),
        mended=_mended({**tags, "p": policy.value, **_good_reports(uris, found)}),
    )


def _good_reports(uris: Sequence[str], found: Sequence[re.Match[str] | None]) -> Mapping[str, str]:
    good = [uri for uri, match in zip(uris, found, strict=True) if match]
    return {"rua": ",".join(good)} if uris else {}


def _mended(tags: Mapping[str, str]) -> str:
    """The tags that mean something, `p` behind `v` as older receivers want it."""
    kept = ["v=DMARC1", f"p={tags['p']}"]
    for name, value in tags.items():
        is_choice = value.lower() in _CHOICES.get(name, (value.lower(),))
        is_policy = name not in {"sp", "np"} or value.lower() in set(DmarcPolicy)
        if name not in {"v", "p", *_REMOVED} and value and is_choice and is_policy:
            kept.append(f"{name}={value}")
    return "; ".join(kept)


def _policy(tags: Mapping[str, str], name: str, notes: list[str]) -> DmarcPolicy | None:
    value = tags.get(name)
    if value is None:
        if name == "p":
            notes.append("`p` is missing, which counts as none")
        return None
    try:
        return DmarcPolicy(value.lower())
    except ValueError:
        notes.append(f"`{name}={value}` is none of none, quarantine and reject")
        return None


def _choice(tags: Mapping[str, str], name: str, notes: list[str]) -> str:
    """The value, or the first of the allowed ones, which is the default."""
    allowed = _CHOICES[name]
    value = tags.get(name, allowed[0]).lower()
    if value in allowed:
        return value
    notes.append(f"`{name}={value}` is none of {', '.join(allowed)}")
    return allowed[0]
