"""Lets the system say no at each of its calls: no space, an error of the disk, a read-only one, no descriptor, no more.

The long form, at every call:

    .venv/bin/python -m tests.peers.faults [--odds 1.0] [--seed 1]

strace makes the call fail (`inject=`), SQLite's own with the rest, once or from then on; limits of the process make
writes short and descriptors few. Afterwards maild is started on the same spool, and all is well again: what was said to
be accepted was delivered or is delivered now, once, whole, and has its receipt.
"""

import argparse
import errno
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from tests.peers.disk import OLD
from tests.peers.power_cut import scratch
from tests.peers.recording import number_in
from tests.peers.restart import Outcome, restart
from tests.peers.spool_workload import LETTER, MAILS, REJECTED, body_of
from tests.peers.suffering import Testimony, suffer

PATIENCE_S: Final = 60.0
SOON: Final = timedelta(minutes=5)
LATE: Final = timedelta(hours=12)

ERRORS: Final[Mapping[str, Sequence[str]]] = {
    "openat": ("EMFILE", "ENOSPC", "EROFS", "EIO"),
    "write": ("ENOSPC", "EIO", "EROFS"),
    "pwrite64": ("ENOSPC", "EIO", "EROFS"),
    "pread64": ("EIO",),
    "read": ("EIO",),
    "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO",),
    "rename": ("ENOSPC", "EROFS", "EIO"),
    "renameat": ("EROFS", "EIO"),
    "renameat2": ("ENOSPC", "EROFS", "EIO"),
    "unlink": ("EROFS", "EIO"),
    "unlinkat": ("EROFS", "EIO"),
    "mkdir": ("ENOSPC", "EROFS"),
    "close": ("EIO",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`call` fails with `error` at its `at`th time in each thread; `lasts`: and ever after."""

    call: str
    error: str
    at: int
    lasts: bool

    def __str__(self) -> str:
        return f"{self.call} {self.error} at {self.at}{' and ever after' if self.lasts else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The process may have only so many descriptors, or files only so long."""

    kind: int
    value: int

    def __str__(self) -> str:
        name = "descriptors" if self.kind == resource.RLIMIT_NOFILE else "octets in a file"
        return f"at most {self.value} {name}"


@dataclass(slots=True)
class Trial:
    """Runs children under faults, and judges."""

    folder: Path
    tried: int = 0
    hurt: int = 0
    """How many noticed anything."""
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def calls(self) -> Counter[str]:
        """How often each call is made at most in one thread of an undisturbed run."""
        log = self.folder / "calls"
        child = _start(self._spool(), self._notes(), {}, SOON, waits=True)
        _traced(child, ["-e", f"trace={','.join(ERRORS)}", "-o", str(log), "-f"])
        counts: Counter[tuple[bytes, str]] = Counter()
        for line in log.read_bytes().splitlines():
            thread, _, rest = line.partition(b" ")
            name = rest.strip().partition(b"(")[0].decode()
            if name in ERRORS:
                counts[thread, name] += 1
        most: Counter[str] = Counter()
        for (_, name), count in counts.items():
            most[name] = max(most[name], count)
        assert not self._judge("no fault at all")
        return most

    def run(self, fault: Fault | Limit) -> None:
        spool, notes = self._spool(), self._notes()
        match fault:
            case Fault(call=call, error=error, at=at, lasts=lasts):
                inject = f"inject={call}:error={error}:when={at}{'+' if lasts else ''}"
                # Each thread of a pool may meet it once, and what cannot be removed is tried again in ten minutes.
                child = _start(spool, notes, {}, SOON if lasts else LATE, waits=True)
                _traced(child, ["-e", f"trace={call}", "-e", inject, "-o", "/dev/null", "-f"])
            case Limit(kind=kind, value=value):
                child = _start(spool, notes, {kind: value}, SOON, waits=False)
                child.join(PATIENCE_S)
        self._judge(str(fault), is_over=isinstance(fault, Fault) and not fault.lasts)

    def _spool(self) -> Path:
        return self.folder / "spool"

    def _notes(self) -> Path:
        return self.folder / "notes"

    def _judge(self, fault: str, *, is_over: bool = False) -> list[str]:
        self.tried += 1
        heard = list(Testimony.at(self._notes()).heard())
        self.hurt += not any("done" in one for one in heard) or any("refused" in one for one in heard)
        # What lasted a moment must not take longer than the longest pause to be made good.
        wrong = ["it did not go on by itself"] if is_over and any("left" in one for one in heard) else []
        wrong += [one["bug"].strip().splitlines()[-1] for one in heard if "bug" in one]
        for bug in (one["bug"] for one in heard if "bug" in one):
            self.examples.setdefault(bug.strip().splitlines()[-1], f"{fault}:\n{bug}")
        for orphan in (self._spool() / "bodies").glob("*"):
            # As if an hour had passed: until then it may be somebody's who is about to write its row.
            os.utime(orphan, (OLD, OLD))
        try:
            wrong += list(_wrong(heard, restart(self._spool(), lambda identity: identity), self._spool()))
        except Exception as error:  # noqa: BLE001 -- whatever keeps it from starting is what is looked for
            while isinstance(error, ExceptionGroup):
                error = error.exceptions[0]
            wrong.append(f"{type(error).__name__}: {error}".replace(str(self.folder), ""))
        for one in wrong:
            self.faults[one] += 1
            self.examples.setdefault(one, f"{fault}: {[one for one in heard if 'bug' not in one][:12]}")
        shutil.rmtree(self._spool(), ignore_errors=True)
        self._notes().unlink(missing_ok=True)
        return wrong


def _start(
    spool: Path, notes: Path, limits: Mapping[int, int], patience: timedelta, *, waits: bool
) -> multiprocessing.Process:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.peers.suffering"])
    child = context.Process(target=suffer, args=(spool, notes, limits, patience), kwargs={"waits": waits})
    child.start()
    return child  # type: ignore[return-value]  # its own class of process, which does the same


def _traced(child: multiprocessing.Process, flags: list[str]) -> None:
    """Trace a child that waits, wake it, and see it to its end."""
    strace = shutil.which("strace")
    if strace is None:
        child.kill()
        pytest.skip("needs the Debian package strace")
    assert child.pid is not None
    deadline = time.monotonic() + PATIENCE_S
    while Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
        assert time.monotonic() < deadline
        time.sleep(0.001)
    # It ends with the child.
    with subprocess.Popen([strace, *flags, "-p", str(child.pid)], stderr=subprocess.PIPE) as tracer:
        try:
            assert tracer.stderr is not None
            assert b"attached" in tracer.stderr.readline()
            os.kill(child.pid, signal.SIGCONT)
            child.join(PATIENCE_S)
        finally:
            child.kill()
            child.join()


def _wrong(heard: list[Mapping[str, Any]], outcome: Outcome, spool: Path) -> Iterator[str]:
    """What did not hold."""
    before = Counter((one["sent"], one["who"]) for one in heard if "sent" in one)
    after = Counter((number_in(one.content), who) for one in outcome.sent for who in one.recipients)
    if not all(one["whole"] for one in heard if "sent" in one):
        yield "a message left mutilated"
    for one in outcome.sent:
        number = number_in(one.content)
        if number is None or not one.content.endswith(b"\r\n\r\n" + body_of(number).replace(b"\n", b"\r\n")):
            yield "a message left mutilated after the restart"
    doubted = {(message.drop, who) for message in outcome.found for who in _doubted(message)}
    accepted = {one["accepted"]: one["name"] for one in heard if "accepted" in one}
    for number, name in accepted.items():
        for who in MAILS[number].recipients:
            times = before[number, who] + after[number, who]
            if times == 0:
                yield f"message {number} is lost"
            if times > 1 and (name, who) not in doubted:
                yield f"message {number} was delivered {times} times, and nobody said so"
        state = outcome.receipts.get(name, {}).get("state")
        if state != "sent":
            yield f"the receipt of message {number} says {state}"
    if any("letter" in one for one in heard):
        aside = [path.read_bytes() for path in (spool / "rejected").glob("*.eml")]
        if aside != [LETTER] or outcome.receipts.get(REJECTED, {}).get("state") != "rejected":
            yield f"what is no message was set aside {len(aside)} times"
    if left := list((spool / "bodies").iterdir()):
        yield f"{len(left)} left in bodies/"


def _doubted(message: Any) -> Iterator[str]:  # noqa: ANN401
    yield from (str(one.mailbox) for one in message.recipients if one.state == "uncertain")


def all_faults(calls: Counter[str]) -> Iterator[Fault | Limit]:
    """Everything that can be said at each call of such a run."""
    for call, errors in ERRORS.items():
        for at in range(1, calls[call] + 1):
            for error in errors:
                assert hasattr(errno, error)
                yield Fault(call=call, error=error, at=at, lasts=False)
                yield Fault(call=call, error=error, at=at, lasts=True)
    for count in range(8, 40):
        yield Limit(kind=resource.RLIMIT_NOFILE, value=count)
    for exponent in range(4, 44):
        yield Limit(kind=resource.RLIMIT_FSIZE, value=round(2 ** (exponent / 2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odds", type=float, default=1.0, help="how many of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a piece of the words for those that are wanted, as `fsync EIO`")
    options = parser.parse_args()
    random = Random(options.seed)
    with scratch() as folder:
        trial = Trial(folder)
        calls = trial.calls()
        print("calls:", dict(calls), flush=True)
        for fault in all_faults(calls):
            if options.only in str(fault) and random.random() < options.odds:
                trial.run(fault)
    print(f"{trial.tried} runs, {trial.hurt} of which could not do all of it at once")
    for wrong, count in trial.faults.most_common():
        print(f"{count:6d}  {wrong}\n        {trial.examples[wrong]}")
    sys.exit(bool(trial.faults))


if __name__ == "__main__":
    main()
