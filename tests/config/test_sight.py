from pathlib import Path

from maild.config.place import could_be_folder
from maild.config.sight import (
    is_file,
    is_folder,
    is_link,
    is_readable_folder,
    is_there,
    real_path,
)

TOO_LONG = "x" * 300
"""No file system has such a name, so looking at it fails for root as well."""


def test_what_cannot_be_looked_at_is_not_seen_and_could_be_a_folder(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to("loop")

    for path in (tmp_path / TOO_LONG, loop / "inner"):
        seen = (is_folder(path), is_file(path), is_there(path), is_link(path), is_readable_folder(path))
        assert not any(seen)
        assert could_be_folder(path)
        assert real_path(path) == path
    assert is_link(loop)


def test_what_is_missing_or_something_else_could_not(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    (tmp_path / "link").symlink_to(tmp_path)

    assert (is_folder(tmp_path), is_file(file), is_there(file), is_readable_folder(tmp_path)) == (True,) * 4
    assert not could_be_folder(file)
    assert not could_be_folder(file / "inner")
    assert not could_be_folder(tmp_path / "missing")
    assert could_be_folder(tmp_path / "link")
    assert real_path(tmp_path / "link" / "file") == file
