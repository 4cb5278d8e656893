"""A YAML file as plain values with positions beside them: `parse_document` makes a `Document` or says what is wrong."""

from maild.config.document.document import Document, join_pointer, parent_pointer
from maild.config.document.marks import Mark, ScalarStyle
from maild.config.document.parse import MAX_BYTES, Parsed, parse_document

__all__ = [
    "MAX_BYTES",
    "Document",
    "Mark",
    "Parsed",
    "ScalarStyle",
    "join_pointer",
    "parent_pointer",
    "parse_document",
]
