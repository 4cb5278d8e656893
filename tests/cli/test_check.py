"""`maild check` as it is called: which files, which settings, which exit status."""

import contextlib
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.check import check
from maild.cli.explain import explain
from maild.errors import UsageError
from tests.rules.examine import GOOD

PORT_25 = GOOD.replace("smtp.gmail.com, port: 465", "mail.baker.org, port: 25")


def run(*arguments: str, cwd: Path, env: dict[str, str | None] | None = None, stdin: bytes | None = None) -> Result:
    runner = CliRunner(
        env={
            "CI": None,
            "GITHUB_ACTIONS": None,
            "MAILD_CONFIG": None,
            "SMTP_PASSWORD": "abcdefghijklmnop",
            **(env or {}),
        }
    )
    with contextlib.chdir(cwd):
        return runner.invoke(check, list(arguments), input=stdin, standalone_mode=False)


def write(root: Path, **files: str) -> Path:
    """A configuration folder; `a_yaml` is accounts/a.yaml, `maild` is maild.yaml."""
    (root / "configs" / "accounts").mkdir(parents=True)
    for name, text in files.items():
        path = "maild.yaml" if name == "maild" else f"accounts/{name.replace('_', '.')}"
        (root / "configs" / path).write_text(text, encoding="utf-8")
    return root


def lines(result: Result) -> list[str]:
    return result.output.splitlines()


def test_the_usual_folder_is_checked_and_a_clean_one_is_status_0(tmp_path: Path) -> None:
    result = run(cwd=write(tmp_path, a_yaml=GOOD, maild="version: 1\n"))

    assert result.output == "2 files checked, nothing to report\n"
    assert result.return_value == 0


def test_the_folder_that_the_environment_names_is_checked(tmp_path: Path) -> None:
    site = write(tmp_path / "site", a_yaml=PORT_25)

    result = run("--format", "concise", cwd=tmp_path, env={"MAILD_CONFIG": str(site / "configs")})

    assert lines(result)[0].startswith(f"{site}/configs/accounts/a.yaml:2:36: warning[ML301] ")


def test_an_error_is_status_1(tmp_path: Path) -> None:
    result = run("--format", "concise", cwd=write(tmp_path, a_yaml=GOOD.replace("465", "0")))

    assert lines(result) == [
        "configs/accounts/a.yaml:2:36: error[ML207] `smtp.port` must be from 1 to 65535, but this is 0."
    ]
    assert result.return_value == 1


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)], ids=str)
def test_the_caller_says_what_fails(fail_on: str, status: int, tmp_path: Path) -> None:
    assert run("--fail-on", fail_on, cwd=write(tmp_path, a_yaml=PORT_25)).return_value == status


def test_json_is_an_array_and_nothing_else(tmp_path: Path) -> None:
    result = run("--format", "json", cwd=write(tmp_path, a_yaml=PORT_25))

    (found,) = json.loads(result.output)
    assert (found["code"], found["file"], found["line"]) == ("ML301", "configs/accounts/a.yaml", 2)


def test_in_a_github_action_findings_are_written_beside_their_lines_unless_another_format_is_asked_for(
    tmp_path: Path,
) -> None:
    site = write(tmp_path, a_yaml=PORT_25)
    action: dict[str, str | None] = {"GITHUB_ACTIONS": "true"}

    assert run(cwd=site, env=action).output.startswith("::warning file=configs/accounts/a.yaml,line=2,")
    assert run("--format", "text", cwd=site, env=action).output.startswith("warning[ML301] ")


def test_the_sites_lint_settings_hold_for_its_accounts(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25, maild="lint: {severity: {ML301: error}}\n")

    assert run(cwd=site).return_value == 1
    assert run("configs/accounts/a.yaml", cwd=site).return_value == 1


def test_a_site_with_errors_has_the_usual_lint_settings(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25, maild="lint: {ignore: [ML301], severity: 3}\n")

    assert [line.split()[1] for line in lines(run("--format", "concise", cwd=site))] == [
        "warning[ML301]",
        "error[ML203]",
    ]
    assert "ML301" in run("configs/accounts/a.yaml", cwd=site).output


