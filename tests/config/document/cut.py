"""Cuts out of a text what a span covers, line by line as an editor would: independently of what made the span."""

import re

from maild.diagnostics import Span


def cut(text: str, span: Span) -> str:
    """The text between the span's ends."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    start = sum(len(line) for line in lines[: span.line - 1]) + span.column - 1
    end = sum(len(line) for line in lines[: span.end_line - 1]) + span.end_column - 1
    assert 0 <= start <= end <= len(text)
    return text[start:end]
