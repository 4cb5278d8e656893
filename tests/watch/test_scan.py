import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.watch.scan import MOST_LINKS, FolderMissingError, FolderUnreadableError, scan_files, scan_folder
from maild.watch.snapshot import ReadFile, Snapshot, UnreadableFile, merge_scan

PAST_NS = 1_700_000_000_000_000_000


def later() -> datetime:
    """A moment from which every file just written looks old."""
    return datetime.fromtimestamp(Path().stat().st_ctime, UTC) + timedelta(days=36500)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "configs"
    (root / "accounts").mkdir(parents=True)
    (root / "maild.yaml").write_bytes(b"version: 1\n")
    (root / "accounts" / "billing.yaml").write_bytes(b"protocol: smtp\n")
    return root


def scan(root: Path, previous: Snapshot | None = None, now: datetime | None = None) -> Snapshot:
    before = previous or Snapshot()
    return merge_scan(before, scan_folder(root, before, now=now or later()), at_s=0.0)


def only(snapshot: Snapshot, name: str) -> ReadFile | UnreadableFile:
    (found,) = [file for key, file in snapshot.files.items() if key.endswith(name)]
    return found


def test_a_scan_reads_every_configuration_file(folder: Path) -> None:
    snapshot = scan(folder)

    assert [Path(name).name for name in snapshot.files] == ["billing.yaml", "maild.yaml"]
    billing = only(snapshot, "billing.yaml")
    assert isinstance(billing, ReadFile)
    assert billing.data == b"protocol: smtp\n"


def test_a_file_whose_stamp_is_as_before_is_not_read_again(folder: Path) -> None:
    before = scan(folder)
    path = folder / "accounts" / "billing.yaml"
    path.chmod(0)
    path.chmod(0o644)
    after_chmod = scan(folder, before)

    again = scan(folder, after_chmod)

    assert only(again, "billing.yaml") is only(after_chmod, "billing.yaml")
    assert only(after_chmod, "billing.yaml") is not only(before, "billing.yaml")


def test_a_file_that_was_just_written_is_read_again_whatever_its_stamp(folder: Path) -> None:
    now = datetime.fromtimestamp((folder / "maild.yaml").stat().st_ctime, UTC)
    before = scan(folder, now=now)

    again = scan(folder, before, now=now)

    assert only(again, "maild.yaml") is not only(before, "maild.yaml")
    assert again == before


def test_an_edit_that_keeps_size_and_modification_time_is_seen(folder: Path) -> None:
    path = folder / "accounts" / "billing.yaml"
    os.utime(path, ns=(PAST_NS, PAST_NS))
    before = scan(folder)

    path.write_bytes(b"protocol: http\n")
    os.utime(path, ns=(PAST_NS, PAST_NS))
    billing = only(scan(folder, before), "billing.yaml")

    assert isinstance(billing, ReadFile)
    assert billing.data == b"protocol: http\n"


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: path.symlink_to("nowhere"), "it is a symbolic link to nothing"),
        (os.mkfifo, "no regular file"),
        (lambda path: path.symlink_to("/dev/zero"), "no regular file"),
        (lambda path: path.symlink_to(path.name), "too many levels of symbolic links"),
    ],
)
def test_what_is_no_file_is_a_problem_and_neither_hangs_nor_raises(folder: Path, make: "object", problem: str) -> None:
    assert callable(make)
    make(folder / "accounts" / "odd.yaml")

    odd = only(scan(folder), "odd.yaml")

    assert isinstance(odd, UnreadableFile)
    assert problem in odd.problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_problem(folder: Path) -> None:
    (folder / "accounts" / "billing.yaml").chmod(0)

    billing = only(scan(folder), "billing.yaml")

    assert billing == UnreadableFile(source=billing.source, problem="permission denied")


def test_a_folder_that_is_not_there_says_nothing_about_its_files(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderUnreadableError, match="is not there"):
        scan(tmp_path / "nowhere")
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(FolderUnreadableError, match="is not there"):
        scan(tmp_path / "link")


def test_a_folder_of_accounts_that_cannot_be_looked_at_is_not_an_empty_one(folder: Path) -> None:
    shutil.rmtree(folder / "accounts")
    assert [Path(name).name for name in scan(folder).files] == ["maild.yaml"]
    for target, why in (("accounts", "Too many levels"), ("nowhere", "No such file"), ("x" * 255, "No such file")):
        (folder / "accounts").symlink_to(target)
        with pytest.raises(FolderUnreadableError, match=f"accounts cannot be read: {why}"):
            scan(folder)
        (folder / "accounts").unlink()
    with pytest.raises(FolderMissingError, match="is a file and no folder"):
        scan(folder / "maild.yaml")
    with pytest.raises(FolderUnreadableError, match="cannot be read: File name too long") as found:
        scan(folder / ("x" * 300))
    assert not isinstance(found.value, FolderMissingError)


def test_a_look_at_touched_files_reads_those_alone(folder: Path) -> None:
    before = scan(folder)
    billing, shop = folder / "accounts" / "billing.yaml", folder / "accounts" / "shop.yaml"
    billing.unlink()
    shop.write_bytes(b"protocol: http\n")
    leftovers = {billing.with_name("4913"), billing.with_name("billing.yaml~"), folder / ".maild.yaml.swp"}

    found = scan_files(folder, before, {billing, shop, *leftovers}, now=later())

    assert found is not None
    assert [Path(name).name for name in found.found] == ["shop.yaml"]
    assert found.absent == frozenset({str(billing)})
    assert scan_files(folder, before, {folder / "accounts" / "other.yaml"}, now=later()) is not None


@pytest.mark.parametrize(
    "touch",
    [
        lambda root: root / "maild.yaml",
        lambda root: root / "accounts",
        lambda root: link(root / "accounts" / "..data"),
        lambda root: link(root / "accounts" / "linked.yaml"),
    ],
)
def test_links_folders_and_the_daemons_own_file_are_reason_to_look_at_everything(
    folder: Path, touch: Callable[[Path], Path]
) -> None:
    before = scan(folder)

    assert scan_files(folder, before, {touch(folder)}, now=later()) is None


def test_beside_a_touched_file_the_links_are_looked_at_for_they_may_lead_there(folder: Path, tmp_path: Path) -> None:
    accounts = folder / "accounts"
    link(accounts / "linked.yaml")
    (accounts / "away.yaml").symlink_to(tmp_path / "away")
    (tmp_path / "away").write_bytes(b"protocol: smtp\n")
    before = scan(folder)
    assert before.links == {str(accounts / name) for name in ("linked.yaml", "away.yaml")}
    (accounts / "billing.yaml").write_bytes(b"protocol: http\n")
    (tmp_path / "away").unlink()

    found = scan_files(folder, before, {accounts / "billing.yaml"}, now=later())

    assert found is not None
    assert {Path(name).name: getattr(file, "data", None) for name, file in found.found.items()} == {
        "billing.yaml": b"protocol: http\n",
        "linked.yaml": b"protocol: http\n",
        "away.yaml": None,
    }
    many = replace(before, links=frozenset(str(number) for number in range(MOST_LINKS + 1)))
    assert scan_files(folder, many, {accounts / "billing.yaml"}, now=later()) is None


def link(path: Path) -> Path:
    path.symlink_to(path.parent / "billing.yaml")
    return path
