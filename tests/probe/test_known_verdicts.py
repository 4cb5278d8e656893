"""What was known last survives silence, and a restart in the middle of it."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from maild.probe.known_verdicts import REFRESH, KnownVerdicts
from maild.probe.result import CheckResult, CheckVerdict, ProbeResult, Told
from maild.probe.verdict_memory import FORGET_AFTER_DAYS, VerdictMemory, verdict_file
from tests.fakes.clock import START
from tests.fakes.probe_subject import http_account

ACCOUNT = http_account("https://send.example/")
PASS, FAIL, SILENT = CheckVerdict.PASS, CheckVerdict.FAIL, CheckVerdict.INDETERMINATE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return verdict_file(tmp_path)


def result(at: datetime, **verdicts: CheckVerdict) -> ProbeResult:
    checks = tuple(CheckResult(check=name, verdict=verdict, summary="") for name, verdict in verdicts.items())
    return ProbeResult(account=ACCOUNT.name, started_at=at, seconds=1.0, checks=checks)


def told(known: KnownVerdicts, at: datetime, **verdicts: CheckVerdict) -> dict[str, Told | None]:
    completed = asyncio.run(known.complete(ACCOUNT, result(at, **verdicts)))
    return {check.check: check.told for check in completed.checks}


def test_silence_after_a_restart_keeps_what_was_told_and_its_age(file: Path) -> None:
    before, later = START + timedelta(minutes=1), START + timedelta(hours=5)
    run = KnownVerdicts(VerdictMemory(file))
    first = {"http": Told(verdict=PASS, at=START), "spf": Told(verdict=FAIL, at=START)}
    assert told(run, START, http=PASS, spf=FAIL) == first
    assert told(run, before, http=FAIL, spf=SILENT)["spf"] == Told(verdict=FAIL, at=START)

    restarted = KnownVerdicts(VerdictMemory(file))
    silent = {"http": Told(verdict=FAIL, at=before), "spf": Told(verdict=FAIL, at=START)}
    assert told(restarted, later, http=SILENT, spf=SILENT) == silent
    assert told(restarted, later, http=PASS, spf=SILENT) == silent | {"http": Told(verdict=PASS, at=later)}


def test_what_a_check_knows_of_an_earlier_look_is_left_alone(file: Path) -> None:
    look = Told(verdict=PASS, at=START - timedelta(minutes=50))
    early = CheckResult(check="spf", verdict=PASS, summary="", told=look)
    completed = asyncio.run(
        KnownVerdicts(VerdictMemory(file)).complete(ACCOUNT, replace(result(START), checks=(early,)))
    )
    assert completed.checks == (early,)


def test_another_account_of_that_name_knows_nothing_of_it(file: Path) -> None:
    run = KnownVerdicts(VerdictMemory(file))
    told(run, START, http=PASS)
    other = http_account("https://other.example/")
    for known in (run, KnownVerdicts(VerdictMemory(file))):
        completed = asyncio.run(known.complete(other, result(START, http=SILENT)))
        assert completed.checks[0].told is None


def test_the_disk_is_written_for_news_and_now_and_then(file: Path) -> None:
    run, memory = KnownVerdicts(VerdictMemory(file)), VerdictMemory(file)
    kept = []
    for pause, verdict in ((timedelta(0), PASS), (REFRESH / 2, PASS), (REFRESH, PASS), (REFRESH, FAIL)):
        told(run, START + pause, http=verdict)
        kept.append(memory.recall(ACCOUNT)["http"])
    run.forget([ACCOUNT.name])
    assert kept == [
        Told(verdict=PASS, at=START),
        Told(verdict=PASS, at=START),
        Told(verdict=PASS, at=START + REFRESH),
        Told(verdict=FAIL, at=START + REFRESH),
    ]


def test_accounts_that_nobody_probes_are_forgotten(file: Path) -> None:
    memory = VerdictMemory(file)
    memory.keep(ACCOUNT, {"http": Told(verdict=PASS, at=START)}, now=START)
    memory.keep(replace(ACCOUNT, name="other"), {}, now=START + timedelta(days=FORGET_AFTER_DAYS + 1))
    assert memory.recall(ACCOUNT) == {}


def test_a_damaged_file_and_rows_of_another_maild_are_as_good_as_none(file: Path) -> None:
    memory = VerdictMemory(file)
    one = {"http": Told(verdict=PASS, at=START)}
    memory.keep(ACCOUNT, one, now=START)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("""UPDATE told SET checks = '{"http": ["splendid", "today"]}'""")
    assert memory.recall(ACCOUNT) == {}

    file.write_bytes(b"no database at all, but longer than a header" * 20)
    assert memory.recall(ACCOUNT) == {}
    memory.keep(ACCOUNT, one, now=START)
    assert memory.recall(ACCOUNT) == one


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    assert told(KnownVerdicts(VerdictMemory(verdict_file(tmp_path))), START, http=SILENT) == {"http": None}
