"""`maild diff` as a user calls it, on folders and on a repository of its own."""

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.diff import diff
from maild.config.document import MAX_BYTES
from maild.errors import PermanentError, UsageError
from maild.mail.address import Mailbox
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import AccountSender, Arrival, InlineBody
from maild.spool.queue_id import make_queue_id
from maild.spool.sqlite import SqliteQueue
from tests.cli.test_change_text import SCHEMA
from tests.fakes.clock import START

BILLING = "protocol: smtp\nsmtp: {host: mail.shop.example, port: 465}\nusername: billing@shop.example\n"
BILLING += "password: {env: BILLING}\n"
WEAK = BILLING.replace("port: 465", "port: 465, tls: {verify: false}")
SITE = "default_account: billing\nspool: {path: ../spool}\n"
WEAKER = "billing: protection is WEAKER: smtp.tls.verify true -> false.\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(diff, arguments, standalone_mode=False, catch_exceptions=True)


def write(folder: Path, site: str = SITE, **accounts: str) -> Path:
    (folder / "accounts").mkdir(parents=True, exist_ok=True)
    (folder / "maild.yaml").write_text(site)
    for name, text in accounts.items():
        (folder / "accounts" / f"{name}.yaml").write_text(text)
    return folder


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@shop.example", "-c", "commit.gpgsign=false")
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=quiet)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Path]:
    """A work tree whose last commit has verification on and whose files have it off."""
    top = tmp_path / "it's a tree"
    write(top / "configs", billing=BILLING)
    git(tmp_path, "init", "-q", str(top))
    git(top, "add", ".")
    git(top, "commit", "-qm", "one")
    (top / "configs" / "accounts" / "billing.yaml").write_text(WEAK)
    with contextlib.chdir(top):
        yield top


def test_the_same_twice_is_status_0_and_a_sentence(tmp_path: Path) -> None:
    folder = str(write(tmp_path / "configs", billing=BILLING))
    result = run(folder, folder)
    assert (result.return_value, result.output) == (0, "Nothing changes for sending.\n")


def test_comments_and_order_change_nothing(tmp_path: Path) -> None:
    old = write(tmp_path / "old", billing=BILLING)
    new = write(tmp_path / "new", billing="# another\n" + "\n".join(reversed(BILLING.splitlines())) + "\n")
    assert run(str(old), str(new)).return_value == 0


def test_two_files_are_two_versions_of_one_account(tmp_path: Path) -> None:
    old, new = tmp_path / "before.yaml", tmp_path / "billing.yaml"
    old.write_text(BILLING)
    new.write_text(WEAK)
    result = run(str(old), str(new))
    assert (result.return_value, result.output) == (1, WEAKER)


def test_a_file_with_errors_is_compared_by_saying_so(tmp_path: Path) -> None:
    old, new = tmp_path / "before.yaml", tmp_path / "billing.yaml"
    old.write_text("nonsense: 1\n")
    new.write_text(BILLING)
    assert "the file had errors" in run(str(old), str(new)).output
    assert "the file has errors now" in run(str(new), str(old)).output


def test_a_revision_is_the_folder_of_the_other_side_as_it_was(repository: Path) -> None:
    result = run("HEAD", ".")
    assert (result.return_value, result.output) == (1, WEAKER)
    assert run("HEAD", "configs").output == WEAKER
    assert run(".", "HEAD").output == WEAKER.replace("WEAKER", "stronger").replace("true -> false", "false -> true")


def test_two_revisions_are_compared_without_looking_at_the_disk(repository: Path) -> None:
    git(repository, "commit", "-qam", "two")
    (repository / "configs" / "accounts" / "billing.yaml").unlink()
    assert run("HEAD~1", "HEAD").output == WEAKER


def test_one_file_of_a_revision_is_named_behind_a_colon(repository: Path) -> None:
    file = "configs/accounts/billing.yaml"
    assert run(f"HEAD:{file}", file).output == WEAKER
    with contextlib.chdir(repository / "configs" / "accounts"):
        assert run("HEAD:./billing.yaml", "billing.yaml").output == WEAKER
    assert run("HEAD:configs", "HEAD:configs").return_value == 0


