from dataclasses import replace
from datetime import timedelta

from maild.config.model import Privacy
from maild.diagnostics import Severity
from maild.observe.page.findings import FEW, Finding
from maild.observe.page.view import SHOWN, PageView, PhaseView, age_words, page_view, runs_of
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.status import (
    AccountStatus,
    CanaryStatus,
    FileStanding,
    FileStatus,
    SpoolStatus,
    Status,
)
from maild.observe.statusjson import status_object
from maild.probe.events import ProbeFinished
from maild.probe.result import CheckResult, CheckVerdict
from tests.observe.test_metrics import DELIVERED, FAILED, attempt
from tests.observe.values import BUDGET, NOON, account, diagnostic, oldest, probe, status
from tests.rows import each_row

VEIL = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")


def seen(now: Status, recent: Recent | None = None) -> PageView:
    picture = (recent or Recent()).picture(now.at, [one.name for one in now.accounts])
    return page_view(status_object(now, VEIL), picture)


def with_config(now: Status, **changes: object) -> Status:
    return replace(now, config=replace(now.config, **changes))  # type: ignore[arg-type]


@each_row(
    ("now", "headline"),
    [
        (status(), ("good", "Mail is sent")),
        (status(is_ready=False), ("busy", "maild is not ready yet")),
        (status(is_clean=False), ("busy", "Mail is sent; not all of the configuration is in force")),
        (
            status(account(is_broken=True), account("shop")),
            ("bad", "1 of 2 accounts cannot send: billing"),
        ),
        (
            status(*(account(f"a{number}", is_broken=True) for number in range(4))),
            ("bad", "4 of 4 accounts cannot send: a0, a1, a2 and others"),
        ),
        (
            replace(status(), health=replace(status().health, alive=status(is_ready=False).health.ready)),
            ("bad", "maild does not get on"),
        ),
    ],
)
def test_the_headline_says_the_worst_first(now: Status, headline: tuple[str, str]) -> None:
    view = seen(now)

    assert (view.verdict, view.headline) == headline


def test_conditions_that_do_not_hold_are_told() -> None:
    assert seen(status()).unmet == ()
    assert seen(status(is_ready=False)).unmet == ("probes: 1 of 2 done",)
    refused = replace(status(), web_problem="web.yml:2: no")
    assert seen(refused).unmet == ("web.config_file is in force as it was before: web.yml:2: no",)


def test_what_keeps_mail_from_going_is_to_be_done_first_and_addresses_stay_hidden() -> None:
    view = seen(with_config(status(account(is_broken=True), is_clean=False), problem="it is no folder"))

    assert view.findings == (
        Finding(severity="error", code="", where="account billing", message="535 for *@example.com", help=""),
        Finding(severity="error", code="", where="/etc/maild", message="it is no folder", help=""),
        Finding(severity="error", code="ML301", where="accounts/a.yaml:4", message="*@example.com@", help="use 465"),
        Finding(
            severity="warning",
            code="ML301",
            where="accounts/a.yaml:4",
            message="port 25 is for relaying",
            help="use 465",
        ),
    )


def test_what_a_probe_found_is_told_instead_of_the_bare_words_of_the_breaker() -> None:
    found = replace(diagnostic("the password is wrong", Severity.ERROR), code="ML728", location=None)
    check = CheckResult(check="smtp", verdict=CheckVerdict.FAIL, summary="", diagnostics=(found,))
    broken = replace(account(is_broken=True), probe=replace(probe(), checks=(check,)))

    (finding, *_) = seen(status(broken)).findings

    assert finding == Finding(
        severity="error", code="ML728", where="account billing", message="the password is wrong", help="use 465"
    )


def test_a_setting_that_waits_for_a_restart_is_a_finding_of_its_own() -> None:
    (*_, last) = seen(with_config(status(), pending_restart=("spool.path",))).findings

    assert last == Finding(
        severity="info",
        code="ML908",
        where="maild.yaml",
        message="spool.path was changed and takes effect at the next start",
        help="Restart maild.",
    )


