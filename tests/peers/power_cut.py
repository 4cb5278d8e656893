"""Cuts the power at any moment of a recorded spool's work, starts again, and judges what is there and what is sent.

The long form, at every moment and in many ways:

    .venv/bin/python -m tests.peers.power_cut [--ways 6] [--seed 1]

What must hold after every cut: what was said to be accepted has been delivered or is delivered now, once; it is
delivered a second time only where the queue says beforehand that nobody knows whether it was; what leaves is whole and
always the same message; what is called sent was sent; what is no message is set aside untouched; and every receipt
tells the end.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from maild.mail.message import split_message
from maild.spool.queue import MessageState, SourceIdentity
from tests.peers.disk import Disk, File, Keep, everything, nothing, some
from tests.peers.recording import Ends, Recording, number_in, record_spool
from tests.peers.restart import Outcome, restart
from tests.peers.spool_workload import LETTER, MAILS, NOBODY, REJECTED, body_of
from tests.peers.trace import Mark


@dataclass(slots=True)
class Past:
    """What had been said and done by a moment.

    Attributes:
        accepted: the drops of which their writers were told that they are safe, by number.
        ended: the messages whose end had been sent, as they were sent.
        files: what the files of drops were known by.
    """

    accepted: dict[int, str] = field(default_factory=dict)
    ended: list[bytes] = field(default_factory=list)
    files: dict[File, SourceIdentity] = field(default_factory=dict)

    def note(self, words: str, disk: Disk) -> None:
        """The program said something of itself."""
        kind, _, rest = words.partition(" ")
        if kind == "accepted":
            number, _, name = rest.partition(" ")
            self.accepted[int(number)] = name
        elif kind == "file":
            device, inode, ctime_ns, size_bytes, _, name = rest.split(" ", 5)
            file = disk.look_up(f"drop/{name}")
            assert isinstance(file, File), name
            self.files[file] = SourceIdentity(
                device=int(device), inode=int(inode), ctime_ns=int(ctime_ns), size_bytes=int(size_bytes)
            )


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment, and what of the unsafe things was there afterwards."""

    at: int
    way: str
    names: Keep
    contents: Keep


def ways_of(at: int, random: Random, count: int) -> Iterator[Cut]:
    """How the power may be cut at a moment: four plain ways, then as luck would have it."""
    yield Cut(at, "all of it is there", everything, everything)
    yield Cut(at, "only what is safe is there", nothing, nothing)
    yield Cut(at, "names without contents", everything, nothing)
    yield Cut(at, "contents without names", nothing, everything)
    for _ in range(count):
        odds = random.choice((0.2, 0.5, 0.8, 0.97))
        yield Cut(at, f"{odds:.0%} of it is there", some(random, odds), some(random, odds))


