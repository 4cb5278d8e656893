"""`maild status --diff`, on what a daemon kept."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maild.cli.main import maild
from maild.config.model import Privacy
from maild.config.place import spool_root
from maild.daemon.earlier import Kept
from maild.daemon.lastgood import LastGoodStore, last_good_file
from maild.daemon.signpost import Signpost
from maild.errors import ConfigError, UsageError
from maild.observe.connection import ConnectionLimits
from maild.observe.listener import Listener, parse_place
from maild.observe.metrics import Metrics
from maild.observe.page import PageRoutes
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.status import FileStanding, FileStatus, SpoolStatus, Status
from maild.observe.web import build_web_app
from maild.spool.layout import Layout, prepare
from tests.cli.test_diff import BILLING, SITE, WEAK, WEAKER, write
from tests.observe.test_web import Source
from tests.observe.values import NOON, status

NOBODY = "No daemon answers here: what was accepted last is taken for what is in force.\n"
LOCAL = SITE + "web: {listen: 127.0.0.1:1}\n"


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(maild, ["status", "--diff", "--config", str(folder), *arguments], standalone_mode=False)


def keep(folder: Path, spool: Path | None = None, **accounts: str) -> None:
    """What a daemon does with the files that it accepted."""
    texts = {"maild.yaml": LOCAL, **{f"accounts/{name}.yaml": text for name, text in accounts.items()}}
    kept = {
        name: Kept(
            data=text.encode(), digest=blake2b(text.encode()).hexdigest(), accepted_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        for name, text in texts.items()
    }
    LastGoodStore(last_good_file(spool or folder.parent / "spool"), folder).write(kept, ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "configs", LOCAL, billing=BILLING)


def test_what_is_in_force_as_it_is_on_the_disk_differs_in_nothing(folder: Path) -> None:
    keep(folder, billing=BILLING)

    result = run(folder)

    assert (result.return_value, result.stdout, result.stderr) == (0, "Nothing changes for sending.\n", NOBODY)


def test_what_the_disk_would_change_is_said_in_words(folder: Path) -> None:
    keep(folder, billing=BILLING)
    write(folder, LOCAL, billing=WEAK)

    result = run(folder)

    assert (result.return_value, result.stdout) == (1, WEAKER)


def test_a_broken_file_is_named_with_its_errors_and_masked(folder: Path) -> None:
    keep(folder, billing=BILLING)
    write(folder, LOCAL, billing=BILLING.replace("password: {env: BILLING}", "password: hunter2"))

    result = run(folder)

    assert result.return_value == 1
    assert "billing: the file has errors" in result.stdout
    assert "that what is in force does not have:" in result.stdout
    assert "hunter2" not in result.output
    shown = run(folder, "--json")
    assert [change["kind"] for change in json.loads(shown.stdout)["changes"]] == ["account_broken"]
    assert "hunter2" not in shown.output


def test_of_a_file_with_errors_the_lines_are_shown_that_differ_from_what_is_in_force(folder: Path) -> None:
    keep(folder, billing=BILLING)
    text = BILLING.replace("host: ", "host: other.").replace("password: {env: BILLING}", "password: hunter2")
    write(folder, LOCAL, billing=f"# a note\n{text}")

    result = run(folder)

    path = folder / "accounts" / "billing.yaml"
    told = result.stdout.partition(f"\n\n{path} has errors and is not in force as it is on the disk")[2]
    old, new = (text.splitlines() for text in (BILLING, f"# a note\n{text}"))
    at = next(number for number, line in enumerate(old) if "host: " in line)
    assert f"\n  - line {at + 1}: {old[at]}\n" in told
    assert f"\n  + line {at + 2}: {new[at + 1]}\n" in told
    assert "hunter2" not in result.output
    (one,) = json.loads(run(folder, "--json").stdout)["unapplied"]
    assert (one["file"], one["left_out"]) == (str(path), 0)
    assert {"side": "new", "line": 1, "text": "# a note"} in one["lines"]


def test_a_file_of_which_nothing_is_kept_is_not_called_new(folder: Path) -> None:
    keep(folder)
    write(folder, LOCAL, billing=BILLING + "# was password: hunter2\n")

    result = run(folder)

    path = folder / "accounts" / "billing.yaml"
    words = "not compared, for something in it looks like a secret, so that no version of it is kept"
    assert (result.return_value, result.stdout) == (0, "Nothing changes for sending.\n")
    assert result.stderr == f"{NOBODY}{path}: {words}.\n"


def test_where_nothing_was_ever_accepted_there_is_nothing_to_compare(folder: Path) -> None:
    spool = folder.parent / "spool"
    first = run(folder)
    keep(write(folder.parent / "other", LOCAL), billing=BILLING)
    second = run(folder)

    assert isinstance(first.exception, UsageError)
    assert str(first.exception) == f"No daemon that uses the spool {spool} has accepted any file yet."
    assert isinstance(second.exception, UsageError)
    assert str(second.exception) == f"No daemon that uses the spool {spool} has accepted a file of {folder} yet."


def test_a_broken_maild_yaml_is_compared_too_wherever_it_still_says_the_spool_is(folder: Path) -> None:
    keep(folder, billing=BILLING)
    write(folder, LOCAL + "probe: [\n", billing=BILLING)

    result = run(folder)

    assert result.return_value == 1
    assert "maild.yaml has errors now" in result.stdout
    assert CliRunner().invoke(maild, ["status", "--config", str(folder)], standalone_mode=False).output == (
        f"Nobody answers at 127.0.0.1:9725: Connection refused.\n"
        f"No daemon runs on the spool {folder.parent / 'spool'}; what is dropped or queued there waits.\n"
        "There is no queue yet.\n"
    )


@pytest.mark.parametrize(
    ("now", "status", "hint"),
    [
        ("spool: {path: ../later}\nweb: {listen: 127.0.0.1:2}\n", 1, "spool.path: ../spool -> ../later"),
        (None, 1, "spool.path: ../spool -> not set"),
        ("spool: [\n", 1, "maild.yaml has errors now"),
    ],
)
@pytest.mark.parametrize("place", ["spool", "state/maild/spool"])
def test_a_daemon_that_runs_is_found_whatever_maild_yaml_says_by_now(
    folder: Path, now: str | None, place: str, status: int, hint: str
) -> None:
    environ = {"XDG_STATE_HOME": str(folder.parent / "state")}
    spool = folder.parent / place
    keep(folder, spool, billing=BILLING)
    Signpost(spool_root(None, folder, environ, folder), folder).point_to(spool)
    if now is None:
        (folder / "maild.yaml").unlink()
    else:
        (folder / "maild.yaml").write_text(now)
    lock = prepare(Layout(spool))

    said = [
        CliRunner().invoke(maild, ["status", *flags, "--config", str(folder)], env=environ, standalone_mode=False)
        for flags in ([], ["--diff"])
    ]
    lock.release()

    assert f"A daemon has the spool {spool}, but its port does not answer here." in said[0].output
    assert (said[1].exception, said[1].return_value) == (None, status)
    assert NOBODY in said[1].stderr
    assert hint in said[1].output


def test_a_broken_maild_yaml_of_which_nothing_is_kept_wants_the_spool_named(folder: Path) -> None:
    write(folder, LOCAL + "probe: [\n", billing=BILLING)

    result = run(folder)

    assert isinstance(result.exception, ConfigError)
    assert "name the spool with --spool DIR" in str(result.exception)


def test_a_daemon_that_answers_tells_its_spool_where_a_broken_maild_yaml_does_not(folder: Path) -> None:
    keep(folder, billing=BILLING)
    write(folder, "spool: {pth: elsewhere}\n", billing=BILLING)
    now = status(spool=SpoolStatus(folder=str(folder.parent / "spool")))

    class Told(Source):
        async def status(self, *, asks_git: bool) -> Status:
            return replace(now, config=replace(now.config, folder=str(folder), files=()))

    result = asking(folder, Told())

    assert result.return_value == 1
    assert "maild.yaml has errors now" in result.stdout


def asking(folder: Path, source: Source) -> Result:
    """What is said where a daemon answers."""

    async def asked() -> Result:
        veil = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")
        app = build_web_app(source, Metrics(), PageRoutes(source, Recent(), lambda: veil), lambda: veil)
        listener = Listener(app, ConnectionLimits())
        await listener.open([parse_place("127.0.0.1:0", folder=Path())])
        try:
            return await asyncio.to_thread(run, folder, "--url", listener.places[0])
        finally:
            await listener.close()

    return asyncio.run(asked())


def test_what_the_daemon_says_is_in_force_or_waits_for_a_restart_is_heeded(folder: Path) -> None:
    keep(folder)
    now = status()
    file = FileStatus(
        file=str(folder / "accounts" / "billing.yaml"), standing=FileStanding.LAST_GOOD, since=NOON, generation=1
    )
    config = replace(now.config, folder=str(folder), files=(file,), pending_restart=("web.listen",))

    class Told(Source):
        async def status(self, *, asks_git: bool) -> Status:
            return replace(now, config=config)

    result = asking(folder, Told())

    assert (result.return_value, result.stdout) == (1, "Nothing changes for sending.\n")
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        file.file,
        "web.listen was changed and takes effect at the next start.",
    ]