def test_what_many_have_in_common_is_there_once_and_of_a_few_each_by_itself() -> None:
    several = tuple(replace(diagnostic(), message=str(number)) for number in range(FEW + 1))
    other = replace(diagnostic(), code="ML302")

    found = seen(with_config(status(), diagnostics=(*several, other))).findings
    few = seen(with_config(status(), diagnostics=several[1:])).findings

    first, last = found
    assert (first.message, last.code) == ("0", "ML302")
    assert first.others == (("accounts/a.yaml:4", "1"), ("accounts/a.yaml:4", "2"), ("accounts/a.yaml:4", "3"))
    assert [(one.message, one.others) for one in few] == [("1", ()), ("2", ()), ("3", ())]


def test_a_finding_without_a_line_names_the_file() -> None:
    found = diagnostic()
    assert found.location is not None
    bare = replace(found, location=replace(found.location, span=None))

    (finding,) = seen(with_config(status(), diagnostics=(bare,))).findings

    assert finding.where == "accounts/a.yaml"


@each_row(
    ("one", "state", "words"),
    [
        (account(), "sends", "open for mail"),
        (replace(account(), probe=None), "unknown", "open for mail, not probed yet"),
        (replace(account(), is_enabled=False), "off", "switched off by enabled: false"),
        (
            replace(account(), budget=BUDGET),
            "waits",
            "the 500 recipients a day that it may send to are used up; the next message may go at 13:00:00 UTC",
        ),
        (account(is_broken=True), "waits", "cannot send; its messages wait: 535 for *@example.com"),
    ],
)
def test_an_account_says_whether_it_sends(one: AccountStatus, state: str, words: str) -> None:
    (view,) = seen(status(one)).accounts

    assert (view.state, view.words) == (state, words)


def test_an_account_shows_the_phases_of_its_last_probe() -> None:
    (view,) = seen(status()).accounts

    assert view.probed == "5 min ago"
    assert view.phases == (
        PhaseView(name="connect", verdict="pass", took="125 ms", detail=""),
        PhaseView(name="auth", verdict="pass", took="250 ms", detail="PLAIN"),
    )
    # Addresses in it are veiled as everywhere.
    assert view.transcript == ("S: 220 mail.example", "C: MAIL FROM:<*@example.com>")


def test_a_check_without_phases_shows_its_summary_and_an_account_that_was_not_probed_nothing() -> None:
    check = CheckResult(check="mx", verdict=CheckVerdict.WARN, summary="one MX is dangling")
    first, second = seen(
        status(replace(account(), probe=replace(probe(), checks=(check,))), replace(account("shop"), probe=None))
    ).accounts

    assert first.phases == (PhaseView(name="mx", verdict="warn", took="", detail="one MX is dangling"),)
    assert (second.phases, second.probed, second.spark_words) == ((), "not probed yet", "no probes yet")


def test_the_last_probes_and_the_last_hour_are_drawn_and_counted() -> None:
    recent = Recent()
    recent.on_event(ProbeFinished(result=probe()))
    recent.on_event(ProbeFinished(result=probe(verdict=CheckVerdict.FAIL)))
    recent.on_event(attempt(ann=DELIVERED, bob=FAILED))
    view = seen(status(), recent)

    assert view.accounts[0].spark_words == "1 of the last 2 probes passed"
    assert [spark.kind for spark in view.accounts[0].sparks] == ["passes", "fails"]
    assert view.totals == (("delivered", 1), ("deferred", 0), ("failed", 1))
    assert [bar.kind for bar in view.bars] == ["failed", "delivered"]


def test_accounts_in_trouble_come_first() -> None:
    view = seen(status(account("b"), account("c", is_broken=True), account("a")))

    assert [one.name for one in view.accounts] == ["c", "a", "b"]


@each_row(
    ("spool", "words"),
    [
        (SpoolStatus(folder="/s"), "Nothing waits."),
        (
            SpoolStatus(folder="/s", oldest=oldest(NOON)),
            (
                "The oldest message, 01JD0000000000000000000000, came 5 min ago and goes by billing; its last attempt: "
                "mailbox of *@example.com is full (452 4.2.2 full); it is tried again in 115 min."
            ),
        ),
        (
            SpoolStatus(folder="/s", oldest=replace(oldest(NOON), account=None, detail="", next_at=NOON)),
            "The oldest message, 01JD0000000000000000000000, came 5 min ago; it is due, and others are before it.",
        ),
        (
            SpoolStatus(folder="/s", oldest=replace(oldest(NOON), detail="", next_at=None)),
            "The oldest message, 01JD0000000000000000000000, came 5 min ago and goes by billing; it is being sent.",
        ),
        (SpoolStatus(folder="/s", problem="the disk is full"), "The queue cannot be read: the disk is full"),
        (SpoolStatus(folder="/s", paused="the disk is full"), "No drops are taken in: the disk is full"),
    ],
)
def test_the_queue_says_how_it_stands(spool: SpoolStatus, words: str) -> None:
    assert seen(status(spool=spool)).queue_words == words


