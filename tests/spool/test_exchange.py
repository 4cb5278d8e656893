from pathlib import Path

import pytest

from maild.spool.exchange import Exchanger


def exchanger() -> Exchanger:
    return Exchanger(0o640)


def without_the_call() -> Exchanger:
    """On a system that cannot exchange names."""
    made = exchanger()
    made._call = None
    return made


@pytest.mark.parametrize("made", [exchanger(), without_the_call()])
def test_a_file_has_the_newest_content_whatever_its_length(tmp_path: Path, made: Exchanger) -> None:
    for number in range(5):
        for name in ("a", "b"):
            data = f"{name} {number}".encode() * (7 - number)
            made.replace(str(tmp_path), name, data)
            assert (tmp_path / name).read_bytes() == data

    assert {path.name for path in tmp_path.iterdir()} <= {"a", "b", ".spare.tmp"}
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_the_replaced_file_is_the_next_spare(tmp_path: Path) -> None:
    made = exchanger()
    made.replace(str(tmp_path), "a", b"1")
    first = (tmp_path / "a").stat().st_ino
    made.replace(str(tmp_path), "a", b"2")
    made.replace(str(tmp_path), "a", b"3")

    assert ((tmp_path / "a").stat().st_ino, (tmp_path / "a").read_bytes()) == (first, b"3")


def test_who_reads_an_old_file_reads_it_to_its_end(tmp_path: Path) -> None:
    made = exchanger()
    made.replace(str(tmp_path), "a", b"old")
    with (tmp_path / "a").open("rb") as reading:
        for data in (b"new", b"newer", b"newest"):
            made.replace(str(tmp_path), "a", data)
            made.replace(str(tmp_path), "b", data)

        assert reading.read() == b"old"
    assert (tmp_path / "a").read_bytes() == b"newest"


def test_a_link_in_the_spares_place_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / ".spare.tmp").symlink_to(victim)

    with pytest.raises(OSError, match="symbolic link"):
        exchanger().replace(str(tmp_path), "a", b"1")
    assert victim.read_bytes() == b"precious"


def test_a_folder_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()

    with pytest.raises(OSError, match="directory"):
        exchanger().replace(str(tmp_path), "a", b"1")
    assert (tmp_path / "a").is_dir()


def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "a").symlink_to("victim")

    exchanger().replace(str(tmp_path), "a", b"1")
    assert not (tmp_path / "a").is_symlink()
    assert [(tmp_path / name).read_bytes() for name in ("a", "victim")] == [b"1", b"precious"]


def test_a_file_that_came_in_a_spares_place_after_one_was_given_away_is_not_written_to(tmp_path: Path) -> None:
    made = exchanger()
    made.replace(str(tmp_path), "a", b"1")
    spare = tmp_path / ".spare.tmp"
    spare.write_bytes(b"of somebody else")
    (tmp_path / "kept").hardlink_to(spare)

    made.replace(str(tmp_path), "b", b"2")

    contents = {name: (tmp_path / name).read_bytes() for name in ("a", "b", "kept")}
    assert contents == {"a": b"1", "b": b"2", "kept": b"of somebody else"}
