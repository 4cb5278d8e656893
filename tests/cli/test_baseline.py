"""`maild check --baseline` and `--write-baseline` as they are called."""

from pathlib import Path

import pytest

from maild.errors import UsageError
from tests.cli.test_check import lines, run, write
from tests.rules import examine

GOOD = examine.GOOD.replace("smtp.gmail.com", "mail.baker.org")
PORT_25 = GOOD.replace("465", "25")
MANY = ("--fail-on", "info", "--format", "concise", "--baseline", "configs/base.json")


def test_findings_of_old_are_left_out_and_new_ones_are_not(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25, b_yaml=GOOD)

    made = run(*MANY, "--write-baseline", cwd=site)
    again = run(*MANY, cwd=site)
    (site / "configs/accounts/b.yaml").write_text(PORT_25)
    worse = run(*MANY, cwd=site)

    assert (made.stdout, made.return_value) == ("", 0)
    assert (again.output, again.return_value) == ("", 0)
    assert [line.split()[0] for line in lines(worse)] == ["configs/accounts/b.yaml:2:36:"]
    assert worse.return_value == 1


@pytest.mark.parametrize(
    ("accounts", "codes", "shown"),
    [
        ({"b_yaml": GOOD.replace("465", "0")}, ["ML207"], "1 finding is shown"),
        (
            {"b_yaml": GOOD.replace("465", "0"), "maild": "routes: [{match: {}, accounts: [a]}]\n"},
            ["ML207", "ML217"],
            "2 findings are shown",
        ),
    ],
)
def test_what_no_baseline_records_stays_visible_and_it_is_said_why(
    accounts: dict[str, str], codes: list[str], shown: str, tmp_path: Path
) -> None:
    site = write(tmp_path, a_yaml=PORT_25, **accounts)

    made = run("--no-secrets", *MANY, "--write-baseline", cwd=site)
    again = run("--no-secrets", *MANY, cwd=site)

    never = (
        f"{shown} that no baseline records: what keeps a file from being used, or depends on other files or on this "
        f"machine.\n"
    )
    assert (made.stderr, again.stderr) == (f"configs/base.json records 1 finding. {never}", never)
    found = [line.split("[")[1].split("]")[0] for line in again.stdout.splitlines() if "[" in line]
    assert sorted(found) == codes
    assert again.stdout == made.stdout


def test_a_baseline_only_gets_shorter(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25, b_yaml=PORT_25, c_yaml=PORT_25)
    run(*MANY, "--write-baseline", cwd=site)
    (site / "configs/accounts/a.yaml").write_text(GOOD)
    (site / "configs/accounts/b.yaml").unlink()
    (site / "configs/accounts/d.yaml").write_text(PORT_25)

    told = run(*MANY, cwd=site)
    written = run(*MANY, "--write-baseline", cwd=site)

    assert [line.split()[:2] for line in lines(told)] == [
        ["configs/accounts/d.yaml:2:36:", "warning[ML301]"],
        ["configs/base.json:", "info[ML905]"],
        ["configs/base.json:", "info[ML905]"],
    ]
    assert [line.split()[0] for line in written.stdout.splitlines()] == ["configs/accounts/d.yaml:2:36:"]
    assert written.stderr == "configs/base.json records 1 finding.\n"
    assert (site / "configs/base.json").read_text().count("ML301") == 1
    assert sorted(path.name for path in (site / "configs").iterdir()) == ["accounts", "base.json"]


def test_it_does_not_matter_from_where_it_is_called(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25)
    run(*MANY, "--write-baseline", cwd=site)
    before = (site / "configs/base.json").stat()

    inside = run(
        "--format", "concise", "--baseline", "base.json", "--write-baseline", "accounts/a.yaml", cwd=site / "configs"
    )

    assert inside.stdout == ""
    assert (site / "configs/base.json").stat() == before


def test_a_baseline_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = run(*MANY, cwd=write(tmp_path, a_yaml=GOOD))

    assert isinstance(result.exception, UsageError)
    assert str(result.exception).startswith("There is no baseline configs/base.json")


def test_writing_needs_a_place(tmp_path: Path) -> None:
    assert isinstance(run("--write-baseline", cwd=write(tmp_path, a_yaml=GOOD)).exception, UsageError)


@pytest.mark.parametrize("data", [b"\xff", b"{}", b"[1"])
def test_what_is_no_baseline_is_wrong_usage_and_stays_as_it_is(data: bytes, tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD)
    (site / "configs/base.json").write_bytes(data)

    result = run(*MANY, "--write-baseline", cwd=site)

    assert isinstance(result.exception, UsageError)
    assert "configs/base.json cannot be used as a baseline" in str(result.exception)
    assert (site / "configs/base.json").read_bytes() == data
