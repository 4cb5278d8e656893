import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from maild.spool.drop.batch import MAX_LOOKS, PASSED_BY_NS, STUCK_NS, DropFolder
from maild.spool.drop.compose import Composer
from maild.spool.drop.listing import Found
from maild.spool.drop.look import Looker, SeenFiles
from maild.spool.drop.quota import UserLimits, UserQuota
from maild.spool.drop.read import DropReader
from tests.spool.messages import LIFETIME, NOW
from tests.spool.spool_site import MAIL

LONG_AFTER_NS = 4_000_000_000 * 1_000_000_000


@dataclass(slots=True)
class Drops:
    """A drop folder, and a reader to whom every file in it is old."""

    root: Path
    was_placed: Callable[[str], bool] = lambda drop: False
    bodies: Path = field(init=False)
    folder: DropFolder = field(init=False)

    def __post_init__(self) -> None:
        self.bodies = self.root / "bodies"
        self.bodies.mkdir()
        (self.root / "drop").mkdir()
        self.folder = DropFolder(str(self.root / "drop"))

    def add(self, name: str, content: bytes = MAIL) -> Path:
        path = self.root / "drop" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def reader(self, *, now_ns: int = LONG_AFTER_NS, random_bytes: Callable[[int], bytes] = bytes) -> DropReader:
        composer = Composer(now=NOW, lifetime=LIFETIME, bodies=self.bodies, random_bytes=random_bytes, hostname="x")
        looker = Looker(seen=SeenFiles(), now_ns=now_ns, was_placed=self.was_placed)
        return DropReader(
            composer=composer,
            looker=looker,
            max_bytes=10_000_000,
            quota=UserQuota(UserLimits()),
            passes_by=partial(self.folder.is_stuck, now_ns=now_ns),
        )


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    return Drops(tmp_path)


def failing_after(calls: int) -> Callable[[int], bytes]:
    left: Iterator[int] = itertools.count(calls, -1)

    def random_bytes(count: int) -> bytes:
        if next(left) == 0:
            raise OSError("the machine is in trouble")
        return bytes(count)

    return random_bytes


def test_an_empty_folder_gives_nothing_to_do(drops: Drops) -> None:
    batch = drops.folder.read_batch(drops.reader())

    assert (batch.copied, batch.refused, batch.unreadable, batch.wait_ns) == ((), (), (), None)


def test_the_soonest_of_all_unfinished_drops_decides_when_to_look_again(drops: Drops) -> None:
    first = drops.add("a.eml")
    now_ns = first.stat().st_ctime_ns
    with drops.add("b.eml").open("ab"):
        batch = drops.folder.read_batch(drops.reader(now_ns=now_ns))

    assert batch.wait_ns == 250_000_000


def test_trouble_with_the_machine_leaves_no_bodies_behind(drops: Drops) -> None:
    for age, (name, content) in enumerate(
        [("c.eml", MAIL), ("b.eml", MAIL + b"x" * 2_000_000), ("a.eml", b"Dear Anna,\n")]
    ):
        os.utime(drops.add(name, content), (1_700_000_000 - age, 1_700_000_000 - age))

    with pytest.raises(OSError, match="trouble"):
        drops.folder.read_batch(drops.reader(random_bytes=failing_after(2)))

    assert list(drops.bodies.iterdir()) == []


def test_a_folder_that_went_away_since_the_listing_is_passed_over(drops: Drops) -> None:
    drops.add("a.eml")
    drops.folder.listed.append(Found(0, "gone", "b.eml", is_regular=True))

    batch = drops.folder.read_batch(drops.reader())

    assert batch.copied == ()
    # The listing was not made in this call: what was dropped since is not in it.
    assert batch.wait_ns == 0


def test_a_drop_that_went_away_since_the_listing_is_passed_over(drops: Drops) -> None:
    drops.folder.listed.append(Found(0, "", "b.eml", is_regular=True))

    assert drops.folder.read_batch(drops.reader()).copied == ()


def test_what_is_in_the_queue_and_cannot_be_removed_is_not_taken_again(drops: Drops) -> None:
    drops.add("a.eml", MAIL + b"x" * 2_000_000)
    (copied,) = drops.folder.read_batch(drops.reader()).copied
    drops.folder.stuck[copied.source] = LONG_AFTER_NS
    for path in drops.bodies.iterdir():
        path.unlink()

    batch = drops.folder.read_batch(drops.reader())

    assert (batch.copied, batch.wait_ns) == ((), None)
    assert list(drops.bodies.iterdir()) == []
    # Perhaps it can be removed now.
    assert len(drops.folder.read_batch(drops.reader(now_ns=LONG_AFTER_NS + STUCK_NS)).copied) == 1


