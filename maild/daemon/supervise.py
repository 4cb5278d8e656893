"""Runs the daemon's tasks side by side until it is asked to stop or one of them breaks.

Shell code. A task that ends by an exception is a bug of ours (what can go wrong outside is handled inside the tasks):
it is told as `TaskFailed`, the others are stopped in good order like on any other stop, and the process ends with an
error, so that the service manager starts a fresh one. A task that returns although it should run for ever is no better.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final, TypeAlias

from maild.errors import InternalError
from maild.observe.events import Event, TaskFailed

Task: TypeAlias = Callable[[], Coroutine[Any, Any, None]]

FRAMES: Final = 3
"""So many innermost frames of a crash are told: file, line and function, never a value."""


class Supervisor:
    """Watches over tasks; one use."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._asked = asyncio.Event()
        self._running: set[str] = set()
        self._failure: Exception | None = None
        self.reason = ""
        """Why it stops: a signal's name, or the task that failed."""

    def stop(self, reason: str) -> None:
        """Ask for the end; the first reason counts."""
        if not self._asked.is_set():
            self.reason = reason
            self._asked.set()

    def is_running(self, name: str) -> bool:
        """Whether this task is at work."""
        return name in self._running

    async def run(self, tasks: Mapping[str, Task], on_stop: Callable[[], Awaitable[None]]) -> None:
        """Run the tasks until `stop`, then `on_stop`, then cancel what still runs.

        Raises:
            InternalError: a task failed.
        """
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(self._guard(name, task), name=name) for name, task in tasks.items()]
            await self._asked.wait()
            await on_stop()
            for task in running:
                task.cancel()
        if self._failure is not None:
            raise InternalError(f"the daemon's task {self.reason} broke; that is a mistake in maild") from self._failure

    async def _guard(self, name: str, task: Task) -> None:
        self._running.add(name)
        try:
            await task()
        except Exception as error:  # noqa: BLE001 -- told, and raised again by `run` after an orderly stop
            self._fail(name, error)
        else:
            if not self._asked.is_set():
                self._fail(name, InternalError("it ended although it should run for ever"))
        finally:
            self._running.discard(name)

    def _fail(self, name: str, error: Exception) -> None:
        self._emit(TaskFailed(task=name, detail=_words(error)))
        self._failure = self._failure or error
        self.stop(name)


def _words(error: Exception) -> str:
    while isinstance(error, ExceptionGroup):
        # A task with tasks of its own: the first of them that failed is the story.
        error = error.exceptions[0]
    # Neither values nor source lines: a frame's line may hold anything, a position holds nothing.
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__}: {error}" + (f" ({where})" if where else "")
