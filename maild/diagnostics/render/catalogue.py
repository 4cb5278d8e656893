"""The list of renderers by the name that `--format` takes. A new one is its file, its lines here and its cases.

What only programs ask for is imported when it is asked for: `maild check` of one file is mostly imports.
"""

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


def _jsonl(report: Report, style: Style) -> str:
    from maild.diagnostics.render.jsonl import render_jsonl  # noqa: PLC0415

    return render_jsonl(report, style)


def _sarif(report: Report, style: Style) -> str:
    from maild.diagnostics.render.sarif import render_sarif  # noqa: PLC0415

    return render_sarif(report, style)


def _github(report: Report, style: Style) -> str:
    from maild.diagnostics.render.github import render_github  # noqa: PLC0415

    return render_github(report, style)


def _gitlab(report: Report, style: Style) -> str:
    from maild.diagnostics.render.gitlab import render_gitlab  # noqa: PLC0415

    return render_gitlab(report, style)


def _junit(report: Report, style: Style) -> str:
    from maild.diagnostics.render.junit import render_junit  # noqa: PLC0415

    return render_junit(report, style)


RENDERERS: Final[Mapping[str, Render]] = MappingProxyType(
    {
        "text": render_text,
        "concise": render_concise,
        "json": render_json,
        "jsonl": _jsonl,
        "sarif": _sarif,
        "github": _github,
        "gitlab": _gitlab,
        "junit": _junit,
    }
)

EXPLAINED: Final = frozenset({"sarif", "gitlab"})
"""Those that carry what is to be told of each code, `Report.explanations`, beside the findings."""