def test_a_clock_that_is_set_back_keeps_no_drop_waiting_for_it(drops: Drops) -> None:
    hours_ahead = LONG_AFTER_NS + 80 * 3600 * 1_000_000_000
    drops.folder.read_batch(drops.reader(now_ns=hours_ahead))
    drops.add("a.eml")

    (copied,) = drops.folder.read_batch(drops.reader()).copied

    drops.folder.stuck[copied.source] = hours_ahead
    assert len(drops.folder.read_batch(drops.reader()).copied) == 1


def test_a_file_that_was_seen_before_the_clock_was_set_back_is_seen_anew(tmp_path: Path) -> None:
    seen, status = SeenFiles(), tmp_path.stat()

    assert [seen.unchanged_since_ns(status, now_ns=now) for now in (90, 95, 10, 20)] == [90, 90, 10, 10]


def test_a_batch_is_bounded_in_bytes(drops: Drops) -> None:
    for number in range(20):
        drops.add(f"{number}.eml", MAIL + b"x" * 1_000_000)

    counts = [len(drops.folder.read_batch(drops.reader()).copied) for _ in range(3)]

    assert counts == [8, 9, 3]


def test_batches_grow_until_nothing_is_there(drops: Drops) -> None:
    def sizes(count: int) -> list[int]:
        for number in range(count):
            drops.add(f"{number}.eml")
        found: list[int] = []
        while drops.folder.listed or not found:
            copied = drops.folder.read_batch(drops.reader()).copied
            found.append(len(copied))
            for one in copied:
                (drops.root / "drop" / one.found.name).unlink()
        return found

    assert [sizes(count) for count in (20, 20, 40, 0, 20)] == [[8, 12], [20], [40], [0], [8, 12]]


def test_the_first_ready_drops_do_not_wait_for_a_look_at_all_the_others(drops: Drops) -> None:
    for number in range(100):
        drops.add(f"{number:02}.eml")
    now_ns = (drops.root / "drop" / "99.eml").stat().st_ctime_ns
    drops.was_placed = {"00.eml", "01.eml", "90.eml"}.__contains__

    counts = [len(drops.folder.read_batch(drops.reader(now_ns=now_ns)).copied) for _ in range(2)]

    assert counts == [2, 1]


def test_a_folder_full_of_unfinished_drops_is_looked_at_in_parts(drops: Drops) -> None:
    path = drops.add("a.eml")
    now_ns = path.stat().st_ctime_ns
    drops.folder.listed.extend(Found(0, "", "a.eml", is_regular=True) for _ in range(MAX_LOOKS + 1))

    first = drops.folder.read_batch(drops.reader(now_ns=now_ns))

    assert (len(drops.folder.listed), first.wait_ns) == (1, 0)
    drops.folder.forget_listing()
    assert len(drops.folder.listed) == 0


def test_many_unfinished_drops_are_remembered_in_bounded_memory() -> None:
    seen = SeenFiles()
    status = Path(__file__).stat()

    first = seen.unchanged_since_ns(status, now_ns=1)
    second = seen.unchanged_since_ns(status, now_ns=2)
    seen.forget(status)
    third = seen.unchanged_since_ns(status, now_ns=3)

    assert (first, second, third) == (1, 1, 3)


def test_a_folder_full_of_what_may_not_be_taken_is_not_counted_again_and_again(drops: Drops) -> None:
    me = os.getuid()
    reader = drops.reader()
    reader.quota.limits = UserLimits(messages_per_hour=1)
    reader.quota.spend(me, 1, now_ns=LONG_AFTER_NS)
    for number in range(20):
        drops.add(f"{number}.eml")

    first = drops.folder.read_batch(reader)
    second = drops.folder.read_batch(reader)
    later = replace(reader, looker=replace(reader.looker, now_ns=LONG_AFTER_NS + 3601 * 1_000_000_000))
    third = drops.folder.read_batch(later)

    assert (first.copied, first.crowded, first.wait_ns) == ((), (), None)
    assert second.wait_ns == 20 * PASSED_BY_NS
    assert (len(third.copied), len(third.crowded)) == (1, 19)
    assert third.wait_ns == 59 * 60 * 1_000_000_000 + third.crowded[0].wait_ns % (60 * 1_000_000_000)
