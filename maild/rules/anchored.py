"""Where the value stands that an alias repeats: `port: *p` is wrong because of `&p` somewhere above. Pure.

YAML 1.2.2 §7.1: an alias means the last node before it with that anchor.
"""

import re
from bisect import bisect_right
from typing import Final

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.diagnostics import Span
from maild.diagnostics.fix import index_of

_ALIAS: Final = re.compile(r"\*([^\s,\[\]{}]+)")


def anchored_value(document: Document, pointer: Pointer) -> Span | None:
    """The value that stands at an alias's anchor; None when what stands at the pointer is no alias."""
    mark = document.marks.get(pointer)
    if mark is None or mark.style is not None:
        return None
    index = index_of(document.text)
    start, end = index.range_of(mark.value)
    alias = _ALIAS.fullmatch(document.text, start, end)
    if alias is None:
        return None
    anchors = re.compile(rf"&{re.escape(alias[1])}(?![^\s,\[\]{{}}])")
    places = [found.end() for found in anchors.finditer(document.text, 0, start)]
    values = sorted(
        (index.range_of(one.value), one.value) for one in document.marks.values() if one.is_anchored and one != mark
    )
    # The sign may stand in a comment or a text, too; then no value with an anchor follows it directly.
    for place in reversed(places):
        at = bisect_right(values, ((place, place), mark.value))
        if at < len(values) and not document.text[place : values[at][0][0]].strip():
            return values[at][1]
    return None
