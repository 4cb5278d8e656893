import json
import stat
from pathlib import Path

import pytest

from maild.spool.drop.name import is_own_name
from maild.spool.drop.write import DropError, write_drop
from maild.spool.layout import Layout, make_folders
from maild.spool.sidecar import Sidecar
from tests.spool.messages import ANNA
from tests.spool.spool_site import MAIL


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    return layout


def test_a_drop_is_put_in_place_whole_and_nothing_else_stays(layout: Layout) -> None:
    name = write_drop(layout, MAIL)

    assert is_own_name(name)
    assert [path.name for path in layout.drop.iterdir()] == [name]
    assert (layout.drop / name).read_bytes() == MAIL
    assert stat.S_IMODE((layout.drop / name).stat().st_mode) == 0o640


def test_an_account_is_a_folder_and_an_envelope_a_file_beside_it(layout: Layout) -> None:
    name = write_drop(layout, MAIL, account="billing", envelope=Sidecar(recipients=(ANNA,)))

    folder = layout.drop / "billing"
    assert name.startswith("billing/maild-")
    assert sorted(path.suffix for path in folder.iterdir()) == [".eml", ".json"]
    (envelope,) = folder.glob("*.env.json")
    assert json.loads(envelope.read_text()) == {"version": 1, "recipients": ["anna@example.org"]}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o3730


def test_a_missing_spool_is_said(tmp_path: Path) -> None:
    with pytest.raises(DropError) as caught:
        write_drop(Layout(tmp_path / "none"), MAIL)

    assert str(caught.value) == f"there is no spool at {tmp_path / 'none'}: is maild running, and with this spool?"


def test_what_cannot_be_dropped_leaves_nothing(layout: Layout) -> None:
    (layout.drop / "billing").write_text("a file")

    with pytest.raises(DropError) as caught:
        write_drop(layout, MAIL, account="billing")

    assert str(caught.value) == f"the message cannot be put into {layout.drop / 'billing'}: File exists"
    assert [path.name for path in layout.drop.iterdir()] == ["billing"]