def test_a_site_names_accounts_that_exist_also_when_it_is_checked_alone(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD, maild="default_account: b\n")

    folder = run("--format", "concise", cwd=site)
    alone = run("--format", "concise", "configs/maild.yaml", cwd=site)

    assert folder.output == alone.output
    assert lines(folder)[0].startswith("configs/maild.yaml:1:18: error[ML216] There is no account `b`")


def test_several_paths_are_one_report_and_each_file_counts_once(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25, b_yaml=GOOD)

    result = run("configs/accounts/a.yaml", "configs", "configs/accounts/b.yaml", cwd=site)

    assert lines(result)[-1] == "2 files checked: 1 warning"


def test_standard_input_is_judged_as_the_file_that_it_is_called(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD, maild="lint: {severity: {ML301: error}}\n")

    name = "configs/accounts/new.yaml"
    account = run("-", "--stdin-filename", name, "--format", "concise", cwd=site, stdin=PORT_25.encode())
    daemon = run("-", "--stdin-filename", "configs/maild.yaml", cwd=site, stdin=b"default_account: b\n")
    nameless = run("-", "--format", "concise", cwd=site, stdin=PORT_25.encode())

    assert lines(account)[0].startswith("configs/accounts/new.yaml:2:36: error[ML301] ")
    assert "ML216" in daemon.output
    assert lines(nameless)[0].startswith("<stdin>:2:36: warning[ML301] ")


def test_standard_input_and_files_are_one_report(tmp_path: Path) -> None:
    result = run("-", "configs", cwd=write(tmp_path, a_yaml=GOOD), stdin=GOOD.encode())

    assert result.output == "2 files checked, nothing to report\n"


def test_a_name_for_standard_input_without_reading_it_is_wrong_usage(tmp_path: Path) -> None:
    result = run("--stdin-filename", "a.yaml", cwd=write(tmp_path, a_yaml=GOOD))

    assert isinstance(result.exception, UsageError)


def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    result = run("nowhere", cwd=tmp_path)

    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == "There is no file or folder nowhere."


def test_a_folder_without_configuration_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    result = run("empty", cwd=tmp_path)

    assert isinstance(result.exception, UsageError)
    assert str(result.exception).startswith("There are no configuration files in empty")


def test_a_file_that_cannot_be_read_is_a_finding_and_the_others_are_checked(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25)
    os.mkfifo(site / "configs/accounts/pipe.yaml")
    (site / "configs/accounts/gone.yaml").symlink_to("nowhere.yaml")

    result = run("--format", "concise", cwd=site)

    assert [line.split(" ", 2)[:2] for line in lines(result)] == [
        ["configs/accounts/a.yaml:2:36:", "warning[ML301]"],
        ["configs/accounts/gone.yaml:", "error[ML123]"],
        ["configs/accounts/pipe.yaml:", "error[ML123]"],
    ]


def test_of_two_files_for_one_account_the_second_is_a_finding(tmp_path: Path) -> None:
    result = run("--format", "concise", cwd=write(tmp_path, a_yaml=GOOD, a_yml=GOOD))

    assert [line.split(" ", 2)[:2] for line in lines(result)] == [["configs/accounts/a.yml:1:1:", "error[ML214]"]]


def test_a_password_that_cannot_be_had_is_an_error_unless_nobody_is_to_look(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD)
    unset: dict[str, str | None] = {"SMTP_PASSWORD": None}

    looked = run("--format", "concise", cwd=site, env=unset)

    assert lines(looked)[0].startswith("configs/accounts/a.yaml:4:17: error[ML504] The password cannot be had here")
    assert looked.return_value == 1
    assert run("--no-secrets", cwd=site, env=unset).return_value == 0
    assert run(cwd=site, env={**unset, "CI": "true"}).return_value == 0
    assert run(cwd=site, env={**unset, "CI": "false"}).return_value == 1


def test_no_file_in_the_list_is_a_site_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "alone.yaml").write_text(PORT_25)
    (tmp_path / "maild.yml").write_text("lint: {ignore: [ML301]}\n")

    assert run("alone.yaml", cwd=tmp_path).output == "1 file checked, nothing to report\n"


