import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from maild.errors import ConfigError
from maild.spool.layout import Layout, SpoolLockedError, make_folders, prepare


def test_the_folders_have_the_modes_that_keep_mail_private(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "new" / "spool")

    with prepare(layout):
        modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in layout.root.iterdir()}

    assert modes == {
        "drop": "0o3730",
        "receipts": "0o2750",
        "bodies": "0o700",
        "failed": "0o700",
        "rejected": "0o700",
        "lock": "0o600",
    }


def test_an_administrators_modes_are_left_alone(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.drop.mkdir()
    layout.drop.chmod(0o1777)

    make_folders(layout)

    assert stat.S_IMODE(layout.drop.stat().st_mode) == 0o1777


def test_a_folder_where_everybody_could_swap_mail_is_refused(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.drop.mkdir()
    layout.drop.chmod(0o777)

    with pytest.raises(ConfigError) as caught:
        make_folders(layout)

    assert str(caught.value).startswith(f"everybody may write to {layout.drop} and it has no sticky bit")


def test_a_file_in_a_folders_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "drop").write_text("")

    with pytest.raises(ConfigError) as caught:
        prepare(Layout(tmp_path))

    assert str(caught.value) == f"the spool folder {tmp_path / 'drop'} cannot be made or entered: File exists"


def test_a_link_in_the_locks_place_is_refused(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.lock.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ConfigError, match="lock"):
        prepare(layout)


def test_a_second_daemon_is_told_who_has_the_spool(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    lock = prepare(layout)

    with pytest.raises(SpoolLockedError) as caught:
        prepare(layout)
    lock.release()
    lock.release()
    prepare(layout).release()

    assert caught.value.pid == os.getpid()
    assert str(caught.value) == (
        f"another maild (process {os.getpid()}) is running on the spool {tmp_path}: "
        "stop it first, or give this one a spool of its own"
    )


def test_an_unreadable_pid_is_no_trouble(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with prepare(layout):
        layout.lock.write_text("?")

        with pytest.raises(SpoolLockedError, match="another maild is running"):
            prepare(layout)


def test_a_killed_daemon_leaves_no_lock(tmp_path: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from maild.spool.layout import Layout, prepare
lock = prepare(Layout(Path({str(tmp_path)!r})))
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False)

    with prepare(Layout(tmp_path)):
        assert done.returncode == -9
