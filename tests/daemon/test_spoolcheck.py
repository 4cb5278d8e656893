"""What is said of a spool. That other file systems are noticed is shown by folders that are links to one."""

import shutil
from pathlib import Path

import pytest

from maild.daemon.spoolcheck import judge_own_spool, judge_spool
from maild.spool.layout import Layout, make_folders
from maild.watch.mounts import mount_type

MEMORY = Path("/dev/shm")


def made(root: Path) -> Layout:
    layout = Layout(root)
    make_folders(layout)
    return layout


def codes(layout: Layout) -> list[str]:
    # The folder of the tests itself may lie in memory.
    return [flaw.code for flaw in judge_spool(layout) if flaw.code != "ML616"]


def test_a_spool_as_maild_makes_it_is_fine(tmp_path: Path) -> None:
    assert codes(made(tmp_path / "spool")) == []


def test_a_spool_that_is_not_there_is_named_and_no_matter_to_a_command(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "gone")

    (flaw,) = judge_spool(layout)

    assert flaw.code == "ML614"
    assert flaw.message == f"The spool folder {tmp_path / 'gone'} cannot be used: no such file or directory."
    assert judge_own_spool(layout) == ()


def test_a_folder_that_is_missing_in_it_is_named(tmp_path: Path) -> None:
    layout = made(tmp_path / "spool")
    layout.bodies.rmdir()
    assert judge_own_spool(layout) == ()
    layout.queue_file.write_bytes(b"")

    (flaw,) = judge_own_spool(layout)

    assert (flaw.code, str(layout.bodies) in flaw.message) == ("ML614", True)


def test_mail_that_others_can_read_is_an_error_unless_they_cannot_come_in(tmp_path: Path) -> None:
    layout = made(tmp_path / "spool")
    layout.bodies.chmod(0o755)
    layout.queue_file.write_bytes(b"")
    layout.queue_file.chmod(0o644)

    behind_a_closed_door = codes(layout)
    layout.root.chmod(0o755)
    (flaw,) = [one for one in judge_spool(layout) if one.code != "ML616"]

    assert behind_a_closed_door == []
    assert flaw.code == "ML617"
    assert flaw.message == f"Every user of this machine can read mail in {layout.bodies}, {layout.queue_file}."


@pytest.mark.skipif(mount_type(MEMORY) != "tmpfs", reason="there is no file system in memory here")
def test_a_spool_in_memory_is_a_warning_and_one_on_two_file_systems_an_error(tmp_path: Path) -> None:
    root = MEMORY / f"maild-{tmp_path.name}"
    try:
        (flaw,) = judge_spool(made(root))
        assert flaw.code == "ML616"
        assert flaw.message == f"The spool {root} lies in memory (tmpfs): all mail in it is gone after a restart."

        home = made(tmp_path / "spool")
        if home.root.stat().st_dev != root.stat().st_dev:
            home.rejected.rmdir()
            home.rejected.symlink_to(root / "rejected")
            assert codes(home) == ["ML618"]
    finally:
        shutil.rmtree(root, ignore_errors=True)
