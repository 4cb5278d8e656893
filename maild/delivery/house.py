"""The house: what a lane needs of the engine around it, as a port."""

from typing import TYPE_CHECKING, Protocol

from maild.delivery.attempt import Part
from maild.delivery.lessons import Lessons
from maild.delivery.ports import EnginePorts, Tuning

if TYPE_CHECKING:
    from maild.delivery.history import History
    from maild.delivery.lane import Lane


class House(Protocol):
    """What a lane needs of the engine around it."""

    @property
    def ports(self) -> EnginePorts:
        """The outside."""
        ...

    @property
    def tuning(self) -> Tuning:
        """The engine's numbers."""
        ...

    @property
    def lessons(self) -> Lessons:
        """What was learnt of the accounts' allowances."""
        ...

    @property
    def history(self) -> "History":
        """What the accounts sent before the start."""
        ...

    def give_back(self, parts: list[Part]) -> None:
        """These leave the line untried; written down soon."""
        ...

    def recount(self) -> None:
        """Others have changed the queue, so what waits has to be counted anew."""
        ...

    def nudge(self) -> None:
        """Something changed: look at the lanes again."""
        ...

    def start_courier(self, lane: "Lane") -> None:
        """One more courier for this lane, which calls `courier_gone` when it ends."""
        ...