def test_a_message_of_an_account_that_is_closed_waits_for_that() -> None:
    spool = SpoolStatus(folder="/s", oldest=replace(oldest(NOON), detail="", next_at=NOON))

    assert seen(status(account(is_broken=True), spool=spool)).queue_words == (
        "The oldest message, 01JD0000000000000000000000, came 5 min ago and goes by billing; "
        "it waits until that can send."
    )


def test_files_that_are_not_in_force_come_first_with_what_is_wrong_in_them() -> None:
    held = FileStatus(
        file="accounts/b.yaml",
        standing=FileStanding.LAST_GOOD,
        since=NOON,
        generation=1,
        commit="0123456789abcdef",
        is_dirty=False,
        canary=CanaryStatus(tries=0, untold=0, next_at=None),
    )
    bad = FileStatus(
        file="accounts/z.yaml",
        standing=FileStanding.REJECTED,
        since=NOON,
        generation=None,
        diagnostics=(diagnostic(),),
    )
    files = seen(with_config(status(), files=(*status().config.files, held, bad))).files

    assert [(one.name, one.standing, one.since, len(one.findings)) for one in files] == [
        (
            "accounts/b.yaml",
            "is tried before it is used; an older version is in force, that of git commit 0123456789ab",
            "5 min",
            0,
        ),
        ("accounts/z.yaml", "not in force", "5 min", 1),
        ("accounts/a.yaml", "in force", "5 min", 1),
        ("maild.yaml", "in force", "5 min", 0),
    ]
    lost, loose = (
        replace(held, canary=None, is_dirty=None),
        replace(held, standing=FileStanding.ACCEPTED, is_dirty=True),
    )
    files = seen(with_config(status(), files=(lost, replace(loose, canary=None)))).files
    assert [one.standing for one in files] == [
        "an older version is in force, accepted after git commit 0123456789ab",
        "in force, not committed",
    ]


def test_a_commit_is_named_and_whether_there_is_more_than_it() -> None:
    now = with_config(status(), commit="0123456789abcdef", is_dirty=True)

    assert seen(now).config == (
        "/etc/maild: generation 7, for 5 min, git commit 0123456789ab with changes that are not committed"
    )


def test_of_very_much_the_rest_is_counted() -> None:
    accounts = [account(f"a{number:03}") for number in range(SHOWN + 2)]
    files = tuple(
        FileStatus(file=f"f{number:03}", standing=FileStanding.ACCEPTED, since=NOON, generation=1)
        for number in range(SHOWN + 3)
    )
    different = tuple(replace(diagnostic(), code=f"ML{number}") for number in range(SHOWN + 1))
    view = seen(with_config(status(*accounts), files=files, diagnostics=different))

    assert (len(view.accounts), view.more_accounts) == (SHOWN, 2)
    assert (len(view.files), view.more_files) == (SHOWN, 3)
    assert (len(view.findings), view.more_findings) == (SHOWN, 1)


@each_row(
    ("seconds", "words"),
    [(-5, "0 s"), (0, "0 s"), (119.9, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172800, "2 d")],
)
def test_an_age_is_said_in_one_unit(seconds: float, words: str) -> None:
    assert age_words(timedelta(seconds=seconds)) == words


@each_row(
    ("text", "runs"),
    [
        ("", ()),
        ("plain", ((False, "plain"),)),
        ("write `tls: {}` here", ((False, "write "), (True, "tls: {}"), (False, " here"))),
        ("`a``b`", ((True, "a"), (True, "b"))),
        ("it`s", ((False, "it`s"),)),
        ("`a` it`s", ((True, "a"), (False, " it`s"))),
    ],
)
def test_what_stands_between_backticks_is_code(text: str, runs: tuple[tuple[bool, str], ...]) -> None:
    assert runs_of(text) == runs


def test_files_are_named_as_they_lie_in_the_folder() -> None:
    inside = replace(status().config.files[0], file="/etc/maild/accounts/a.yaml")

    (view,) = seen(with_config(status(), files=(inside,))).files

    assert view.name == "accounts/a.yaml"
