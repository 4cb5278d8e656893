"""maild-rules(7): every code with its explanation, the text of `maild explain`. Pure."""

from maild.cli.explanations import all_explanations
from maild.cli.man.roff import ManPage, Section
from maild.diagnostics.explanation import Explanation


def rules_page() -> ManPage:
    """All of them, in the order of their codes."""
    return ManPage(
        name="maild-rules",
        number=7,
        summary="what maild finds in configuration files and in the world",
        sections=(
            Section(
                heading="DESCRIPTION",
                text=(
                    "Each finding of maild has a code. `maild explain CODE` shows what follows here for one of them. "
                    "Severities are set in `lint` of maild.yaml(5), but for those that are fixed."
                ),
            ),
            *(_section(known) for known in all_explanations()),
            Section(heading="SEE ALSO", text="maild(1), maild-check(1), maild-probe(1)"),
        ),
    )


def _section(known: Explanation) -> Section:
    parts = [f"Severity: {known.severity.value}{known.note}.", known.summary]
    parts += [f"**{heading}**\n\n{text}" for heading, text in known.sections.items()]
    return Section(heading=f"{known.code} {known.name}", text="\n\n".join(parts))
