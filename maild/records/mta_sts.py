"""MTA-STS: the record that announces a policy, and the policy (RFC 8461 §3.1, §3.2, §4.1). Pure; fetches nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maild.errors import PermanentError
from maild.records.tag_list import TagError, begins_with_version, parse_tags

_ID: Final = re.compile(r"[a-z0-9]{1,32}", re.IGNORECASE | re.ASCII)
_HOST: Final = re.compile(r"(?:\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.IGNORECASE | re.ASCII)
_AGE: Final = re.compile(r"[0-9]{1,10}")

MAX_AGE_S: Final = 31_557_600
"""About a year (§3.2)."""

SHORT_AGE_S: Final = 86_400
"""A policy that lives shorter protects little: §2 and §10.1 have weeks in mind."""

MAX_POLICY_BYTES: Final = 64 * 1024
"""§3.3 suggests this limit."""


class StsMode(StrEnum):
    """What senders shall do when the policy cannot be held."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


class StsError(PermanentError, ValueError):
    """Senders take no notice of the record or the policy."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class StsPolicy:
    """A policy. `hosts` are the patterns of `mx` in lower case."""

    mode: StsMode
    hosts: tuple[str, ...]
    max_age_s: int

    def covers(self, host: str) -> bool:
        """Whether this mail host fits: a wildcard is for exactly one label (§4.1)."""
        name = host.lower().removesuffix(".")
        parent = name.partition(".")[2]
        return any(
            name == pattern or (pattern.startswith("*.") and bool(parent) and parent == pattern[2:])
            for pattern in self.hosts
        )


def parse_sts_record(texts: Iterable[str]) -> str | None:
    """The `id` of the one record at `_mta-sts`; None: there is none.

    Raises:
        StsError: there are several, or it is written wrongly.
    """
    records = [text for text in texts if begins_with_version(text, "STSv1")]
    if not records:
        return None
    if len(records) > 1:
        raise StsError(f"there are {len(records)} records, so none counts")
    try:
        tags = parse_tags(records[0])
    except TagError as error:
        raise StsError(str(error)) from None
    id_ = tags.get("id", "")
    if _ID.fullmatch(id_) is None:
        raise StsError("`id` must be 1 to 32 letters and digits")
    return id_


def parse_sts_policy(text: str) -> StsPolicy:
    """The policy in the file `mta-sts.txt`; lines may end in CRLF or LF.

    Raises:
        StsError: a key that must be there is missing or wrong.
    """
    keys: dict[str, list[str]] = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            keys.setdefault(key.strip(), []).append(value.strip())
        elif line.strip():
            raise StsError(f"the line {line.strip()[:60]!r} is no `key: value`")
    if keys.get("version", [""])[0] != "STSv1":
        raise StsError("`version: STSv1` is missing")
    try:
        mode = StsMode(keys.get("mode", [""])[0])
    except ValueError:
        raise StsError("`mode` must be enforce, testing or none") from None
    age = keys.get("max_age", [""])[0]
    if _AGE.fullmatch(age) is None or int(age) > MAX_AGE_S:
        raise StsError(f"`max_age` must be a number of seconds up to {MAX_AGE_S}")
    hosts = tuple(host.lower().removesuffix(".") for host in keys.get("mx", []))
    for host in hosts:
        if _HOST.fullmatch(host) is None:
            raise StsError(f"`mx: {host[:60]}` is no host")
    if not hosts and mode is not StsMode.NONE:
        raise StsError("no `mx` names a mail host")
    return StsPolicy(mode=mode, hosts=hosts, max_age_s=int(age))
