from pathlib import Path

from maild.config.folder import FileKind, SourceFile
from maild.watch.snapshot import Change, ReadFile, Scan, SeenFile, Snapshot, Stamp, UnreadableFile, compare, merge_scan
from tests.rows import each_row

STAMP = Stamp(device=1, inode=2, size_bytes=3, mtime_ns=4, ctime_ns=5)


def source(name: str) -> SourceFile:
    return SourceFile(path=Path(name), file=name, kind=FileKind.ACCOUNT)


def read(name: str, data: bytes = b"x", stamp: Stamp = STAMP) -> ReadFile:
    return ReadFile.of(source(name), stamp, data, is_settled=True)


def seen(*files: SeenFile) -> Scan:
    return Scan(found={file.source.file: file for file in files})


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
    missing = merge_scan(snapshot(read("a")), seen(), at_s=10.0)

    back = merge_scan(missing, seen(read("a")), at_s=20.0)

    assert back == snapshot(read("a"))


def test_a_file_that_goes_away_twice_gets_two_seconds_each_time() -> None:
    missing = merge_scan(snapshot(read("a")), seen(), at_s=10.0)
    back = merge_scan(missing, seen(read("a")), at_s=11.0)

    again = merge_scan(back, seen(), at_s=12.5)

    assert again.confirm_at_s == 14.5


def test_a_file_that_comes_under_the_other_ending_took_the_name_of_the_one_that_went() -> None:
    both = snapshot(read("a.yml"), read("b.yaml"), read("b.yml"))

    renamed = merge_scan(both, seen(read("a.yaml"), read("b.yaml")), at_s=10.0)

    # Of two that were there before one may be away for a moment.
    assert list(renamed.files) == ["a.yaml", "b.yaml", "b.yml"]
    assert renamed.missing == {"b.yml": 10.0}


def test_somebody_who_asks_for_a_reload_is_believed_that_a_file_is_gone() -> None:
    gone = merge_scan(snapshot(read("a")), seen(), at_s=10.0, believes_absence=True)

    assert gone == Snapshot()


@each_row(
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


def test_a_look_at_some_files_leaves_the_others_as_they_were() -> None:
    before = snapshot(read("a"), read("b"))

    after = merge_scan(before, Scan(found={"c": read("c"), "b": read("b", b"y")}, absent=frozenset({"x"})), at_s=1.0)

    assert compare(before, after) == Change(added=("c",), changed=("b",))
    assert list(after.files) == ["a", "b", "c"]
    assert after.files["a"] is before.files["a"]


def test_a_file_that_a_look_at_some_files_misses_is_gone_two_seconds_later() -> None:
    before = snapshot(read("a"), read("b"))
    missed = merge_scan(before, Scan(found={}, absent=frozenset({"a"})), at_s=10.0)
    other = merge_scan(missed, Scan(found={"c": read("c")}, absent=frozenset()), at_s=11.0)
    back = merge_scan(other, Scan(found={"a": read("a")}, absent=frozenset()), at_s=11.5)

    gone = merge_scan(other, Scan(found={}, absent=frozenset({"a"})), at_s=12.0)

    assert (missed.confirm_at_s, other.confirm_at_s, back.confirm_at_s) == (12.0, 12.0, None)
    assert list(gone.files) == ["b", "c"]
    assert gone.confirm_at_s is None


def test_a_scan_that_finds_everything_as_before_gives_the_very_same_snapshot() -> None:
    before = snapshot(read("a"), read("b"))

    assert merge_scan(before, Scan(found=dict(before.files)), at_s=5.0) is before
    assert compare(before, before) == Change()


def test_which_are_links_is_told_by_a_whole_scan_alone() -> None:
    linked = merge_scan(Snapshot(), Scan(found={"a": read("a")}, links=frozenset({"a"})), at_s=0.0)

    assert linked.links == {"a"}
    assert merge_scan(linked, Scan(found={}, absent=frozenset()), at_s=1.0).links
    assert not merge_scan(linked, Scan(found=dict(linked.files)), at_s=1.0).links


def test_the_names_of_a_change_are_those_of_all_its_files() -> None:
    assert Change(added=("a",), changed=("b",), gone=("c",)).names == ("a", "b", "c")
