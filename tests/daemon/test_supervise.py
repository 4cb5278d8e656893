import asyncio

import pytest

from maild.daemon.supervise import Supervisor, Task
from maild.errors import InternalError
from maild.observe.events import Event, TaskFailed
from tests.virtual_time import run_virtual


class Scene:
    """A supervisor with one task that runs for ever and whatever else a test adds."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.supervisor = Supervisor(self.events.append)
        self.order: list[str] = []

    async def forever(self) -> None:
        try:
            await asyncio.sleep(float("inf"))
        finally:
            self.order.append("cancelled")

    async def on_stop(self) -> None:
        self.order.append("stopped")

    async def run(self, *tasks: Task) -> None:
        named = {"forever": self.forever, **{f"task {number}": task for number, task in enumerate(tasks)}}
        await self.supervisor.run(named, self.on_stop)


def test_it_runs_until_it_is_asked_to_stop_and_the_first_reason_counts() -> None:
    async def scenario() -> None:
        scene = Scene()
        loop = asyncio.get_running_loop()
        loop.call_later(5, scene.supervisor.stop, "SIGTERM")
        loop.call_later(5, scene.supervisor.stop, "SIGINT")
        loop.call_later(4, lambda: scene.order.append(f"running: {scene.supervisor.is_running('forever')}"))

        await scene.run()

        assert scene.order == ["running: True", "stopped", "cancelled"]
        assert scene.supervisor.reason == "SIGTERM"
        assert not scene.supervisor.is_running("forever")
        assert scene.events == []

    run_virtual(scenario())


def test_a_task_that_breaks_stops_the_others_in_good_order_and_is_told() -> None:
    async def breaks() -> None:
        await asyncio.sleep(1)
        raise KeyError("x")

    async def scenario() -> None:
        scene = Scene()

        with pytest.raises(InternalError, match="task 0 broke") as caught:
            await scene.run(breaks)

        assert scene.order == ["stopped", "cancelled"]
        assert isinstance(caught.value.__cause__, KeyError)
        (event,) = scene.events
        assert isinstance(event, TaskFailed)
        assert event.task == "task 0"
        assert event.detail.startswith("KeyError: 'x' (test_supervise.py:")

    run_virtual(scenario())


def test_a_task_that_ends_although_it_should_run_is_a_failure() -> None:
    async def scenario() -> None:
        scene = Scene()

        with pytest.raises(InternalError):
            await scene.run(lambda: asyncio.sleep(1))

        assert scene.events == [
            TaskFailed(task="task 0", detail="InternalError: it ended although it should run for ever")
        ]

    run_virtual(scenario())


def test_a_group_of_failures_is_told_by_its_first_member() -> None:
    async def breaks() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())

    async def fail() -> None:
        raise ValueError("inner")

    async def scenario() -> None:
        scene = Scene()
        with pytest.raises(InternalError):
            await scene.run(breaks)
        (event,) = scene.events
        assert isinstance(event, TaskFailed)
        assert event.detail.startswith("ValueError: inner")

    run_virtual(scenario())


def test_a_task_may_end_once_a_stop_was_asked_for() -> None:
    async def scenario() -> None:
        scene = Scene()

        async def ends() -> None:
            scene.supervisor.stop("done")

        await scene.run(ends)

        assert scene.events == []

    run_virtual(scenario())


def test_what_breaks_while_stopping_is_told_too() -> None:
    async def breaks_when_cancelled() -> None:
        try:
            await asyncio.sleep(float("inf"))
        finally:
            raise ValueError("in the middle of it")

    async def scenario() -> None:
        scene = Scene()
        asyncio.get_running_loop().call_later(1, scene.supervisor.stop, "SIGTERM")

        with pytest.raises(InternalError):
            await scene.run(breaks_when_cancelled)

        assert [event.task for event in scene.events if isinstance(event, TaskFailed)] == ["task 0"]

    run_virtual(scenario())
