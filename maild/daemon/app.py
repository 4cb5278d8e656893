"""The daemon, put together and run. With `construct` the only place where real things are built.

The order, and its reasons: configuration first, since everything follows from it; then the spool's lock, so that no
second daemon touches the same queue; then the web port, whose being taken is the commonest mistake and is to be known
before anything is sent; then delivery. On the way out the same backwards: delivery finishes or gives back what is in
flight while health can still be asked for, then the port, then the queue, last the lock.

What can go wrong at the start is an exception with an exit status and a sentence: nothing to run and a taken port 78, a
spool in use 1, because it may be free later. What goes wrong later is told and survived, or ends the process for a
fresh start (`supervise`).
"""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

from maild import __version__
from maild.clock import SystemClock
from maild.config.place import spool_root
from maild.daemon.activation import inherited_sockets
from maild.daemon.adoption import Adoption, Parts
from maild.daemon.announce import Announcer
from maild.daemon.canaryloop import CanaryLoop
from maild.daemon.catchup import catch_up
from maild.daemon.configloop import ConfigLoop
from maild.daemon.configports import ConfigPorts
from maild.daemon.construct import Store, build_canary, build_observers, build_parts, open_for_people, open_store
from maild.daemon.drain import Drain
from maild.daemon.dropwatch import DropWatch
from maild.daemon.generation import Generation
from maild.daemon.heartbeat import Heartbeat
from maild.daemon.housekeeping import Housekeeping
from maild.daemon.intakeloop import IntakeLoop
from maild.daemon.livestatus import LiveStatus
from maild.daemon.notify import Notifier
from maild.daemon.options import NothingToRunError, RunOptions
from maild.daemon.pacing import MANY, spare_the_collector
from maild.daemon.presence import remove_note, write_note
from maild.daemon.recollection import Recollection
from maild.daemon.sharing import counts_at_start, shared_place
from maild.daemon.spoolcheck import judge_spool
from maild.daemon.statusports import StatusPorts
from maild.daemon.supervise import Supervisor, Task
from maild.daemon.webport import WebPort, WebSurroundings, build_web_port
from maild.daemon.wiring import Wiring
from maild.delivery.engine import Engine
from maild.errors import ConfigError
from maild.observe.events import DaemonStarted, DaemonStopping, SpoolDoubtful
from maild.observe.listener import parse_place
from maild.spool.layout import Layout, prepare
from maild.spool.queue import MessageState
from maild.watch.scan import FolderUnreadableError

STOP_DEADLINE_S: Final = 25.0
"""What delivery may take to finish; systemd's own patience (TimeoutStopSec in the unit) is longer."""

THREADS: Final = 32
"""For what blocks: files, name look-ups, password commands. The default of a small machine is six, and six silent
password commands would stop everything else.
"""


async def run_daemon(options: RunOptions) -> int:
    """Run until a signal, or with `is_once` until the spool is drained; returns the exit status.

    Raises:
        NothingToRunError: there is no account that could be used, or maild.yaml cannot be.
        ConfigError: the configuration folder or the spool cannot be used, or a port is taken.
        SpoolLockedError: another daemon has the spool.
        InternalError: a part of the daemon broke.
    """
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="maild"))
    async with AsyncExitStack() as stack:
        return await _Daemon(options, stack).run()


