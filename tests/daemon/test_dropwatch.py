import asyncio
from itertools import count
from pathlib import Path

from maild.daemon.dropwatch import DropWatch
from maild.daemon.intakeloop import IntakeLoop
from maild.spool.intake import ScanResult
from maild.spool.layout import Layout
from tests.fakes.clock import LoopClock

PATIENCE_S = 30.0


class Intake:
    """Takes nothing in; knows what was named."""

    def __init__(self) -> None:
        self.placed: list[str] = []

    async def scan(self) -> ScanResult:
        return ScanResult()

    def note_placed(self, drop: str) -> None:
        self.placed.append(drop)


async def place_until_named(folder: Path, intake: Intake, start: str) -> None:
    """Rename one file after the other into a folder until one of it is named."""
    for number in count():
        (folder / ".a").write_text("x")
        (folder / ".a").rename(folder / f"{number}.eml")
        await asyncio.sleep(0.01)
        if any(drop.startswith(start) for drop in intake.placed):
            return


def test_drops_are_named_also_in_a_folder_that_came_a_moment_ago_and_the_loop_is_told_so(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.drop.mkdir()

    async def scenario() -> None:
        intake = Intake()
        loop = IntakeLoop(intake, layout.drop, LoopClock())
        watch = asyncio.create_task(DropWatch(layout, loop).run())
        async with asyncio.timeout(PATIENCE_S):
            await place_until_named(layout.drop, intake, "")
            (layout.drop / "billing").mkdir()
            await place_until_named(layout.drop / "billing", intake, "billing/")
            assert loop.is_told
        watch.cancel()
        await asyncio.wait([watch])
        assert not loop.is_told

    asyncio.run(scenario())
