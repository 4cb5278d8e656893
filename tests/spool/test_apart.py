import fcntl
import os
from pathlib import Path

from maild.spool.apart import _GET_FLAGS, _TOP, _WORD, keep_apart
from maild.spool.layout import Layout, make_folders


def flags_of(folder: Path) -> int | None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        (flags,) = _WORD.unpack(fcntl.ioctl(descriptor, _GET_FLAGS, _WORD.pack(0)))
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return int(flags)


def test_the_folders_of_a_new_spool_are_kept_apart_where_the_file_system_can(tmp_path: Path) -> None:
    (tmp_path / "able").mkdir()
    keep_apart(tmp_path / "able")
    before, able = flags_of(tmp_path), flags_of(tmp_path / "able")
    is_able = able is not None and bool(able & _TOP)

    make_folders(Layout(tmp_path / "spool"))

    marked = flags_of(tmp_path / "spool")
    assert (marked is not None and bool(marked & _TOP)) == is_able
    assert before is None or able is None or able | before == before | (_TOP if is_able else 0)


def test_a_spool_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "receipts").mkdir()
    before = flags_of(tmp_path)

    make_folders(Layout(tmp_path))
    keep_apart(tmp_path / "missing")

    assert flags_of(tmp_path) == before
