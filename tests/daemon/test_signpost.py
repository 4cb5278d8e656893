import stat
from pathlib import Path

import pytest

from maild.daemon.signpost import Signpost


def test_where_the_spool_is_remembered_by_configuration_folder(tmp_path: Path) -> None:
    usual = tmp_path / "state" / "maild" / "spool"
    shop, club = Signpost(usual, tmp_path / "shop"), Signpost(usual, tmp_path / "club")
    assert shop.read() is None

    shop.point_to(tmp_path / "mail")
    club.point_to(usual)
    assert (shop.read(), club.read()) == (tmp_path / "mail", None)
    assert stat.S_IMODE((usual.parent / "spools.json").stat().st_mode) == 0o600

    shop.point_to(usual)
    assert shop.read() is None
    assert [path.name for path in usual.parent.iterdir()] == ["spools.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"/shop": 1}', "[" * 100_000])
def test_what_is_no_signpost_tells_nothing_and_is_written_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "spools.json").write_text(text)
    signpost = Signpost(tmp_path / "spool", tmp_path / "shop")
    assert signpost.read() is None

    signpost.point_to(tmp_path / "mail")

    assert signpost.read() == tmp_path / "mail"


def test_a_place_that_cannot_be_written_is_nobodys_trouble(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    signpost = Signpost(tmp_path / "state" / "spool", tmp_path / "shop")

    signpost.point_to(tmp_path / "mail")

    assert signpost.read() is None
