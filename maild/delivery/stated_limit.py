"""Finds in the words of a refusal how much the provider allows: "limit of 500 recipients per day". Pure.

Only asked of refusals that are about an allowance (`delivery.refusals`). What names no number or no span of time says
nothing; of an hour's allowance a minute gets its share, because nothing here counts hours. The text is a stranger's, so
repetitions are bounded and absurd numbers are none.
"""

import re
from dataclasses import dataclass
from typing import Final

from maild.spool.allowance import AllowanceKind

MOST: Final = 10_000_000

_SPANS: Final = {"minute": 1, "min": 1, "hour": 60, "hourly": 60, "day": 1440, "daily": 1440}
"""In minutes."""

_NUMBER: Final = r"(?<![\d.,])(?P<number>\d{1,3}(?:,\d{3}){1,2}|\d{1,8})(?![\d.,]*\d)"
_PER: Final = re.compile(
    _NUMBER + r"[ ]?(?:[a-z\-]{1,20}[ ]?){0,3}(?:/|per|an?|each|every|in|within)?[ ]?"
    r"(?:any[ ])?(?:(?:1|one|a|24|rolling)[ -]?){0,2}(?P<span>minute|min|hours?|day)\b",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(
    r"\b(?P<span>daily|hourly|per (?:minute|hour|day))\b[a-z' ]{0,60}(?:\(|:|=|\bis\b|\bof\b)[ ]?" + _NUMBER,
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLimit:
    """So much of a kind."""

    kind: AllowanceKind
    value: int


def stated_limit(text: str) -> StatedLimit | None:
    """The allowance that a refusal speaks of; None when it names none."""
    found = _PER.search(text) or _LIMIT.search(text)
    if found is None:
        return None
    number = int(found["number"].replace(",", ""))
    minutes = _minutes(found[0].lower(), found["span"].lower())
    if not 0 < number <= MOST:
        return None
    if minutes == _SPANS["day"]:
        return StatedLimit(kind=AllowanceKind.PER_DAY, value=number)
    return StatedLimit(kind=AllowanceKind.PER_MINUTE, value=max(1, number // minutes))


def _minutes(words: str, span: str) -> int:
    if span == "hours":
        return _SPANS["day"] if re.search(r"24[ -]?hours", words) else _SPANS["hour"]
    return _SPANS[span.removeprefix("per ")]
