from pathlib import Path

import pytest

from maild.spool.maildir import deliver_to_maildir


def names(maildir: Path) -> list[str]:
    return sorted(path.relative_to(maildir).as_posix() for path in maildir.rglob("*") if path.is_file())


def test_a_message_appears_whole_in_a_new_maildir(tmp_path: Path) -> None:
    maildir = tmp_path / "reports"

    deliver_to_maildir(maildir, "1.a.host", b"Subject: x\n\nbody\n")

    assert names(maildir) == ["new/1.a.host"]
    assert (maildir / "new" / "1.a.host").read_bytes() == b"Subject: x\n\nbody\n"
    assert (maildir / "new" / "1.a.host").stat().st_mode & 0o777 == 0o600


def test_twice_is_once_also_after_a_crash(tmp_path: Path) -> None:
    deliver_to_maildir(tmp_path, "1", b"one\n")
    (tmp_path / "tmp" / "1").write_bytes(b"half")

    deliver_to_maildir(tmp_path, "1", b"one again\n")

    assert names(tmp_path) == ["new/1"]
    assert (tmp_path / "new" / "1").read_bytes() == b"one\n"


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OSError, match="file"):
        deliver_to_maildir(tmp_path / "file", "1", b"one\n")
