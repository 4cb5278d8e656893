"""From a snapshot of the folder and the generation in force to the next generation. Pure.

Each file is judged by itself: a file without errors is accepted, a file with errors leaves its last good version in
force, so a slip in one account never stops another. What is wrong between files goes by age: of two files that make
the same account the one already in force stays; a name in maild.yaml that no account has keeps a new maild.yaml out,
but not when that would leave no maild.yaml at all, and never puts out one that is in force: the messages concerned wait
and lose nothing. A mistake in one of maild's own rules rejects nothing. Where the site has a canary, a changed account
that is right by itself is held back, as a broken one is, until there is a verdict that it works.

The work comes in steps (`generation_steps`), so that a caller on an event loop lets mail go on in between, however many
files changed at once.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from maild.daemon.assessment import Assessment, assess
from maild.daemon.canary import Held, Untried
from maild.daemon.conflict import remarks_after
from maild.daemon.generation import Accepted, FileState, Generation, LastGood, Rejected
from maild.daemon.successor import Knowledge, Successor
from maild.observe.events import FileAccepted, FileGone, FileHeld, FileRejected
from maild.watch.snapshot import Snapshot, compare

FileEvent: TypeAlias = FileAccepted | FileHeld | FileRejected | FileGone

NOTHING_KNOWN: Final = Knowledge()


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
    known: Knowledge = NOTHING_KNOWN,
) -> Turn:
    """The generation that follows, given what is on disk; in one go."""
    steps = generation_steps(previous, snapshot, folder=folder, now=now, known=known)
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
    known: Knowledge = NOTHING_KNOWN,
) -> Generator[None, None, Turn]:
    """The generation that follows, given what is on disk; pauses after each file.

    Args:
        previous: the one in force; None at the start.
        snapshot: what is on disk.
        folder: where that was read from.
        now: the time of day.
        known: at the start, what an earlier run accepted of these files; later, what the canary found.
    """
    change = compare(previous.snapshot if previous is not None else Snapshot(), snapshot)
    if previous is not None and not change and not _has_news(previous, known):
        return Turn(generation=previous)
    before = previous.assessment if previous is not None else Assessment()
    assessment = (yield from assess(before, snapshot, change, now=now)) if change else before
    remarks = remarks_after(
        previous.remarks if previous is not None else {},
        snapshot,
        change.names,
        lambda name: (
            name in known.earlier
            or (previous is not None and isinstance(previous.files.get(name), Accepted | LastGood))
        ),
    )
    successor = Successor(
        previous=previous,
        snapshot=snapshot,
        change=change,
        assessment=assessment,
        remarks=remarks,
        known=known,
        now=now,
    )
    generation = successor.generation(folder)
    events = _events(previous, generation, successor.reviewed, change.gone)
    return Turn(generation=generation, events=events, changed=change.names)


def _has_news(generation: Generation, known: Knowledge) -> bool:
    """Whether a verdict of the canary is another one than is known of what is held back."""
    trials = generation.trials
    return any(
        (held := trials.get(file)) is not None and held.content == verdict.content and held != verdict
        for file, verdict in known.verdicts.items()
    )


def _events(
    previous: Generation | None, generation: Generation, reviewed: Iterable[str], gone: Iterable[str]
) -> tuple[FileEvent, ...]:
    before: Mapping[str, FileState] = previous.files if previous is not None else {}
    trials: Mapping[str, Held] = previous.trials if previous is not None else {}
    events: list[FileEvent] = []
    for name in reviewed:
        state, held = generation.files[name], generation.trials.get(name)
        if before.get(name) == state and trials.get(name) == held:
            continue
        match state:
            case Accepted():
                events.append(FileAccepted(file=name, generation=generation.number))
            case LastGood() | Rejected() if isinstance(held, Untried):
                events.append(FileHeld(file=name, has_last_good=isinstance(state, LastGood)))
            case LastGood() | Rejected():
                found = generation.diagnostics_of(name)
                events.append(FileRejected(file=name, has_last_good=isinstance(state, LastGood), diagnostics=found))
            case _:
                assert_never(state)
    events += (FileGone(file=name, generation=generation.number) for name in gone)
    return tuple(events)
