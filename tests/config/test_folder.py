import os
from pathlib import Path

import pytest

from maild.config.document import MAX_BYTES
from maild.config.folder import FileKind, SourceError, SourceFile, find_files, read_source


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version: 1\n")


def names_of(files: tuple[SourceFile, ...]) -> list[tuple[str, FileKind]]:
    return [(file.file, file.kind) for file in files]


def test_a_configuration_is_the_daemons_file_and_its_accounts(tmp_path: Path) -> None:
    make(
        tmp_path,
        "maild.yaml",
        "other.yaml",
        "accounts/b.yml",
        "accounts/a.yaml",
        "accounts/deeper/c.yaml",
        "examples/d.yaml",
    )

    assert names_of(find_files(tmp_path)) == [
        (f"{tmp_path}/maild.yaml", FileKind.SITE),
        (f"{tmp_path}/accounts/a.yaml", FileKind.ACCOUNT),
        (f"{tmp_path}/accounts/b.yml", FileKind.ACCOUNT),
    ]


def test_names_are_shown_as_the_folder_was_named(tmp_path: Path) -> None:
    make(tmp_path, "accounts/a.yaml")
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert names_of(find_files(Path())) == [("accounts/a.yaml", FileKind.ACCOUNT)]
    finally:
        os.chdir(here)


def test_what_editors_leave_behind_is_no_part_of_it(tmp_path: Path) -> None:
    leftovers = [".a.yaml.swp", ".a.yaml", "a.yaml~", "#a.yaml#", ".#a.yaml", "a.yaml.bak", "4913", "a.json", "#b.yaml"]
    make(tmp_path / "accounts", "a.yaml", *leftovers)

    assert names_of(find_files(tmp_path)) == [(f"{tmp_path}/accounts/a.yaml", FileKind.ACCOUNT)]


def test_a_folder_without_either_is_a_folder_of_accounts(tmp_path: Path) -> None:
    make(tmp_path, "a.yaml")

    assert names_of(find_files(tmp_path)) == [(f"{tmp_path}/a.yaml", FileKind.ACCOUNT)]


def test_a_folder_with_only_the_daemons_file_has_no_accounts(tmp_path: Path) -> None:
    make(tmp_path, "maild.yml", "a.yaml")

    assert names_of(find_files(tmp_path)) == [(f"{tmp_path}/maild.yml", FileKind.SITE)]


def test_a_single_file_is_an_account_unless_it_has_the_daemons_name(tmp_path: Path) -> None:
    make(tmp_path, "maild.yaml", "anything.txt")

    assert names_of(find_files(tmp_path / "maild.yaml")) == [(f"{tmp_path}/maild.yaml", FileKind.SITE)]
    assert names_of(find_files(tmp_path / "anything.txt")) == [(f"{tmp_path}/anything.txt", FileKind.ACCOUNT)]


def test_a_link_to_nothing_is_listed_and_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "gone")

    (file,) = find_files(tmp_path)

    with pytest.raises(FileNotFoundError):
        read_source(file.path)


def test_what_does_not_exist_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        find_files(tmp_path / "gone")


def test_a_file_is_read_through_a_link(tmp_path: Path) -> None:
    make(tmp_path, "real")
    (tmp_path / "a.yaml").symlink_to(tmp_path / "real")

    assert read_source(tmp_path / "a.yaml") == b"version: 1\n"


def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")

    with pytest.raises(SourceError, match=r"a\.yaml is no regular file"):
        read_source(tmp_path / "a.yaml")


def test_a_device_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (Path("/dev/zero"), tmp_path):
        with pytest.raises(SourceError):
            read_source(path)


def test_no_more_is_read_than_shows_that_it_is_too_much(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * (3 * MAX_BYTES))

    assert len(read_source(path)) == MAX_BYTES + 1
