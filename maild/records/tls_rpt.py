"""Where reports on TLS failures go: the record of RFC 8460 §3. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from maild.errors import PermanentError
from maild.records.tag_list import TagError, begins_with_version, parse_tags

_URI: Final = re.compile(r"mailto:[^\s@,;]+@[a-z0-9.-]+|https:[^\s,;]+", re.IGNORECASE | re.ASCII)


class TlsRptError(PermanentError, ValueError):
    """Nobody reports by this record."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def parse_tls_rpt(texts: Iterable[str]) -> tuple[str, ...] | None:
    """Where the one record at `_smtp._tls` wants reports; None: there is none.

    Raises:
        TlsRptError: there are several, or it names no place that reports could go to.
    """
    records = [text for text in texts if begins_with_version(text, "TLSRPTv1")]
    if not records:
        return None
    if len(records) > 1:
        raise TlsRptError(f"there are {len(records)} records, so none counts")
    try:
        tags = parse_tags(records[0])
    except TagError as error:
        raise TlsRptError(str(error)) from None
    uris = tuple(uri.strip() for uri in tags.get("rua", "").split(","))
    for uri in uris:
        if _URI.fullmatch(uri) is None:
            raise TlsRptError(f"`rua={uri[:80]}` is neither a mailto: nor an https: address")
    return uris
