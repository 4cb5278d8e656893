"""`maild check --fix` and `--diff` as they are called."""

import os
from pathlib import Path

import pytest

from maild.cli.batches import Batch
from maild.cli.mend import MendedFile, diff_of, mend_batches, write_mended
from maild.errors import PermanentError, UsageError
from maild.rules.mend import Mended
from tests.cli.test_check import lines, run, write
from tests.rows import each_row
from tests.rules.examine import GOOD, NOW, load
from tests.rules.test_mask import FORMS, SECRET

BAD = GOOD.replace("465", '"465"').replace("username", "usrname")


def test_what_is_surely_meant_is_written_and_the_rest_is_reported(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=BAD + "colour: blue\n", b_yaml=GOOD)

    result = run("--fix", "--format", "concise", cwd=site)

    assert (site / "configs/accounts/a.yaml").read_text() == GOOD + "colour: blue\n"
    assert result.stderr == "Fixed 2 findings in 1 file.\n"
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["error[ML201]"]
    assert result.return_value == 1
    assert sorted(path.name for path in (site / "configs/accounts").iterdir()) == ["a.yaml", "b.yaml"]


def test_every_other_byte_stays(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml="")
    path = site / "configs/accounts/a.yaml"
    path.write_bytes(b"\xef\xbb\xbf# caf\xc3\xa9\r\n" + BAD.replace("\n", " # x\r\n").encode())

    run("--fix", cwd=site)

    assert path.read_bytes() == b"\xef\xbb\xbf# caf\xc3\xa9\r\n" + GOOD.replace("\n", " # x\r\n").encode()


def test_a_link_stays_a_link_and_a_mode_stays_as_it_was(tmp_path: Path) -> None:
    site = write(tmp_path)
    real = tmp_path / "real.yaml"
    real.write_text(BAD)
    real.chmod(0o640)
    (site / "configs/accounts/a.yaml").symlink_to(real)

    run("--fix", cwd=site)

    assert (site / "configs/accounts/a.yaml").is_symlink()
    assert real.read_text() == GOOD
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_clean_folder_is_not_touched(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD, maild="version: 1\n")
    file = site / "configs/accounts/a.yaml"

    def state() -> tuple[int, ...]:
        # Not when it was read last: that it is.
        stat = file.stat()
        return stat.st_ino, stat.st_mode, stat.st_mtime_ns, stat.st_ctime_ns

    before = state()

    result = run("--fix", cwd=site)

    assert state() == before
    assert result.stderr == ""
    assert result.stdout == "2 files checked, nothing to report\n"


def test_a_doubtful_fix_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD.replace("username:", "login:"), maild="lgo: {level: info}\n")

    assert run("--fix", cwd=site).return_value == 1
    assert run("--fix", "--unsafe-fixes", cwd=site).return_value == 0
    assert (site / "configs/accounts/a.yaml").read_text() == GOOD
    assert (site / "configs/maild.yaml").read_text() == "log: {level: info}\n"


def test_a_fix_that_would_do_harm_is_left_out_and_told(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD.replace("username: billing", "usrname: <billing"))

    result = run("--fix", cwd=site)

    assert result.stderr == ("Fixed 0 findings in 0 files. 1 fix left out, because an error would have come of it.\n")
    assert "can be fixed" not in result.stdout
    assert "can be fixed" not in run(cwd=site).stdout


def test_the_report_offers_only_the_fixes_that_are_made(tmp_path: Path) -> None:
    text = GOOD.replace("username: billing", "usrname: <billing").replace("465", "'465'")
    site = write(tmp_path, a_yaml=text, b_yaml=BAD)

    assert run(cwd=site).stdout.endswith("; 3 of them can be fixed: maild check --fix\n")


def test_of_a_large_file_no_fix_is_tried_only_to_count_it(tmp_path: Path) -> None:
    text = GOOD.replace("username: billing", "usrname: <billing") + "# filling\n" * 7_000
    site = write(tmp_path, a_yaml=text)

    assert run(cwd=site).stdout.endswith("; 1 of them can be fixed: maild check --fix\n")


