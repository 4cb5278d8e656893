from pathlib import Path

import pytest

from maild.config.folder import FileKind, SourceFile
from maild.watch.snapshot import Change, ReadFile, SeenFile, Snapshot, Stamp, UnreadableFile, compare, merge_scan

STAMP = Stamp(device=1, inode=2, size_bytes=3, mtime_ns=4, ctime_ns=5)


def source(name: str) -> SourceFile:
    return SourceFile(path=Path(name), file=name, kind=FileKind.ACCOUNT)


def read(name: str, data: bytes = b"x", stamp: Stamp = STAMP) -> ReadFile:
    return ReadFile.of(source(name), stamp, data, is_settled=True)


def seen(*files: SeenFile) -> dict[str, SeenFile]:
    return {file.source.file: file for file in files}


def snapshot(*files: SeenFile) -> Snapshot:
    return merge_scan(Snapshot(), seen(*files), at_s=0.0)


def test_a_snapshot_holds_its_files_in_order() -> None:
    assert list(snapshot(read("b"), read("a")).files) == ["a", "b"]


def test_a_missing_file_stays_until_a_second_scan_misses_it_two_seconds_later() -> None:
    full = snapshot(read("a"), read("b"))

    first = merge_scan(full, seen(read("a")), at_s=10.0)
    early = merge_scan(first, seen(read("a")), at_s=11.5)
    late = merge_scan(early, seen(read("a")), at_s=12.0)

    assert list(first.files) == ["a", "b"]
    assert first.confirm_at_s == 12.0
    assert list(early.files) == ["a", "b"]
    assert early.confirm_at_s == 12.0
    assert list(late.files) == ["a"]
    assert late.confirm_at_s is None


def test_a_file_that_comes_back_was_never_away() -> None:
    missing = merge_scan(snapshot(read("a")), {}, at_s=10.0)

    back = merge_scan(missing, seen(read("a")), at_s=20.0)

    assert back == snapshot(read("a"))


def test_a_file_that_goes_away_twice_gets_two_seconds_each_time() -> None:
    missing = merge_scan(snapshot(read("a")), {}, at_s=10.0)
    back = merge_scan(missing, seen(read("a")), at_s=11.0)

    again = merge_scan(back, {}, at_s=12.5)

    assert again.confirm_at_s == 14.5


def test_somebody_who_asks_for_a_reload_is_believed_that_a_file_is_gone() -> None:
    gone = merge_scan(snapshot(read("a")), {}, at_s=10.0, believes_absence=True)

    assert gone == Snapshot()


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ([], [read("a")], Change(added=("a",))),
        ([read("a")], [], Change(gone=("a",))),
        ([read("a")], [read("a", b"y")], Change(changed=("a",))),
        ([read("a")], [read("a", stamp=Stamp(device=9, inode=9, size_bytes=9, mtime_ns=9, ctime_ns=9))], Change()),
        ([read("a")], [UnreadableFile(source=source("a"), problem="p")], Change(changed=("a",))),
        (
            [UnreadableFile(source=source("a"), problem="p")],
            [UnreadableFile(source=source("a"), problem="p")],
            Change(),
        ),
        (
            [UnreadableFile(source=source("a"), problem="p")],
            [UnreadableFile(source=source("a"), problem="q")],
            Change(changed=("a",)),
        ),
    ],
)
def test_what_counts_is_the_content(old: list[SeenFile], new: list[SeenFile], change: Change) -> None:
    assert compare(snapshot(*old), snapshot(*new)) == change
    assert bool(change) is (change != Change())


def test_a_files_content_is_not_printed() -> None:
    assert "secret" not in repr(read("a", b"secret"))
