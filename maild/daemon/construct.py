"""Builds the real things for `app`: what observes, and what sends, takes in and probes. Nothing is started here."""

import logging
import os
import random  # noqa: TID251 -- this is where the Random that everybody else takes comes from
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from maild.clock import Clock
from maild.config.model import LogSettings
from maild.daemon.adoption import Parts, plan_of
from maild.daemon.canary import Candidate
from maild.daemon.canaryloop import CanaryLoop, CanaryPorts
from maild.daemon.configloop import ConfigLoop
from maild.daemon.fanout import Fanout
from maild.daemon.generation import Generation
from maild.daemon.memory import Memory
from maild.daemon.options import RunOptions
from maild.daemon.overheard import OverheardKeys
from maild.daemon.reporter import Reporter, ReporterPorts
from maild.daemon.resolving import CurrentResolver
from maild.daemon.roundtrips import RoundTripPorts, RoundTrips
from maild.daemon.sharing import judge_shared
from maild.delivery.engine import Engine
from maild.delivery.ports import EnginePorts, Tuning
from maild.delivery.transports.catalogue import all_transports
from maild.net.http import HttpClient
from maild.net.oauth import Keyring, TokenStore, token_folder
from maild.observe.events import Event
from maild.observe.logs import LibraryHandler, LogTarget, LogWriter
from maild.observe.metrics import Metrics
from maild.observe.recent import Recent
from maild.probe.arrival.round_trip import Trips
from maild.probe.login_memory import memory_file
from maild.probe.offer_memory import offer_file
from maild.probe.place import place_of
from maild.probe.prober import Prober, ProberPorts
from maild.probe.result import ProbeResult
from maild.probe.verdict_memory import verdict_file
from maild.spool.failures import FailureKeeper
from maild.spool.intake import Intake
from maild.spool.layout import Layout
from maild.spool.queue import Queue
from maild.spool.receipt import ReceiptWriter
from maild.spool.shared import SharedPlace, open_as_guest, open_as_host
from maild.spool.sqlite import SqliteQueue

RECOUNT: Final = timedelta(seconds=2)
"""How often a shared queue is looked over for what other hosts took in and do not send."""


PEOPLE: Final = 0
"""Whose changes those are, for the engine, which knows its own by the number of the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observers:
    """Everybody who is told what happens."""

    fanout: Fanout
    log: LogWriter
    metrics: Metrics
    memory: Memory
    recent: Recent


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The spool and what writes to it."""

    layout: Layout
    queue: Queue
    shared: SharedPlace | None
    receipts: ReceiptWriter


def build_observers(options: RunOptions, clock: Clock, stack: AsyncExitStack) -> Observers:
    """The log, the metrics and the memory, told in the order in which others ask them."""
    is_journal = "JOURNAL_STREAM" in options.environ
    target = LogTarget(stream=options.log, is_journal=is_journal, hash_key=os.urandom(32))
    log = LogWriter(target, clock, LogSettings())
    stack.callback(log.flush)
    handler = LibraryHandler(log)
    root = logging.getLogger()
    root.addHandler(handler)
    stack.callback(root.removeHandler, handler)
    # Watchdog prints its whole table of watches at every race that it handles itself; what matters is checked.
    logging.getLogger("watchdog").setLevel(logging.CRITICAL)
    metrics, memory, recent = Metrics(), Memory(), Recent()
    fanout = Fanout([memory.on_event, metrics.on_event, recent.on_event, log.on_event])
    return Observers(fanout=fanout, log=log, metrics=metrics, memory=memory, recent=recent)


async def open_store(layout: Layout, shared: SharedPlace | None, observers: Observers, stack: AsyncExitStack) -> Store:
    """The queue and the receipts of a spool whose lock is ours; closed by the stack.

    Raises:
        ConfigError: the queue is shared, and what that needs is not installed, or its tables are not there.
    """
    receipts = ReceiptWriter(layout)
    stack.callback(receipts.close)
    queue: Queue
    if shared is None:
        queue = SqliteQueue(layout.queue_file, layout.bodies, on_commit=observers.metrics.on_commit)
        stack.push_async_callback(queue.close)
    else:
        queue = open_as_host(shared, receipts.repeated)
        stack.push_async_callback(queue.close)
        await judge_shared(queue, observers.fanout.emit)
    return Store(layout=layout, queue=queue, shared=shared, receipts=receipts)


def open_for_people(store: Store) -> Queue:
    """The same queue once more, for what people do on the page: the engine hears of it as of a command's."""
    if store.shared is not None:
        return open_as_guest(store.shared)
    return SqliteQueue(store.layout.queue_file, store.layout.bodies, writer=PEOPLE)


def build_parts(
    generation: Generation, store: Store, clock: Clock, observers: Observers, stack: AsyncExitStack
) -> Parts:
    """What takes in, sends and probes by this generation."""
    emit = observers.fanout.emit
    resolver = CurrentResolver(generation.site.dns, emit)
    client = HttpClient(resolver, clock)
    stack.push_async_callback(client.close)
    state_file = memory_file(store.layout.root)
    keyring = Keyring(client, clock, TokenStore(token_folder(store.layout.root)), emit)
    keys = OverheardKeys(keyring, observers.log.hush.learn)
    trips = Trips()
    prober = Prober(
        ProberPorts(
            resolver=resolver,
            clock=clock,
            random=random.random,
            emit=emit,
            keys=keys,
            state_file=state_file,
            offers_file=offer_file(store.layout.root),
            verdicts_file=verdict_file(store.layout.root),
            dns=resolver.view,
            witnesses=resolver.witnesses,
            round_trip=trips.check,
        )
    )
    ports = EnginePorts(
        queue=store.queue,
        receipts=store.receipts,
        failures=FailureKeeper(store.layout),
        transports=all_transports(resolver, client, clock),
        keys=keys,
        clock=clock,
        random=random.random,
        emit=emit,
        probe_wanted=prober.request,
    )
    tuning = Tuning(recount=RECOUNT if store.shared is not None else None)
    engine = Engine(ports, plan_of(generation), tuning)
    intake = Intake(
        layout=store.layout,
        queue=store.queue,
        receipts=store.receipts,
        clock=clock,
        random_bytes=os.urandom,
        emit=emit,
        wake=engine.wake,
        lifetime=generation.site.delivery.lifetime,
    )
    reporter = Reporter(
        ReporterPorts(
            queue=store.queue,
            layout=store.layout,
            clock=clock,
            random_bytes=os.urandom,
            emit=emit,
            wake=engine.wake,
        )
    )
    round_trips = RoundTrips(
        RoundTripPorts(
            queue=store.queue,
            wake=engine.wake,
            trouble_of=engine.trouble_of,
            clock=clock,
            random=random.random,
            random_bytes=os.urandom,
            tell=prober.request,
        ),
        trips,
    )
    parts = Parts(
        resolver=resolver,
        engine=engine,
        prober=prober,
        intake=intake,
        reporter=reporter,
        round_trips=round_trips,
        machine_name=os.uname().nodename,
    )
    parts.use(generation)
    return parts


def build_canary(prober: Prober, config: ConfigLoop, clock: Clock, emit: Callable[[Event], None]) -> CanaryLoop:
    """What tries changed accounts before they are used."""

    async def try_out(candidate: Candidate) -> ProbeResult:
        return await prober.try_out(candidate.account, partial(place_of, candidate.loaded))

    return CanaryLoop(CanaryPorts(try_out=try_out, decide=config.decide, emit=emit, clock=clock))
