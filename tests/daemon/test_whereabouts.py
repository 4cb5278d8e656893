from pathlib import Path

import pytest

from maild.config.load import load_site
from maild.daemon.whereabouts import likely_spools

FOLDER, HOME = Path("/etc/shop"), Path("/home/bob")
USUAL = Path("/home/bob/.local/state/maild/spool")


def likely(*texts: str) -> list[Path]:
    sites = [load_site("maild.yaml", text.encode()) for text in texts]
    return list(likely_spools(sites, FOLDER, {}, HOME))


def test_a_file_without_errors_says_it_and_the_usual_place_is_the_last_guess() -> None:
    assert likely("spool: {path: /srv/mail}") == [Path("/srv/mail"), USUAL]
    assert likely() == [USUAL]


@pytest.mark.parametrize(
    "text",
    [
        "spool: {path: ../mail}\nprobe: [\n",
        "spool: { path: '../mail' }\nprobe: [\n",
        "spool:\n  path: ../mail   # here\nprobe: [\n",
    ],
)
def test_what_a_broken_file_still_says_is_read_by_eye(text: str) -> None:
    assert likely(text) == [FOLDER / "../mail", USUAL]


def test_a_broken_file_that_says_nothing_of_it_is_no_guess() -> None:
    assert likely("probe: [\n") == [USUAL]


def test_where_it_was_last_is_likelier_than_the_usual_place() -> None:
    assert list(likely_spools([], FOLDER, {}, HOME, last=Path("/srv/mail"))) == [Path("/srv/mail"), USUAL]
