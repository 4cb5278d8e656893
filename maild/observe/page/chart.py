"""From numbers to the coordinates of two small drawings: bars of an hour, a line of probes. Pure.

The drawings are SVG without scripts or inline style, in a box of whole units that CSS scales; a table beside says the
same to who cannot see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from maild.observe.recent import PROBES, Minute, ProbePoint

BAR_WIDTH: Final = 10
CHART_HEIGHT: Final = 100
SPARK_STEP: Final = 4
SPARK_HEIGHT: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One part of a minute's bar; `kind` is delivered, deferred or failed."""

    kind: str
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """One probe: a dot at `x`, `y`; `kind` is passes, fails or unknown."""

    kind: str
    x: int
    y: float


def most_of(minutes: Sequence[Minute]) -> int:
    """How many recipients the minute had that had most: the height of the drawing."""
    return max((minute.delivered + minute.deferred + minute.failed for minute in minutes), default=0)


def bars_of(minutes: Sequence[Minute]) -> tuple[Bar, ...]:
    """The stacked bars, failed ones at the bottom, where they are seen."""
    most = most_of(minutes)
    bars: list[Bar] = []
    for place, minute in enumerate(minutes):
        base = float(CHART_HEIGHT)
        for kind, count in (("failed", minute.failed), ("deferred", minute.deferred), ("delivered", minute.delivered)):
            if count:
                height = round(CHART_HEIGHT * count / most, 2)
                base = round(base - height, 2)
                bars.append(Bar(kind=kind, x=place * BAR_WIDTH, y=base, height=height))
    return tuple(bars)


def sparks_of(points: Sequence[ProbePoint]) -> tuple[Spark, ...]:
    """The dots of an account's probes, the newest at the right; higher is slower."""
    slowest = max((point.seconds for point in points), default=0.0) or 1.0
    return tuple(
        Spark(
            kind={True: "passes", False: "fails", None: "unknown"}[point.can_send],
            x=(PROBES - len(points) + place) * SPARK_STEP + SPARK_STEP // 2,
            y=round((SPARK_HEIGHT - 4) * (1 - point.seconds / slowest) + 2, 2),
        )
        for place, point in enumerate(points)
    )
