"""Builds the web port for `app`: the page, what may be done on it, the door before it, and what listens."""

import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from maild.clock import Clock
from maild.config.model import Site
from maild.daemon.configloop import ConfigLoop
from maild.daemon.construct import Observers
from maild.daemon.desk import QueueDesk
from maild.daemon.reloading import ReloadCommand
from maild.observe.access import Door
from maild.observe.access.host import bare_host
from maild.observe.connection import ConnectionLimits
from maild.observe.listener import Listener
from maild.observe.page import PageActions, PageRoutes
from maild.observe.page.acting import Acting
from maild.observe.page.desk import Seals
from maild.observe.privacy import AddressVeil
from maild.observe.probing import AskForProbe, Probing
from maild.observe.status import StatusSource
from maild.observe.web import WebParts, build_web_app
from maild.spool.queue import Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPort:
    """What listens, and the door that has to be looked after."""

    listener: Listener
    door: Door


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSurroundings:
    """What it is built of. `folder` is the configuration's, `random_bytes` gives so many, `open_queue` opens the queue
    once more, for what people do on the page.
    """

    folder: Path
    observers: Observers
    config: ConfigLoop
    open_queue: Callable[[], Queue]
    clock: Clock
    random_bytes: Callable[[int], bytes]
    stack: AsyncExitStack
    ask_for_probe: AskForProbe


def build_web_port(source: StatusSource, around: WebSurroundings) -> WebPort:
    """Nothing listens yet; the stack closes it.

    Raises:
        AccessError: `web.config_file` cannot be used.
    """
    config, observers, emit = around.config, around.observers, around.observers.fanout.emit
    file = config.generation.site.web.config_file
    door = Door(None if file is None else around.folder / file, key=around.random_bytes(32), emit=emit)
    reloading, seals = ReloadCommand(config), Seals(around.random_bytes(32))
    desk = QueueDesk(around.open_queue, reloading, around.clock, lambda: config.generation.site.web, around.folder)
    around.stack.push_async_callback(desk.close)

    def seal() -> str:
        return seals.make(around.clock.now())

    def veil() -> AddressVeil:
        return observers.log.veil

    pages = PageRoutes(source, observers.recent, veil, PageActions(desk=desk, seal=seal))
    parts = WebParts(
        reloading=reloading,
        acting=Acting(desk, seals, around.clock, emit),
        door=door,
        probing=Probing(around.ask_for_probe),
        names=lambda: own_names(config.generation.site, os.uname().nodename),
    )
    listener = Listener(build_web_app(source, observers.metrics, pages, veil, parts), ConnectionLimits(), door)
    around.stack.push_async_callback(listener.close)
    return WebPort(listener=listener, door=door)


def own_names(site: Site, machine: str) -> frozenset[str]:
    """By which the web port may be asked: the machine's, those it listens at, those of `web.hosts`."""
    listen = (bare_host(text) for text in site.web.listen if not text.startswith("unix:"))
    return frozenset((machine.lower(), *listen, *site.web.hosts))
