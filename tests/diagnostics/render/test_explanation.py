"""An explanation in a terminal."""

from maild.diagnostics.render import Style
from maild.diagnostics.render.explanation import render_explanation
from tests.diagnostics.render.build import EXPLANATION


def test_headings_and_severity_are_painted_and_examples_stand_apart() -> None:
    assert render_explanation(EXPLANATION, Style(has_color=True)).splitlines() == [
        "\x1b[1mML303\x1b[0m port-tls-mode-mismatch (\x1b[1;31merror\x1b[0m, cannot be changed in `lint`)",
        "",
        "The port speaks TLS in another way.",
        "",
        "\x1b[1mWhat it finds\x1b[0m",
        "  A port and a mode",
        "  that do not fit.",
        "",
        "\x1b[1mBad\x1b[0m",
        "      port: 465",
    ]
