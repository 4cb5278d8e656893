import asyncio
from collections.abc import Callable
from pathlib import Path

from maild.watch.hint import MAX_TOUCHED, Hint, HintSender


def told(act: Callable[[HintSender], None]) -> list[Hint]:
    """What is hinted at, and in the next turn of the loop one file."""

    async def scenario() -> list[Hint]:
        hints: list[Hint] = []
        sender = HintSender(asyncio.get_running_loop(), hints.append)
        act(sender)
        await asyncio.sleep(0)
        sender.touch(Path("/a"))
        await asyncio.sleep(0)
        return hints

    return asyncio.run(scenario())


def test_a_folder_and_lost_events_are_told_of_once_and_many_files_are_no_folder() -> None:
    a_file = Hint(touched=frozenset({Path("/a")}))

    assert told(HintSender.stir) == [Hint(has_folder=True), a_file]
    assert told(HintSender.lose) == [Hint(has_lost=True), a_file]
    assert told(lambda sender: sender.touch(*(Path(f"/{n}") for n in range(MAX_TOUCHED + 1)))) == [Hint(), a_file]
