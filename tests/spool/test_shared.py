import asyncio
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from maild.config.shared_queue import SharedQueue
from maild.errors import ConfigError
from maild.secret import EnvRef
from maild.spool.host_identity import identity_of, settled_identity
from maild.spool.layout import Layout, make_folders
from maild.spool.shared import SharedPlace, import_shared


def test_without_psycopg_it_is_said_what_to_install() -> None:
    def missing(name: str) -> Callable[[str], ModuleType]:
        def import_module(_: str) -> ModuleType:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

        return import_module

    for name in ("psycopg", "psycopg_pool", "psycopg.conninfo"):
        with pytest.raises(ConfigError, match=r"pip install 'psycopg\[binary\]>=3.2' 'psycopg-pool>=3.3'$"):
            import_shared(missing(name))
    with pytest.raises(ModuleNotFoundError):
        import_shared(missing("maild.spool.elsewhere"))


def test_psycopg_without_its_library_counts_as_missing() -> None:
    def broken(_: str) -> ModuleType:
        raise ImportError("no pq wrapper available")

    with pytest.raises(ConfigError, match="needs psycopg"):
        import_shared(broken)


def test_a_host_is_called_the_same_for_ever(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    assert identity_of(layout) == ""

    first = settled_identity(layout)

    assert len(first) == 24
    assert settled_identity(layout) == identity_of(layout) == first
    assert (layout.root / "host").stat().st_mode & 0o777 == 0o640
    with pytest.raises(ConfigError, match="host cannot be written"):
        settled_identity(Layout(tmp_path / "nowhere"))


def test_the_password_is_followed_each_time_it_is_asked_for(tmp_path: Path) -> None:
    environ = {"QUEUE": "one"}
    place = SharedPlace(
        queue=SharedQueue(uri="postgresql://db.example/maild", password=EnvRef(name="QUEUE")),
        layout=Layout(tmp_path),
        folder=tmp_path,
        environ=environ,
    )

    async def scenario() -> list[str]:
        found = [await place.address().password()]
        environ["QUEUE"] = "two"
        found.append(await place.address().password())
        return ["" if one is None else one.reveal() for one in found]

    assert asyncio.run(scenario()) == ["one", "two"]
    assert "one" not in repr(place)
    assert place.bodies == tmp_path / "bodies" / "shared"
