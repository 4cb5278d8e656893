"""Scenes for checks of DNS, and the shortest way from a zone to what a check says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from maild.probe.dns.scene import Scene
from maild.probe.result import CheckResult
from maild.providers import provider_by_id
from maild.records.dialogue import Dialogue, drive
from tests.fakes.zone import Zone

OWN = Scene(
    account="billing",
    domain="shop.example",
    host="mail.shop.example",
    port=465,
    provider=None,
    registrable=lambda domain: ".".join(domain.split(".")[-2:]),
    locate=lambda _: None,
)
"""An account of a server of one's own."""

GMAIL = replace(OWN, host="smtp.gmail.com", provider=provider_by_id("gmail"))


def judge(
    check: Callable[[Scene], Dialogue[CheckResult]],
    zone: str,
    scene: Scene = OWN,
    **changes: Any,  # noqa: ANN401 -- fields of the scene
) -> CheckResult:
    return drive(check(replace(scene, **changes)), Zone(zone).answer)


def short(result: CheckResult) -> tuple[str, list[str]]:
    """Verdict and codes."""
    return result.verdict.value, [diagnostic.code for diagnostic in result.diagnostics]


def helps(result: CheckResult) -> list[str]:
    return [diagnostic.help for diagnostic in result.diagnostics]


def figures(result: CheckResult) -> dict[tuple[str, str], float]:
    return {(figure.name, figure.label): figure.value for figure in result.figures}