def test_an_account_at_the_top_of_a_tree_keeps_its_name(repository: Path) -> None:
    (repository / "billing.yaml").write_text(BILLING)
    git(repository, "add", "billing.yaml")
    git(repository, "commit", "-qm", "two")
    (repository / "billing.yaml").write_text(WEAK)
    assert run("HEAD:billing.yaml", "billing.yaml").output == WEAKER


@pytest.mark.parametrize(
    "name",
    ["--output=x", "no such", "HEAD; rm -rf .", "$(id)", "HEAD:nowhere", "-", "HEAD:../..", ":", "@{-1}", "a\nb"],
)
def test_a_name_that_means_nothing_is_wrong_usage_and_no_option_of_git(repository: Path, name: str) -> None:
    before = sorted(repository.rglob("*"))
    assert isinstance(run("--", name, ".").exception, UsageError)
    assert sorted(repository.rglob("*")) == before


def test_a_link_and_a_file_that_is_too_large_are_errors_of_a_revision(repository: Path) -> None:
    accounts = repository / "configs" / "accounts"
    (accounts / "link.yaml").symlink_to("billing.yaml")
    (accounts / "large.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "two")
    output = run("HEAD~1", "HEAD").output
    assert "large: a new account whose file has errors" in output
    assert "HEAD:configs/accounts/link.yaml" in output
    assert "no regular file" in output


def test_outside_of_a_repository_there_are_no_revisions(tmp_path: Path) -> None:
    folder = write(tmp_path / "configs", billing=BILLING)
    assert "in no git repository" in str(run("HEAD", str(folder)).exception)


def test_new_errors_are_shown_where_they_stand_and_old_ones_are_not(tmp_path: Path) -> None:
    old = write(tmp_path / "old", billing=BILLING, odd="nonsense: 1\n")
    new = write(tmp_path / "new", billing=BILLING.replace("port: 465", "port: 0"), odd="nonsense: 1\n")
    result = run(str(old), str(new))
    assert result.return_value == 1
    assert "billing: the file has errors now" in result.output
    assert "accounts/billing.yaml:2:39" in result.output
    assert "odd.yaml" not in result.output


def test_the_object_for_programs_is_held_to_its_schema(tmp_path: Path) -> None:
    old = write(tmp_path / "old", billing=BILLING)
    new = write(tmp_path / "new", billing=WEAK.replace("465", "0"), other=WEAK)
    found = json.loads(run("--json", str(old), str(new)).output)
    SCHEMA.validate(found)
    assert [change["kind"] for change in found["changes"]] == ["account_broken", "account_added"]
    assert found["errors"]


def test_no_secret_is_shown_even_where_one_was_put(tmp_path: Path) -> None:
    key = "SG." + "canaryCANARYcanaryCANAR" + "." + "q" * 43
    old = write(tmp_path / "old", billing=BILLING)
    new = write(tmp_path / "new", billing=BILLING.replace("billing@shop.example", f"billing@shop.example # {key}"))
    (new / "accounts" / "other.yaml").write_text(BILLING.replace("{env: BILLING}", "canary-canary"))
    (new / "accounts" / "third.yaml").write_text(f"{BILLING}name: {key}\n")
    for arguments in ((), ("--json",)):
        assert "canary" not in run(*arguments, str(old), str(new)).output.lower()


def arrival(number: int, account: str | None) -> Arrival:
    return Arrival(
        id=make_queue_id(START + timedelta(seconds=number), bytes(10)),
        sender=AccountSender(),
        recipients=(Mailbox("ann", "customer.example"),),
        head=b"Subject: hello\r\nFrom: a@shop.example\r\nX-Class: bulk\r\n" if number else b"no header at all\r\n",
        body=InlineBody(data=b"yes\r\n"),
        message_id=f"<{number}@shop.example>",
        received_at=START + timedelta(seconds=number),
        expires_at=START + timedelta(days=3650),
        account=account,
        drop=f"{number}.eml",
    )


def fill(root: Path, *arrivals: Arrival) -> None:
    layout = Layout(root)
    make_folders(layout)

    async def work() -> None:
        storage = SqliteQueue(layout.queue_file, layout.bodies)
        await storage.accept(arrivals)
        await storage.close()

    asyncio.run(work())


def test_messages_that_would_be_stranded_are_counted(tmp_path: Path) -> None:
    old = write(tmp_path / "old", billing=BILLING, bulk=BILLING)
    new = write(tmp_path / "new", billing=WEAK)
    fill(tmp_path / "spool", arrival(1, "bulk"), arrival(2, "bulk"), arrival(3, None))
    result = run(str(old), str(new))
    assert result.output.splitlines()[-2:] == [
        "1 queued message would go by billing with its new settings.",
        "2 queued messages would be STRANDED: the way was by bulk, and no account would send them now.",
    ]
    assert run("--spool", str(tmp_path / "spool"), str(old), str(new)).output == result.output


def test_routes_see_the_headers_of_what_waits(tmp_path: Path) -> None:
    routes = SITE + "routes: [{match: {header: {X-Class: bulk}}, accounts: [bulk]}]\n"
    old = write(tmp_path / "old", billing=BILLING, bulk=WEAK)
    new = write(tmp_path / "new", site=routes, billing=BILLING, bulk=WEAK)
    fill(tmp_path / "spool", arrival(0, None), arrival(1, None))
    lines = run(str(old), str(new)).output.splitlines()
    assert lines[-1] == "1 queued message would go by bulk instead of billing."


def test_a_spool_that_was_named_must_have_a_queue(tmp_path: Path) -> None:
    folder = str(write(tmp_path / "configs", billing=BILLING))
    assert isinstance(run("--spool", str(tmp_path), folder, folder).exception, PermanentError)


def test_of_mail_that_is_shared_out_each_waiting_message_is_followed_by_itself(tmp_path: Path) -> None:
    shares = SITE + "routes: [{match: {}, accounts: [{account: billing, weight: 1}, bulk]}]\n"
    old = write(tmp_path / "old", site=shares, billing=BILLING, bulk=BILLING)
    new = write(tmp_path / "new", site=shares.replace("weight: 1", "weight: 0"), billing=BILLING, bulk=BILLING)
    fill(tmp_path / "spool", *(arrival(number, None) for number in range(1, 21)))
    first, second = run(str(old), str(new)).output.splitlines()
    assert first == "Mail that no route names is shared out anew: 50 % by billing and 50 % by bulk -> all by bulk."
    assert second == "11 queued messages would go by bulk instead of billing."


def test_messages_in_a_spool_folder_that_is_given_up_are_left_behind(tmp_path: Path) -> None:
    moved = SITE.replace("../spool", "../elsewhere")
    old = write(tmp_path / "old", billing=BILLING)
    new = write(tmp_path / "new", site=moved, billing=BILLING)
    fill(tmp_path / "spool", arrival(1, None), arrival(2, "billing"))
    result = run(str(old), str(new))
    spool, elsewhere = old / ".." / "spool", new / ".." / "elsewhere"
    assert result.output.splitlines() == [
        "maild.yaml: spool.path: ../spool -> ../elsewhere.",
        (
            f"2 queued messages would be STRANDED: what waits in {spool} is not looked at once the spool is "
            f"{elsewhere}. Let the queue there run empty first (`maild run --once`), or move the whole folder."
        ),
    ]
    assert run("--spool", str(spool), str(old), str(new)).output == result.output
    found = json.loads(run("--json", str(old), str(new)).output)
    SCHEMA.validate(found)
    assert found["changes"][-1]["kind"] == "messages_left_behind"


def test_a_spool_folder_that_is_given_up_empty_is_only_named(tmp_path: Path) -> None:
    old = write(tmp_path / "old", billing=BILLING)
    new = write(tmp_path / "new", site=SITE.replace("../spool", "../elsewhere"), billing=BILLING)
    fill(tmp_path / "spool")
    assert run(str(old), str(new)).output == "maild.yaml: spool.path: ../spool -> ../elsewhere.\n"


def test_of_a_queue_that_is_none_it_is_said_that_it_was_not_looked_at(tmp_path: Path) -> None:
    old = write(tmp_path / "old", billing=BILLING)
    new = write(tmp_path / "new", site=SITE.replace("../spool", "../elsewhere"), billing=BILLING)
    for name in ("spool", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "queue.sqlite3").write_bytes(b"no database, but as long as the head of one. " * 9)
    result = run(str(old), str(new))
    assert result.return_value == 1
    assert [line.partition(" was not looked at")[0] for line in result.stderr.splitlines()] == [
        f"maild: the queue of {old / '..' / 'spool'}",
        "maild: the queue",
    ]
