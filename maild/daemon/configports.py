"""What the configuration loop is given of the outside: whom it tells, and who knows what was before. Pure.

Nothing here does anything; defaults are for those who have no use for it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maild.clock import Clock
from maild.daemon.earlier import Earlier
from maild.daemon.generation import Generation
from maild.observe.events import Event
from maild.watch.snapshot import Snapshot


async def do_nothing(generation: Generation) -> None:
    """Where taking it into use is quick, and there will be no later run."""
    del generation


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigPorts:
    """The outside.

    Attributes:
        folder: the configuration folder.
        emit: who is told.
        prepare: makes ready for a new generation; what takes long, while mail goes on by the one before.
        apply: takes it into use, at once and without waiting.
        environ: where systemd put its credentials.
        recall: what an earlier run accepted of the files that there are; blocking, asked once.
        remember: the files that an earlier run accepted, as such that cannot be read; blocking, asked when the folder
            itself cannot be at the start.
        keep: writes down what is accepted, for the next run.
        has_canary: whether somebody tries what is held back, and tells `decide`.
        on_lag: told how many seconds a reload held up the event loop.
    """

    folder: Path
    clock: Clock
    emit: Callable[[Event], None]
    apply: Callable[[Generation], None]
    environ: Mapping[str, str] = field(default_factory=dict)
    recall: Callable[[Snapshot], Mapping[str, Earlier]] = lambda _: {}
    remember: Callable[[], Snapshot] = Snapshot
    keep: Callable[[Generation], Awaitable[None]] = do_nothing
    prepare: Callable[[Generation], Awaitable[None]] = do_nothing
    has_canary: bool = False
    on_lag: Callable[[float], None] = lambda _: None
