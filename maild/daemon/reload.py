"""From a snapshot of the folder and the generation in force to the next generation. Pure.

Each file is judged by itself: a file without errors is accepted, a file with errors leaves its last good version in
force, so a slip in one account never stops another. What is wrong between files goes by age: of two files that make
the same account the one already in force stays; a name in maild.yaml that no account has keeps a new maild.yaml out,
but not when that would leave no maild.yaml at all, and never puts out one that is in force: the messages concerned wait
and lose nothing. A mistake in one of maild's own rules rejects nothing.

The work comes in steps (`generation_steps`), so that a caller on an event loop lets mail go on in between, however many
files changed at once.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, assert_never

from maild.daemon.assessment import Assessment, assess
from maild.daemon.conflict import remarks_after
from maild.daemon.earlier import Earlier
from maild.daemon.generation import Accepted, FileState, Generation, LastGood, Rejected
from maild.daemon.successor import Successor
from maild.observe.events import FileAccepted, FileGone, FileRejected
from maild.watch.snapshot import Snapshot, compare

FileEvent: TypeAlias = FileAccepted | FileRejected | FileGone


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a look at the folder came to: the generation to be in force, the same object when nothing changed, what
    changed about each file, and which files differ on disk.
    """

    generation: Generation
    events: tuple[FileEvent, ...] = ()
    changed: tuple[str, ...] = ()


def next_generation(
    previous: Generation | None,
    snapshot: Snapshot,
    *,
    folder: Path,
    now: datetime,
    earlier: Mapping[str, Earlier] = MappingProxyType({}),
) -> Turn:
    """The generation that follows, given what is on disk; in one go."""
    steps = generation_steps(previous, snapshot, folder=folder, now=now, earlier=earlier)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            turn = done.value
            assert isinstance(turn, Turn)
            return turn


def generation_steps(
    previous: Generation | None,
    snapshot: Snapshot,
    *,
    folder: Path,
    now: datetime,
    earlier: Mapping[str, Earlier] = MappingProxyType({}),
) -> Generator[None, None, Turn]:
    """The generation that follows, given what is on disk; pauses after each file.

    Args:
        previous: the one in force; None at the start.
        snapshot: what is on disk.
        folder: where that was read from.
        now: the time of day.
        earlier: at the start, what an earlier run accepted of these files.
    """
    change = compare(previous.snapshot if previous is not None else Snapshot(), snapshot)
    if previous is not None and not change:
        return Turn(generation=previous)
    before = previous.assessment if previous is not None else Assessment()
    assessment = yield from assess(before, snapshot, change, now=now)
    remarks = remarks_after(
        previous.remarks if previous is not None else {},
        snapshot,
        change.names,
        lambda name: (
            name in earlier or (previous is not None and isinstance(previous.files.get(name), Accepted | LastGood))
        ),
    )
    successor = Successor(
        previous=previous,
        snapshot=snapshot,
        change=change,
        assessment=assessment,
        remarks=remarks,
        earlier=earlier,
        now=now,
    )
    generation = successor.generation(folder)
    events = _events(previous, generation, successor.reviewed, change.gone)
    return Turn(generation=generation, events=events, changed=change.names)


def _events(
    previous: Generation | None, generation: Generation, reviewed: Iterable[str], gone: Iterable[str]
) -> tuple[FileEvent, ...]:
    before: Mapping[str, FileState] = previous.files if previous is not None else {}
    events: list[FileEvent] = []
    for name in reviewed:
        state = generation.files[name]
        if before.get(name) == state:
            continue
        match state:
            case Accepted():
                events.append(FileAccepted(file=name, generation=generation.number))
            case LastGood() | Rejected():
                found = generation.diagnostics_of(name)
                events.append(FileRejected(file=name, has_last_good=isinstance(state, LastGood), diagnostics=found))
            case _:
                assert_never(state)
    events += (FileGone(file=name, generation=generation.number) for name in gone)
    return tuple(events)
