from pathlib import Path

import maild.diagnostics.render
from maild.diagnostics.render import EXPLAINED, RENDERERS


def test_the_list_and_the_folder_agree() -> None:
    folder = Path(maild.diagnostics.render.__file__).parent
    parts = {"__init__", "catalogue", "style", "display", "snippet", "explanation"}

    assert {path.stem for path in folder.glob("*.py")} - parts == set(RENDERERS)
    assert set(RENDERERS) > EXPLAINED