def test_what_a_provider_announced_is_an_error_from_the_day_on(tmp_path: Path) -> None:
    account = GOOD.replace("smtp.gmail.com, port: 465", "smtp.office365.com, port: 587")
    write(tmp_path, a_yaml=account)

    before = run("--format", "concise", "--as-of", "2026-12-30", cwd=tmp_path)
    after = run("--format", "concise", "--as-of", "2026-12-31", cwd=tmp_path)

    assert (before.return_value, after.return_value) == (0, 1)
    assert (
        "ML410] Microsoft 365 switches passwords for sending off by default on 2026-12-31, in 1 day." in before.output
    )
    assert "error[ML410]" in after.output


def said(result: Result, file: str) -> list[str]:
    """The findings of one file, a line each."""
    return [line for line in lines(result) if line.startswith(f"configs/{file}:")]


@pytest.mark.parametrize(
    "reference", ["{env: SMTP_PASSWORD}", "{credential: smtp}", "{command: [pass, show]}", "{file: ./../secret}"]
)
def test_a_file_that_is_named_alone_is_judged_by_what_stands_beside_it(reference: str, tmp_path: Path) -> None:
    account = GOOD.replace("{env: SMTP_PASSWORD}", reference)
    site = write(
        tmp_path,
        a_yaml=account,
        b_yaml=account.replace("billing@", "other@"),
        c_yaml=GOOD.replace("SMTP_PASSWORD", "OTHER") + "enabled: false\n",
        d_yaml="no: account\n",
        maild='default_account: c\nroutes: [{match: {from: "*@a.example"}, accounts: [a, c, b]}]\n',
    )
    (site / "configs" / "accounts" / "a.yml").write_text(account)
    (site / "configs" / "accounts" / "gone.yaml").symlink_to("nowhere.yaml")
    (site / "configs" / "accounts" / "e.yml").write_text(GOOD.replace("SMTP_PASSWORD", "THIRD"))
    whole = run("--format", "concise", "--no-secrets", cwd=site)
    told = "".join(whole.output)
    assert all(code in told for code in ("ML509", "ML604", "ML606", "ML214"))
    every = ("maild.yaml", "accounts/a.yaml", "accounts/a.yml", "accounts/b.yaml", "accounts/e.yml")
    for file in every if "env" in reference else ("accounts/b.yaml",):
        alone = run("--format", "concise", "--no-secrets", f"configs/{file}", cwd=site)
        assert lines(alone) == said(whole, file), file
        data = (site / "configs" / file).read_bytes()
        piped = run(
            *("--format", "concise", "--no-secrets", "-", "--stdin-filename", f"configs/{file}"), cwd=site, stdin=data
        )
        assert lines(piped) == lines(alone)


def test_a_hook_that_names_all_files_says_what_the_folder_says(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=GOOD, b_yaml=GOOD.replace("billing@", "b@"), maild="default_account: x\n")
    (site / "configs" / "accounts" / "b.yml").write_text(GOOD)
    files = ("configs/maild.yaml", *(f"configs/accounts/{name}" for name in ("b.yml", "b.yaml", "a.yaml")))
    named, folder = (run("--format", "concise", "--no-secrets", *paths, cwd=site) for paths in (files, ("configs",)))
    assert (sorted(lines(named)), named.return_value) == (sorted(lines(folder)), folder.return_value)


def test_an_account_that_lies_anywhere_is_judged_by_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD.replace("billing@", "b@"))
    assert run("--format", "concise", "b.yaml", cwd=tmp_path).output == ""


def test_code_scanners_are_told_what_maild_explain_tells(tmp_path: Path) -> None:
    site = write(tmp_path, a_yaml=PORT_25)
    log, issues = (json.loads(run("--format", form, cwd=site).output) for form in ("sarif", "gitlab"))

    rules = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {one["ruleId"] for one in log["runs"][0]["results"]} == set(rules) == {"ML301"}
    told = CliRunner().invoke(explain, ["ML301", "--format", "md"], standalone_mode=False).output.rstrip("\n")
    assert rules["ML301"]["help"]["markdown"] == issues[0]["content"]["body"] == told
