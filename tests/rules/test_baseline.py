import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.diagnostics import Diagnostic, Report, Severity
from maild.rules.baseline import (
    Baseline,
    BaselineError,
    Entry,
    compare,
    never_recorded,
    put_right,
    read_baseline,
    record,
)
from tests.rows import each_row
from tests.rules.examine import GOOD, codes, examine

PORT_25 = GOOD.replace("smtp.gmail.com, port: 465", "mail.baker.org, port: 25")
TWO = GOOD.replace("465", "25, tls: {verify: false}").replace("smtp.gmail.com", "mail.firm.example")


def same(file: str) -> str:
    return file


def test_what_is_recorded_is_not_new_wherever_it_stands() -> None:
    baseline = record(examine(TWO), same)

    compared = compare(examine("# note\n\n" + TWO.replace("{host", "{  host")), baseline, name_of=same)

    assert (codes(examine(TWO)), never_recorded(examine(TWO))) == (["ML301", "ML305"], 0)
    assert compared.new.diagnostics == ()
    assert compared.new.files_checked == 1
    assert (compared.stays, compared.put_right) == (baseline, ())


def test_what_is_not_recorded_is_new() -> None:
    compared = compare(examine(TWO), record(examine(PORT_25), same), name_of=same)

    assert codes(compared.new) == ["ML305"]


def test_what_was_put_right_leaves_and_is_told() -> None:
    baseline = record(examine(TWO), same)

    compared = compare(examine(TWO.replace("verify: false", "verify: true")), baseline, name_of=same)

    assert [entry.code for entry in compared.put_right] == ["ML305"]
    assert {entry.code for entry in compared.stays.entries} == {"ML301"}
    told = put_right(compared.put_right[0], "base.json")
    assert (told.code, told.severity) == ("ML905", Severity.INFO)
    assert told.message == "ML305 of account.yaml was put right, so the baseline needs no entry for it."


def test_of_a_file_that_was_not_looked_at_nothing_is_put_right_unless_it_is_gone() -> None:
    baseline = record(examine(PORT_25), lambda file: f"other/{file}")

    kept = compare(examine(GOOD), baseline, name_of=same)
    gone = compare(examine(GOOD), baseline, name_of=same, gone=frozenset({"other/account.yaml"}))

    assert (kept.stays, kept.put_right) == (baseline, ())
    assert (gone.stays.entries, len(gone.put_right)) == (frozenset(), 1)


def test_what_keeps_a_file_from_being_used_is_never_recorded() -> None:
    report = examine(GOOD.replace("465", "0").replace("SMTP_PASSWORD", "NOT_SET"))

    assert codes(report) == ["ML207", "ML504"]
    assert (record(report, same), never_recorded(report)) == (Baseline(), 2)
    assert codes(compare(report, record(report, same), name_of=same).new) == ["ML207", "ML504"]


def test_a_finding_about_no_file_is_not_recorded() -> None:
    finding = Diagnostic(code="ML301", name="port-25-submission", severity=Severity.WARNING, message="x")

    assert record(Report.of([finding]), same) == Baseline()


def test_the_file_has_one_entry_a_line() -> None:
    lines = record(examine(TWO), same).to_json().splitlines()

    assert len(lines) == 7
    assert lines[3].startswith('    {"code": "ML301", "file": "account.yaml", "fingerprint": "')
    assert Baseline().to_json() == '{\n  "version": 1,\n  "findings": []\n}\n'


ENTRIES = st.builds(Entry, file=st.text(), code=st.text(), fingerprint=st.text())


@settings(deadline=None)
@given(st.frozensets(ENTRIES, max_size=5))
def test_what_is_written_is_read_again(entries: frozenset[Entry]) -> None:
    baseline = Baseline(entries=entries)

    assert read_baseline(baseline.to_json()) == baseline
    assert baseline.files == {entry.file for entry in entries}


@each_row(
    ("text", "problem"),
    [
        ("", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it is no baseline of maild"),
        ('{"version": 1}', "it is no baseline of maild"),
        ('{"version": 2, "findings": []}', "its version is 2, and this maild knows version 1"),
        ('{"version": 1, "findings": [{"code": 1}]}', "an entry has not code, file and fingerprint"),
    ],
)
def test_what_is_no_baseline_is_told_so(text: str, problem: str) -> None:
    with pytest.raises(BaselineError, match=problem):
        read_baseline(text)


def test_a_baseline_holds_no_value_of_a_file() -> None:
    report = examine(TWO.replace("mail.firm.example", "mail.hidden.example"))

    shown = record(report, same).to_json()

    assert "hidden" not in shown
    assert set(json.loads(shown)["findings"][0]) == {"code", "file", "fingerprint"}