@dataclass(slots=True)
class Verdict:
    """What is wrong after one cut; empty: nothing."""

    faults: list[str] = field(default_factory=list)

    def hold(self, is_so: object, fault: str) -> None:
        if not is_so:
            self.faults.append(fault)


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows what the server took in the recorded run."""

    recording: Recording

    def judge(self, past: Past, outcome: Outcome, spool: Path) -> list[str]:
        verdict = Verdict()
        before = self._taken(past)
        after = [(one.content, recipient) for one in outcome.sent for recipient in one.recipients]
        self._judge_deliveries(verdict, before, after, outcome)
        self._judge_losses(verdict, past, {(number_in(content), who) for content, who in (*before, *after)}, outcome)
        for content, _ in after:
            number = number_in(content)
            whole = number is None or content.endswith(b"\r\n\r\n" + body_of(number).replace(b"\n", b"\r\n"))
            verdict.hold(whole, f"message {number} left mutilated")
        self._judge_spool(verdict, past, outcome, spool)
        return verdict.faults

    def _taken(self, past: Past) -> list[tuple[bytes, str]]:
        """What the server had taken by then. What it did not take at first it took later."""
        taken = []
        for number in {number_in(content) for content in past.ended}:
            ends = sum(number_in(content) == number for content in past.ended)
            all_ends = self.recording.ends[number]
            transactions = [one for one in self.recording.transactions if number_in(one.data) == number]
            for one in transactions[: max(0, ends - (all_ends - len(transactions)))]:
                taken += [(one.data, recipient) for recipient in one.recipients]
        return taken

    def _judge_deliveries(
        self, verdict: Verdict, before: list[tuple[bytes, str]], after: list[tuple[bytes, str]], outcome: Outcome
    ) -> None:
        earlier = {(number_in(content), who): content for content, who in before}
        for (number, who), times in Counter((number_in(content), who) for content, who in after).items():
            verdict.hold(times == 1, f"message {number} left {times} times for {who}")
        for content, who in after:
            first = earlier.get((number_in(content), who))
            if first is None:
                continue
            known = (message_id(content), who) in outcome.doubted
            verdict.hold(known, f"message {number_in(content)} was delivered to {who} twice, and nobody said so")
            verdict.hold(first == content, f"message {number_in(content)} was another one the second time")
        taken = {message_id(content) for content, _ in before}
        for message in outcome.found:
            if message.state is MessageState.SENT:
                verdict.hold(message.message_id in taken, f"{message.drop} is said to be sent and was not")

    def _judge_losses(
        self, verdict: Verdict, past: Past, delivered: set[tuple[int | None, str]], outcome: Outcome
    ) -> None:
        failed = {message.drop for message in outcome.left if message.state is MessageState.FAILED}
        for number, name in past.accepted.items():
            for who in MAILS[number].recipients:
                is_over = (number, who) in delivered or (who == NOBODY and name in failed)
                verdict.hold(is_over, f"message {number} is lost for {who}")
        for message in outcome.left:
            verdict.hold(message.state.is_history, f"{message.drop} is still {message.state}")
        for name in past.accepted.values():
            state = outcome.receipts.get(name, {}).get("state")
            verdict.hold(state in {"sent", "failed"}, f"the receipt of {name} says {state}")

    def _judge_spool(self, verdict: Verdict, past: Past, outcome: Outcome, spool: Path) -> None:
        left = {path.name for path in (spool / "drop").iterdir()}
        # Whoever was not told that his drop is safe may find pieces of it.
        mine = {name for name in left if name.removesuffix(".env.json") + ".eml" in past.accepted.values()}
        strange = {name for name in left - mine if not name.endswith((".tmp", ".env.json"))}
        verdict.hold(not mine | strange, f"left in drop/: {sorted(mine | strange)}")
        bodies = [path.name for path in (spool / "bodies").iterdir()]
        verdict.hold(not bodies, f"left in bodies/: {bodies}")
        for message in outcome.left:
            if message.state is MessageState.FAILED:
                kept = spool / "failed" / f"{message.id}.eml"
                verdict.hold(kept.exists() and number_in(kept.read_bytes()) == 4, f"{message.drop} is not kept")
                told = bool(outcome.owed) or any(one.drop is None for one in outcome.left)
                verdict.hold(told, f"nobody is told of {message.drop}")
        if any(identity.size_bytes == len(LETTER) for identity in past.files.values()):
            aside = [path.read_bytes() for path in (spool / "rejected").glob("*.eml")]
            verdict.hold(aside == [LETTER], f"{len(aside)} files were set aside")
            state = outcome.receipts.get(REJECTED, {}).get("state")
            verdict.hold(state == "rejected", f"the receipt of {REJECTED} says {state}")


def message_id(content: bytes) -> str:
    """The Message-ID of a message."""
    return split_message(content).header.text("Message-ID") or ""


@dataclass(slots=True)
class Replay:
    """Goes through a recording; `wanted` says how often the power is to be cut at each moment."""

    recording: Recording
    seed: int = 1
    luck: int = 1
    odds: float = 1.0
    """How many of the moments are tried."""
    cuts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        disk, past, ends = Disk(self.recording.root), Past(), Ends()
        judge = Judge(self.recording)
        choice = Random(self.seed)
        with scratch() as folder:
            for at, effect in enumerate(self.recording.effects):
                is_changed = disk.apply(effect)
                if isinstance(effect, Mark):
                    past.note(effect.words, disk)
                elif not is_changed:
                    ended = list(ends.passed(effect))
                    past.ended += ended
                    is_changed = bool(ended)
                if not is_changed or choice.random() >= self.odds:
                    continue
                for cut in ways_of(at, choice, self.luck):
                    self._try(disk, past, cut, judge, folder / str(self.cuts))

    def _try(self, disk: Disk, past: Past, cut: Cut, judge: Judge, spool: Path) -> None:
        self.cuts += 1
        files = disk.lay_out(spool, cut.names, cut.contents)
        known = {
            (status.st_dev, status.st_ino): past.files[file] for file, status in files.items() if file in past.files
        }

        def translate(identity: SourceIdentity) -> SourceIdentity:
            return known.get((identity.device, identity.inode), identity)

        try:
            faults = judge.judge(past, restart(spool, translate), spool)
        except Exception as error:  # noqa: BLE001 -- whatever keeps it from starting is what is looked for
            faults = [f"{type(error).__name__}: {error}".replace(str(spool), "")]
        for fault in faults:
            self.faults[fault] += 1
            effect = str(self.recording.effects[cut.at])[:150]
            self.examples.setdefault(fault, f"cut {cut.at} after {effect}, {cut.way}")
        shutil.rmtree(spool)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory where there is such a place: nobody cuts this machine's power."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="maild-cut-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ways", type=int, default=2, help="lucky ways at each moment, besides the plain ones")
    parser.add_argument("--odds", type=float, default=1.0, help="how many of the moments")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with scratch() as folder:
        recording = record_spool(folder)
    began_at = time.process_time()
    replay = Replay(recording, seed=options.seed, luck=options.ways, odds=options.odds)
    replay.run()
    print(f"{len(recording.effects)} effects, {replay.cuts} cuts, {time.process_time() - began_at:.0f} s of CPU")
    for fault, times in replay.faults.most_common():
        print(f"{times:6d}  {fault}\n        {replay.examples[fault]}")
    sys.exit(bool(replay.faults))


if __name__ == "__main__":
    main()