class _Daemon:
    """One run."""

    def __init__(self, options: RunOptions, stack: AsyncExitStack) -> None:
        self._options = options
        self._stack = stack
        self._clock = SystemClock()
        self._started_at = self._clock.now()
        self._observers = build_observers(options, self._clock, stack)
        self._emit = self._observers.fanout.emit
        self._adoption = Adoption(self._observers.memory)
        self._adoption.join(lambda generation: self._observers.log.use(generation.site.log, generation.number))
        self._adoption.join(lambda generation: self._observers.log.hush.keep(generation.accounts))
        self._adoption.join(lambda generation: spare_the_collector(len(generation.news)))
        self._recollection = Recollection(options, self._emit)
        self._config = ConfigLoop(
            ConfigPorts(
                folder=options.config,
                clock=self._clock,
                emit=self._emit,
                prepare=self._adoption.prepare,
                apply=self._adoption.use,
                environ=options.environ,
                recall=self._recollection.recall,
                remember=self._recollection.remember,
                keep=self._recollection.keep,
                # Who only drains the spool takes the files as they are: nobody waits to see what a try comes to.
                has_canary=not options.is_once,
                on_lag=self._observers.metrics.on_reload_lag,
            )
        )
        self._supervisor = Supervisor(self._emit)
        self._is_healthy: Callable[[], bool] = lambda: True
        self._notifier = Notifier.of(options.environ, pid=os.getpid())
        self._heartbeat = Heartbeat(
            on_lag=self._observers.metrics.on_lag, ping=self._ping, watchdog_s=self._notifier.watchdog_s
        )

    async def run(self) -> int:
        generation = await self._load()
        options = self._options
        layout = Layout(spool_root(generation.site, options.config, options.environ, options.home).resolve())
        self._stack.callback(prepare(layout).release)
        for flaw in await asyncio.to_thread(judge_spool, layout):
            self._emit(SpoolDoubtful(code=flaw.code, detail=flaw.message))
        self._recollection.keep_in(layout.root)
        store = await open_store(layout, shared_place(generation, layout, options), self._observers, self._stack)
        parts = build_parts(generation, store, self._clock, self._observers, self._stack)
        self._adoption.join(parts.use, parts.prepare)
        wiring = Wiring(parts.engine, parts.prober, account=self._adoption.account, emit=self._emit)
        self._observers.fanout.add(wiring.on_event)
        self._observers.fanout.add(parts.reporter.on_event)
        self._observers.fanout.add(parts.round_trips.on_event)
        intake_loop = IntakeLoop(parts.intake, layout.drop, self._clock)
        if options.is_once:
            return await self._drain(store, parts, intake_loop)
        await self._serve(generation, store, parts, intake_loop)
        return 0

    async def _load(self) -> Generation:
        self._stack.push_async_callback(self._config.stop)
        try:
            generation = await self._config.start()
        except FolderUnreadableError as error:
            raise ConfigError(str(error)) from None
        site = generation.rejected_site
        if site is not None:
            raise NothingToRunError(
                f"{site} has errors, so it cannot be told where the spool is: nothing was started.", generation.report
            )
        if not generation.accounts:
            raise NothingToRunError(
                f"There is no account in {generation.folder} that could be used: nothing was started.",
                generation.report,
            )
        return generation

    async def _serve(self, generation: Generation, store: Store, parts: Parts, intake_loop: IntakeLoop) -> None:
        canary = build_canary(parts.prober, self._config, self._clock, self._emit)
        canary.use(generation)
        self._adoption.join(canary.use)
        self._observers.fanout.add(canary.on_event)
        port = await self._listen(generation, store, parts, canary)
        listener = port.listener
        counts = await counts_at_start(store.queue)
        self._emit(
            DaemonStarted(
                version=__version__,
                config=str(self._options.config.absolute()),
                spool=str(store.layout.root),
                listen=listener.places,
                accounts=len(generation.accounts),
                waiting=counts.get(MessageState.QUEUED, 0) + counts.get(MessageState.SENDING, 0),
            )
        )
        announcer = Announcer(self._notifier, self._config, lambda: parts.engine.waiting, listener.places)
        self._observers.fanout.add(announcer.on_event)
        self._stop_on_signals()
        self._on_signal(signal.SIGHUP, partial(self._reload, announcer))
        spare_the_collector(MANY)  # going through all that a start loads would stop everybody for a tenth of a second
        announcer.ready()
        tasks: dict[str, Task] = {
            "engine": parts.engine.run,
            "intake": intake_loop.run,
            "prober": parts.prober.run,
            "canary": canary.run,
            "reporter": parts.reporter.run,
            "round trips": parts.round_trips.run,
            "configuration": self._config.run,
            "drop watcher": DropWatch(store.layout, intake_loop).run,
            "heartbeat": self._heartbeat.run,
            "door": port.door.run,
            "housekeeping": Housekeeping(store.layout, store.queue, store.receipts, self._clock).run,
        }
        await self._supervisor.run(tasks, on_stop=partial(self._stop, parts.engine))

    async def _listen(self, generation: Generation, store: Store, parts: Parts, canary: CanaryLoop) -> WebPort:
        source = LiveStatus(
            StatusPorts(
                clock=self._clock,
                pid=os.getpid(),
                started_at=self._started_at,
                layout=store.layout,
                queue=store.queue,
                config=self._config,
                memory=self._observers.memory,
                heartbeat=self._heartbeat,
                snapshot=parts.engine.snapshot,
                trouble=lambda: parts.engine.trouble,
                is_running=self._supervisor.is_running,
                places=lambda: port.listener.places,
                canary=canary.status,
                turned_at_s=lambda: parts.engine.turned_at_s,
                web_problem=lambda: port.door.problem,
                vital_tasks=("intake",),
            )
        )
        self._is_healthy = lambda: source.health().is_healthy
        around = WebSurroundings(
            folder=self._options.config,
            observers=self._observers,
            config=self._config,
            open_queue=partial(open_for_people, store),
            clock=self._clock,
            random_bytes=os.urandom,
            stack=self._stack,
            ask_for_probe=parts.prober.probe_named,
        )
        port = build_web_port(source, around)
        # Where the service manager listens already, its unit says where, and `web.listen` does not count.
        inherited = inherited_sockets(self._options.environ, pid=os.getpid())
        named = () if inherited else generation.site.web.listen
        await port.listener.open([parse_place(text, folder=self._options.config) for text in named], inherited)
        write_note(store.layout, pid=os.getpid(), places=port.listener.places)
        self._stack.callback(remove_note, store.layout)
        return port

    async def _drain(self, store: Store, parts: Parts, intake_loop: IntakeLoop) -> int:
        drain = Drain(intake=intake_loop, queue=store.queue, clock=self._clock, snapshot=parts.engine.snapshot)
        left: list[int] = []

        async def drain_and_stop() -> None:
            waiting = await drain.run()
            # What failed is to be told of, too, and reports are mail like any other.
            left.append(await drain.run() if await parts.reporter.step() else waiting)
            self._supervisor.stop("the spool is drained")

        self._stop_on_signals()
        await catch_up(store.layout, store.queue, store.receipts)
        tasks = {"engine": parts.engine.run, "drain": drain_and_stop}
        await self._supervisor.run(tasks, on_stop=partial(self._stop, parts.engine))
        # Stopped by a signal before the end counts as something left.
        return 0 if left == [0] else 1

    def _stop_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._on_signal(number, partial(self._supervisor.stop, number.name))

    def _on_signal(self, number: signal.Signals, act: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(number, act)
        self._stack.callback(loop.remove_signal_handler, number)

    def _reload(self, announcer: Announcer) -> None:
        announcer.reloading()
        self._config.ask()

    async def _stop(self, engine: Engine) -> None:
        in_flight = engine.snapshot().in_flight
        self._notifier.stopping(f"finishing {in_flight} messages")
        self._emit(DaemonStopping(reason=self._supervisor.reason, in_flight=in_flight))
        # What it could not write down, its storage being stuck, the next start finds and recovers.
        await engine.stop(STOP_DEADLINE_S)

    def _ping(self) -> None:
        # The service manager ends and starts anew what is not alive, and so it hears nothing then.
        if self._supervisor.is_running("engine") and self._is_healthy():
            self._notifier.watchdog()