def test_a_diff_shows_what_would_be_changed_and_changes_nothing(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=BAD, b_yaml=GOOD)

    result = run("--diff", cwd=site)

    assert lines(result) == [
        "--- a/configs/accounts/a.yaml",
        "+++ b/configs/accounts/a.yaml",
        "@@ -1,4 +1,4 @@",
        " protocol: smtp",
        '-smtp: {host: smtp.gmail.com, port: "465"}',
        "-usrname: billing@inn.example",
        "+smtp: {host: smtp.gmail.com, port: 465}",
        "+username: billing@inn.example",
        " password: {env: SMTP_PASSWORD}",
    ]
    assert result.return_value == 1
    assert (site / "configs/accounts/a.yaml").read_text() == BAD
    assert run("--diff", "configs/accounts/b.yaml", cwd=site).return_value == 0


@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
def test_a_diff_counts_the_lines_that_there_are(end: str, tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD)
    (site / "configs/accounts/a.yaml").write_bytes((GOOD + "name: On" + end).encode())

    last = lines(run("--diff", cwd=site))[2:]

    no_end = [] if end else ["\\ No newline at end of file"]
    assert last == [
        "@@ -2,4 +2,4 @@",
        *(f" {line}" for line in GOOD.splitlines()[1:]),
        *("-name: On", *no_end, '+name: "On"', *no_end),
    ]


def test_standard_input_comes_out_mended_and_the_report_goes_beside_it(tmp_path: Path) -> None:
    site = write(tmp_path)

    mended = run("-", "--fix", cwd=site, stdin=BAD.encode())
    clean = run("-", "--fix", cwd=site, stdin=GOOD.encode())

    assert (mended.stdout, clean.stdout) == (GOOD, GOOD)
    assert mended.stderr == "Fixed 2 findings in 1 file.\n1 file checked, nothing to report\n"
    assert clean.stderr == "1 file checked, nothing to report\n"


@pytest.mark.parametrize("text", [BAD, GOOD])
def test_the_byte_order_mark_of_standard_input_stays(tmp_path: Path, text: str) -> None:
    mended = run("-", "--fix", cwd=write(tmp_path), stdin=b"\xef\xbb\xbf" + text.encode())

    assert mended.stdout_bytes == b"\xef\xbb\xbf" + GOOD.encode()


def test_a_file_that_only_its_tabs_keep_from_being_yaml_is_mended(tmp_path: Path) -> None:
    tabbed = "smtp:\n\thost: smtp.gmail.com\n\tport: 465\n"
    site = write(tmp_path, a_yaml=GOOD.replace("smtp: {host: smtp.gmail.com, port: 465}\n", tabbed))

    assert run("--fix", cwd=site).return_value == 0
    assert tabbed.replace("\t", "  ") in (site / "configs/accounts/a.yaml").read_text()


def test_standard_input_that_is_no_yaml_comes_out_as_an_error(tmp_path: Path) -> None:
    result = run("-", "--fix", cwd=write(tmp_path), stdin=b"a: [")

    assert isinstance(result.exception, PermanentError)
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments", [("--fix", "--diff"), ("--unsafe-fixes",), ("--fix", "-", "configs")], ids=" ".join
)
def test_what_makes_no_sense_together_is_wrong_usage(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert isinstance(run(*arguments, cwd=write(tmp_path, a_yaml=GOOD)).exception, UsageError)


def test_a_file_that_was_edited_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# another text\n" + BAD)
    file = MendedFile(loaded=load(BAD, file=str(path)), mended=Mended(text=GOOD))

    assert not write_mended(file)
    assert path.read_text() == "# another text\n" + BAD


def test_a_folder_that_cannot_be_written_to_keeps_its_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(BAD)
    (tmp_path / f".a.yaml.{os.getpid()}.tmp").touch()
    file = MendedFile(loaded=load(BAD, file=str(path)), mended=Mended(text=GOOD))

    with pytest.raises(FileExistsError):
        write_mended(file)
    assert path.read_text() == BAD


@each_row("form", FORMS)
def test_no_diff_ever_holds_a_secret(form: str) -> None:
    text = "protocol: SMTP\nusrname: a@b.example\n" + form.format(secret=SECRET) + "\n"
    text += 'reply_too: a@b.example\nlimits: {per_minute: "30"}\n'
    batch = Batch(loaded=(load(text),))

    for with_unsafe in (False, True):
        for file in mend_batches([batch], now=NOW, with_unsafe=with_unsafe):
            assert SECRET not in diff_of(file)
