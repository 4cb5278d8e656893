import json
from dataclasses import replace

import pytest

from maild.cli.status_text import status_lines
from maild.config.model import Privacy
from maild.observe.privacy import AddressVeil
from maild.observe.status import BudgetStatus, CanaryState, CanaryStatus, FileStanding, SpoolStatus, Status
from maild.observe.statusjson import status_object
from tests.observe.values import NOON, account, status


def shown(now: Status) -> str:
    veil = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")
    return "\n".join(status_lines(json.loads(json.dumps(status_object(now, veil)))))


def test_all_is_well() -> None:
    assert shown(status()) == (
        "maild 0.1.0, process 4711, up 5m, on 127.0.0.1:9725\n"
        "ready\n"
        "configuration /etc/maild: generation 7, in force for 5m\n"
        "  accounts/a.yaml: in force, for 5m\n"
        "    warning[ML301] line 4: port 25 is for relaying\n"
        "      use 465\n"
        "  maild.yaml: in force, for 5m\n"
        "spool /var/lib/maild/spool: 4 queued, 0 sending, 0 held; the oldest came 1h ago\n"
        "  1 may have been delivered: their answer was lost\n"
        "account billing (smtp smtp.example.com:465): open for mail; 2 in flight, 3 waiting, 1 sessions\n"
        "  smtp pass 5m ago: ready"
    )


def test_much_is_wrong() -> None:
    spool = SpoolStatus(folder="/spool", problem="disk I/O error", paused="the disk is full")

    text = shown(status(account(is_broken=True), is_clean=False, is_ready=False, spool=spool))

    assert text == (
        "maild 0.1.0, process 4711, up 5m, on 127.0.0.1:9725\n"
        "not ready\n"
        "  probes: 1 of 2 done\n"
        "configuration /etc/maild: generation 7, in force for 5m\n"
        "  accounts/a.yaml: has errors; its last good version is in force, for 5m; that was accepted 1h ago\n"
        "    warning[ML301] line 4: port 25 is for relaying\n"
        "      use 465\n"
        "    error[ML301] line 4: *@example.com@\n"
        "      use 465\n"
        "  maild.yaml: in force, for 5m\n"
        "spool /spool: the queue cannot be read: disk I/O error\n"
        "  no drops are taken in: the disk is full\n"
        "account billing (smtp smtp.example.com:465): CANNOT SEND; 2 in flight, 3 waiting, 1 sessions\n"
        "  auth: 535 for *@example.com; tried again at 12:00:00 UTC\n"
        "  the 500 recipients a day that it may send to are used up; the next message may go at 13:00:00 UTC\n"
        "  its server was found to allow 500 recipients a day; believed until 2026-11-30 12:00:00 UTC\n"
        "  probes do not log in: 535 for *@example.com\n"
        "  smtp pass 5m ago: ready"
    )


def test_a_version_in_force_names_the_commit_that_holds_it_or_the_one_it_came_after() -> None:
    def line(now: Status, *, is_dirty: bool | None = None) -> str:
        file, *others = now.config.files
        files = (replace(file, commit="0123456789abcdef", is_dirty=is_dirty), *others)
        lines = shown(replace(now, config=replace(now.config, files=files))).splitlines()
        return next(line for line in lines if "accounts/a.yaml" in line)

    assert line(status()) == "  accounts/a.yaml: in force, for 5m; when commit 0123456789ab was checked out"
    assert line(status(), is_dirty=False) == "  accounts/a.yaml: in force, for 5m; as in commit 0123456789ab"
    assert line(status(), is_dirty=True) == (
        "  accounts/a.yaml: in force, for 5m; not committed, after commit 0123456789ab"
    )
    assert line(status(is_clean=False)) == (
        "  accounts/a.yaml: has errors; its last good version is in force, for 5m;"
        " that was accepted 1h ago, when commit 0123456789ab was checked out"
    )
    assert line(status(is_clean=False), is_dirty=False).endswith(" that was accepted 1h ago, as in commit 0123456789ab")


