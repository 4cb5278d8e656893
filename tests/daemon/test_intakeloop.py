import asyncio
from datetime import timedelta
from pathlib import Path

from maild.daemon.intakeloop import GATHER_S, IntakeLoop
from maild.spool.intake import ScanResult
from maild.spool.queue import QueueId, Waiting
from tests.fakes.clock import START, LoopClock
from tests.virtual_time import run_virtual

ONE = Waiting(id=QueueId("01JD0000000000000000000000"), next_at=START)


class Folder:
    """Answers scans as told and notes when they were asked for."""

    def __init__(self, *results: ScanResult) -> None:
        self._results = list(results)
        self.asked_at_s: list[float] = []
        self.placed: list[str] = []
        self.loop = IntakeLoop(self, Path("/spool/drop"), LoopClock())

    async def scan(self) -> ScanResult:
        self.asked_at_s.append(asyncio.get_running_loop().time())
        return self._results.pop(0) if self._results else ScanResult()

    def note_placed(self, drop: str) -> None:
        self.placed.append(drop)


async def run_for(folder: Folder, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await folder.loop.run()
    except TimeoutError:
        return


def test_it_looks_once_a_second_whatever_happens() -> None:
    folder = Folder()

    run_virtual(run_for(folder, 3.5))

    assert folder.asked_at_s == [0.0, 1.0, 2.0, 3.0]


def test_it_looks_less_often_while_whatever_is_dropped_is_hinted_at() -> None:
    folder = Folder()
    folder.loop.is_told = True

    run_virtual(run_for(folder, 11))

    assert folder.asked_at_s == [0.0, 5.0, 10.0]


def test_while_a_flood_is_taken_in_it_looks_again_at_once() -> None:
    folder = Folder(ScanResult(taken=(ONE,), look_again_at=START), ScanResult(taken=(ONE,), look_again_at=START))

    run_virtual(run_for(folder, 0.5))

    assert folder.asked_at_s == [0.0, 0.0, 0.0]


def test_it_looks_again_when_intake_asks_to_but_never_breathlessly() -> None:
    folder = Folder(
        ScanResult(look_again_at=START + timedelta(seconds=0.25)),
        ScanResult(look_again_at=START),
        ScanResult(look_again_at=START + timedelta(hours=1)),
    )

    run_virtual(run_for(folder, 1.9))

    assert [round(at_s, 3) for at_s in folder.asked_at_s] == [0.0, 0.25, 0.27, 1.27]


def test_a_hint_makes_it_look_at_once_and_gathers_what_comes_together() -> None:
    folder = Folder()

    async def scenario() -> None:
        for at_s in (0.25, 0.251, 0.252):
            asyncio.get_running_loop().call_later(at_s, folder.loop.hint)
        await run_for(folder, 1.0)

    run_virtual(scenario())

    assert [round(at_s, 3) for at_s in folder.asked_at_s] == [0.0, 0.25 + GATHER_S]


def test_drops_renamed_into_place_are_named_as_intake_knows_them() -> None:
    folder = Folder()

    folder.loop.hint([Path("/spool/drop/a.eml"), Path("/spool/drop/billing/b.eml"), Path("/elsewhere/c.eml")])

    assert folder.placed == ["a.eml", "billing/b.eml"]


def test_draining_takes_all_and_waits_for_drops_to_be_quiet() -> None:
    folder = Folder(
        ScanResult(taken=(ONE,), look_again_at=START),
        ScanResult(taken=(ONE, ONE), look_again_at=START + timedelta(seconds=2)),
        ScanResult(taken=(ONE,)),
    )

    assert run_virtual(folder.loop.take_all()) == 4
    assert [round(at_s, 2) for at_s in folder.asked_at_s] == [0.0, 0.0, 2.0]


def test_draining_does_not_wait_for_a_disk_in_trouble() -> None:
    folder = Folder(ScanResult(look_again_at=START + timedelta(seconds=5)))

    assert run_virtual(folder.loop.take_all()) == 0
