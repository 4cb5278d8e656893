"""The list of renderers by the name that `--format` takes. A new one is its file, its line here and its cases."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from maild.diagnostics.render.concise import render_concise
from maild.diagnostics.render.json import render_json
from maild.diagnostics.render.style import Style
from maild.diagnostics.render.text import render_text
from maild.diagnostics.report import Report

Render: TypeAlias = Callable[[Report, Style], str]
"""Makes the whole text of a report, its last line ended, or nothing at all."""

RENDERERS: Final[Mapping[str, Render]] = MappingProxyType(
    {
        "text": render_text,
        "concise": render_concise,
        "json": render_json,
    }
)
