"""An explanation as Markdown, which every other form is made of."""

from tests.diagnostics.render.build import EXPLANATION


def test_all_of_it_stands_in_the_markdown_in_order() -> None:
    assert EXPLANATION.markdown == (
        "## ML303 port-tls-mode-mismatch\n\nSeverity: error, cannot be changed in `lint`\n\n"
        "The port speaks TLS in another way.\n\n"
        "### What it finds\n\nA port and a mode\nthat do not fit.\n\n### Bad\n\n```yaml\nport: 465\n```"
    )
    assert EXPLANATION.command == "maild explain ML303"
