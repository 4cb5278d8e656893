"""Looks at a shared queue when the daemon starts: whether its tables are there, and whether mail may be lost with it.

A database that is away is no reason not to start: drops are taken in, and sent when it is back.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from maild.daemon.generation import Generation
from maild.daemon.options import RunOptions
from maild.errors import ConfigError
from maild.observe.events import Event, SpoolDoubtful
from maild.probe.findings.spool import QUEUE_UNSAFE
from maild.spool.layout import Layout
from maild.spool.queue import MessageState, Queue, QueueError, UnfitQueueError
from maild.spool.shared import SharedPlace


def shared_place(generation: Generation, layout: Layout, options: RunOptions) -> SharedPlace | None:
    """Where the queue is that this generation shares; None: the spool has its own."""
    queue = generation.site.queue
    if queue is None:
        return None
    return SharedPlace(queue=queue, layout=layout, folder=options.config, environ=options.environ)


async def counts_at_start(queue: Queue) -> Mapping[MessageState, int]:
    """What waits; nothing that is known of while the queue does not answer.

    Raises:
        ConfigError: it is of another maild, which no waiting and no other start changes.
    """
    try:
        return await queue.counts()
    except UnfitQueueError as error:
        raise ConfigError(str(error)) from None
    except QueueError:
        return {}


class Judged(Protocol):
    """A shared queue."""

    async def doubts(self) -> tuple[str, ...]:
        """Sentences about settings with which mail may be lost."""
        ...


async def judge_shared(queue: Judged, emit: Callable[[Event], None]) -> None:
    """Tell of settings with which mail may be lost.

    Raises:
        ConfigError: the tables are missing, or of another maild.
    """
    try:
        doubts = await queue.doubts()
    except UnfitQueueError as error:
        raise ConfigError(str(error)) from None
    except QueueError:
        # The engine says so, again and again.
        return
    for doubt in doubts:
        emit(SpoolDoubtful(code=QUEUE_UNSAFE.code, detail=doubt))
