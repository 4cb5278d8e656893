import os
from pathlib import Path

import pytest

from maild.spool.drop.lease import is_closed_by_writers


def test_a_file_that_somebody_writes_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a"
    writer = path.open("wb")
    reader = os.open(path, os.O_RDONLY)

    is_closed = [is_closed_by_writers(reader)]
    writer.close()
    is_closed.append(is_closed_by_writers(reader))
    os.close(reader)

    assert is_closed == [False, True]


def test_a_reader_is_no_writer(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"")

    with path.open("rb"), path.open("rb") as file:
        assert is_closed_by_writers(file.fileno()) is True


def test_where_there_are_no_leases_nobody_can_say() -> None:
    reader, writer = os.pipe()
    try:
        assert is_closed_by_writers(reader) is None
    finally:
        os.close(reader)
        os.close(writer)


def test_a_closed_descriptor_is_an_error() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        is_closed_by_writers(999_999)
