import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from maild.probe.downgrade import Habit
from maild.probe.offer_memory import OfferMemory, Recalled, offer_file

HABIT = Habit(has_starttls=True, mechanisms=("PLAIN",), tls_version="TLSv1.3", keys=("aa",))


def kept(known: Habit | None) -> Habit:
    return known or HABIT


def test_what_a_server_offers_outlives_the_program_and_is_for_the_owner_alone(tmp_path: Path) -> None:
    path = offer_file(tmp_path)

    assert OfferMemory(path).recall("mail.example", 587) is None
    assert OfferMemory(path).change("Mail.example.", 587, kept) == Recalled(habit=None)
    assert OfferMemory(path).change("mail.example", 587, kept) == Recalled(habit=HABIT)
    assert OfferMemory(path).recall("mail.example", 587) == HABIT
    assert OfferMemory(path).recall("mail.example", 465) is None
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_server_can_be_forgotten(tmp_path: Path) -> None:
    memory = OfferMemory(offer_file(tmp_path))
    memory.change("mail.example", 587, kept)
    memory.forget("MAIL.example", 587)

    assert memory.recall("mail.example", 587) is None


@pytest.mark.parametrize("damage", [b"no database at all, but longer than a header" * 20, None])
def test_a_damaged_file_is_set_aside_and_begun_anew(tmp_path: Path, damage: bytes | None) -> None:
    path = offer_file(tmp_path)
    memory = OfferMemory(path)
    memory.change("mail.example", 587, kept)
    if damage is None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE habits SET habit = '{}'")
    else:
        path.write_bytes(damage)

    assert memory.recall("mail.example", 587) is None
    assert memory.change("mail.example", 587, kept).trouble.endswith("was damaged; it was set aside and begun anew.")
    assert memory.recall("mail.example", 587) == HABIT
    assert path.with_name("offers.sqlite3.damaged").exists()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state" / "offers.sqlite3"
    path.mkdir(parents=True)

    assert OfferMemory(path).recall("mail.example", 587) is None
    assert "cannot be used: " in OfferMemory(path).change("mail.example", 587, kept).trouble
