"""A domain's logo beside its mail: the BIMI record (draft-brand-indicators-for-message-identification). Pure.

Only reads the record: neither the picture nor its certificate is fetched.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from maild.errors import PermanentError
from maild.records.tag_list import TagError, begins_with_version, parse_tags


class BimiError(PermanentError, ValueError):
    """Nobody shows a logo by this record."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BimiRecord:
    """Where the picture and the certificate for it are; both "" when the domain declines to have a logo."""

    logo: str
    evidence: str = ""


def parse_bimi(texts: Iterable[str]) -> BimiRecord | None:
    """The one record at `default._bimi`; None: there is none.

    Raises:
        BimiError: it is of no use.
    """
    records = [text for text in texts if begins_with_version(text, "BIMI1")]
    if not records:
        return None
    if len(records) > 1:
        raise BimiError(f"there are {len(records)} records, so none counts")
    try:
        tags = parse_tags(records[0])
    except TagError as error:
        raise BimiError(str(error)) from None
    if "l" not in tags:
        raise BimiError("the tag `l` with the picture's address is missing")
    for name in ("l", "a"):
        if tags.get(name) and not tags[name].lower().startswith("https://"):
            raise BimiError(f"`{name}={tags[name][:80]}` must begin with https://")
    return BimiRecord(logo=tags["l"], evidence=tags.get("a", ""))
