"""Whether the daemon is alive and does its work, each condition with its reason. Shell code: asks the spool's folder.

Alive is what a restart would mend: the event loop turns, the engine looks for work, drops are looked for. Ready is what
it takes for mail to go: an account, a spool that can be written to, storage that answers, first probes.
"""

import asyncio
import os
from pathlib import Path
from typing import Final

from maild.daemon.generation import Generation
from maild.daemon.statusports import StatusPorts
from maild.observe.status import Condition, Health

STUCK_AFTER_S: Final = 10.0
"""An event loop that did not beat for so long is not alive in any useful sense."""

IDLE_AT_MOST_S: Final = 120.0
"""An engine looks for work at least twice a minute; one that has not done so for so long waits for what never comes.
While its storage fails it waits with reason, and a restart would not help.
"""

PROBES_DUE_S: Final = 10.0
"""Ready does not wait longer than this for the first round of probes: a dead provider is no reason not to be."""


def judge_health(ports: StatusPorts, generation: Generation, trouble: str) -> Health:
    """Health now; `trouble` is what the queue's storage suffers from. Looks at the spool's folder, asks nobody."""
    return Health(
        alive=(_loop_beats(ports), _gets_on(ports, trouble), *(_runs(ports, task) for task in ports.vital_tasks)),
        ready=(
            _has_accounts(generation),
            _is_writable(ports.layout.root),
            Condition(name="queue", is_met=not trouble, detail=trouble or "its storage answers"),
            Condition(
                name="intake",
                is_met=not ports.memory.intake_paused,
                detail=ports.memory.intake_paused or "drops are taken in",
            ),
            _is_probed(ports, generation),
        ),
    )


def _loop_beats(ports: StatusPorts) -> Condition:
    last_s = ports.heartbeat.last_beat_s
    age_s = 0.0 if last_s is None else asyncio.get_running_loop().time() - last_s
    return Condition(name="event loop", is_met=age_s < STUCK_AFTER_S, detail=f"last beat {age_s:.1f} s ago")


def _gets_on(ports: StatusPorts, trouble: str) -> Condition:
    """Whether the engine looks for work."""
    if not ports.is_running("engine"):
        return Condition(name="engine", is_met=False, detail="not running")
    turned_at_s = ports.turned_at_s()
    if turned_at_s is None:
        return Condition(name="engine", is_met=True, detail="looks through the queue after the start")
    age_s = asyncio.get_running_loop().time() - turned_at_s
    words = f"looked for work {age_s:.1f} s ago" + (f"; {trouble}" if trouble else "")
    return Condition(name="engine", is_met=bool(trouble) or age_s < IDLE_AT_MOST_S, detail=words)


def _runs(ports: StatusPorts, task: str) -> Condition:
    is_running = ports.is_running(task)
    return Condition(name=task, is_met=is_running, detail="running" if is_running else "not running")


def _has_accounts(generation: Generation) -> Condition:
    count = len(generation.accounts)
    words = f"generation {generation.number}, {count} account{'' if count == 1 else 's'}"
    return Condition(name="configuration", is_met=count > 0, detail=words)


def _is_probed(ports: StatusPorts, generation: Generation) -> Condition:
    accounts = {name for name, account in generation.accounts.items() if account.is_enabled}
    probed = len(accounts & ports.memory.probes.keys())
    age_s = (ports.clock.now() - ports.started_at).total_seconds()
    is_met = probed == len(accounts) or age_s >= PROBES_DUE_S
    return Condition(name="probes", is_met=is_met, detail=f"{probed} of {len(accounts)} accounts probed")


def _is_writable(folder: Path) -> Condition:
    try:
        is_read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError as error:
        return Condition(name="spool", is_met=False, detail=f"{folder} cannot be used: {error.strerror or error}")
    if is_read_only or not os.access(folder, os.W_OK | os.X_OK):
        return Condition(name="spool", is_met=False, detail=f"{folder} cannot be written to")
    return Condition(name="spool", is_met=True, detail="can be written to")