@pytest.mark.parametrize(
    ("canary", "text"),
    [
        (CanaryStatus(tries=0, untold=0, next_at=None), "canary runs; being tried now"),
        (
            CanaryStatus(tries=1, untold=1, next_at=NOON),
            "canary says neither yes nor no yet, after 1 try; tried again at 12:00:00 UTC",
        ),
        (
            CanaryStatus(tries=3, untold=0, next_at=NOON, state=CanaryState.FAILED),
            "canary failed, after 3 tries; tried again at 12:00:00 UTC",
        ),
    ],
)
def test_an_account_that_is_tried_before_it_is_used_is_said_to_be(canary: CanaryStatus, text: str) -> None:
    now = status(is_clean=False)
    held, *others = now.config.files
    files = (replace(held, diagnostics=(), canary=canary), *others)

    lines = shown(replace(now, config=replace(now.config, files=files))).splitlines()

    assert lines[3].startswith(
        "  accounts/a.yaml: is tried before it is used; its last good version is in force, for 5m"
    )
    assert lines[4] == f"    {text}"


def test_a_web_file_that_is_not_in_force_is_said_to_be() -> None:
    assert "  web.config_file is in force as it was before: web.yml:2: no" in shown(
        replace(status(), web_problem="web.yml:2: no")
    )


def test_an_account_that_is_switched_off_is_said_to_be() -> None:
    text = shown(status(replace(account(), is_enabled=False)))

    assert "account billing (smtp smtp.example.com:465): switched off by enabled: false" in text
    assert "open for mail" not in text


def test_what_a_server_says_cannot_play_tricks_on_the_terminal() -> None:
    tricky = status(spool=SpoolStatus(folder="/spool", paused="\x1b[2Jgone\nforged: line"))

    lines = shown(tricky).splitlines()

    assert "  no drops are taken in: \ufffd[2Jgone\ufffdforged: line" in lines


def test_a_folder_that_cannot_be_watched_or_read_and_settings_that_wait_are_named() -> None:
    now = status()
    told = replace(now.config.files[0].diagnostics[0], help="")
    file = replace(now.config.files[0], diagnostics=(told,))
    config = replace(
        now.config,
        files=(file,),
        problem="permission denied",
        watch="polling",
        watch_problem="no inotify here",
        pending_restart=("web.listen",),
    )

    lines = shown(replace(now, config=config)).splitlines()

    assert lines[3:8] == [
        "  it cannot be read now: permission denied",
        "  changes are noticed by polling: no inotify here",
        "  web.listen was changed and takes effect at the next start",
        "  accounts/a.yaml: in force, for 5m",
        "    warning[ML301] line 4: port 25 is for relaying",
    ]


def test_without_any_watch_the_folder_is_looked_at_now_and_then() -> None:
    now = status()

    lines = shown(replace(now, config=replace(now.config, watch="none", watch_problem=""))).splitlines()

    assert lines[3] == "  changes are noticed by a look at the folder now and then"


@pytest.mark.parametrize(
    ("is_dirty", "words"),
    [(False, ""), (True, ", with changes that are not committed"), (None, ", maybe with changes")],
)
def test_the_commit_is_named_and_whether_it_is_all(*, is_dirty: bool | None, words: str) -> None:
    now = status()

    lines = shown(replace(now, config=replace(now.config, commit="0123456789abcdef" * 2, is_dirty=is_dirty)))

    assert lines.splitlines()[2].endswith(f"in force for 5m; git commit 0123456789ab{words}")


def test_each_file_in_force_is_told_since_when_and_from_which_commit_though_nothing_is_wrong_with_it() -> None:
    now = status()
    fine = tuple(
        replace(file, standing=FileStanding.ACCEPTED, diagnostics=(), commit="0123456789abcdef")
        for file in now.config.files
    )

    text = shown(replace(now, config=replace(now.config, files=fine)))

    assert (
        "\n  accounts/a.yaml: in force, for 5m; when commit 0123456789ab was checked out"
        "\n  maild.yaml: in force, for 5m;" in text
    )


def test_what_is_left_of_a_day_is_said() -> None:
    one = replace(account(), budget=BudgetStatus(day_left=12), probe=None)

    assert shown(status(one)).endswith("\n  12 recipients are left of what it may send to in a day\n  not probed yet")
