from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.folder import FileKind, SourceFile
from maild.config.load import LoadedAccount
from maild.config.model import SmtpSettings
from maild.daemon.generation import Accepted, Generation, LastGood, Rejected
from maild.daemon.reload import Turn, next_generation
from maild.daemon.successor import Knowledge
from maild.diagnostics import Severity
from maild.observe.events import FileAccepted, FileGone, FileRejected
from maild.watch.snapshot import ReadFile, Snapshot, Stamp, UnreadableFile

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
STAMP = Stamp(device=1, inode=2, size_bytes=3, mtime_ns=4, ctime_ns=5)

BILLING = "accounts/billing.yaml"
SHOP = "accounts/shop.yaml"
SITE = "maild.yaml"


def account(host: str = "smtp.example.com") -> str:
    return (
        "protocol: smtp\n"
        f"smtp: {{host: {host}, port: 465}}\n"
        "username: billing@example.com\n"
        "password: {env: PASSWORD}\n"
    )


BROKEN = account().replace("smtp:", "smpt:")


def snapshot(files: Mapping[str, str | None]) -> Snapshot:
    """A folder with these texts; None: a file that cannot be read."""

    def seen(name: str, text: str | None) -> ReadFile | UnreadableFile:
        kind = FileKind.ACCOUNT if name.startswith("accounts/") else FileKind.SITE
        source = SourceFile(path=Path("/etc/maild") / name, file=name, kind=kind)
        if text is None:
            return UnreadableFile(source=source, problem="permission denied")
        return ReadFile.of(source, STAMP, text.encode(), is_settled=True)

    return Snapshot(files={name: seen(name, text) for name, text in files.items()})


def turn(previous: Generation | None, files: Mapping[str, str | None], now: datetime = LATER) -> Turn:
    return next_generation(previous, snapshot(files), folder=Path("/etc/maild"), now=now)


def first(files: Mapping[str, str | None]) -> Generation:
    return turn(None, files, NOW).generation


def host(generation: Generation, name: str = "billing") -> str:
    transport = generation.accounts[name].transport
    assert isinstance(transport, SmtpSettings)
    return transport.host


def codes(generation: Generation, file: str) -> list[str]:
    return [diagnostic.code for diagnostic in generation.diagnostics_of(file)]


def test_the_first_generation_takes_every_good_file() -> None:
    result = turn(None, {BILLING: account(), SITE: "default_account: billing\n"}, NOW)

    generation = result.generation
    assert generation.number == 1
    assert list(generation.accounts) == ["billing"]
    assert generation.site.default_account == "billing"
    assert generation.accounts_folder == Path("/etc/maild/accounts")
    assert generation.is_clean
    assert result.events == (FileAccepted(file=BILLING, generation=1), FileAccepted(file=SITE, generation=1))


def test_without_a_maild_yaml_every_default_holds() -> None:
    assert first({BILLING: account()}).site.web.listen == ("127.0.0.1:9725",)


def test_a_folder_without_files_is_an_empty_generation() -> None:
    generation = first({})

    assert generation.accounts == {}
    assert generation.accounts_folder == Path("/etc/maild/accounts")


def test_nothing_changed_is_the_very_same_generation() -> None:
    generation = first({BILLING: account(), SHOP: BROKEN})

    assert turn(generation, {BILLING: account(), SHOP: BROKEN}) == Turn(generation=generation)
    assert turn(generation, {BILLING: account(), SHOP: BROKEN}).generation is generation


def test_a_good_edit_is_in_force_from_the_next_generation_on() -> None:
    before = first({BILLING: account()})

    result = turn(before, {BILLING: account("mail.example.org")})

    assert host(result.generation) == "mail.example.org"
    assert result.generation.number == 2
    assert result.generation.loaded_at == LATER
    assert result.events == (FileAccepted(file=BILLING, generation=2),)
    assert host(before) == "smtp.example.com"


def test_the_version_in_force_comes_from_the_commit_at_which_it_was_accepted() -> None:
    def at(commit: str, previous: Generation | None, files: Mapping[str, str | None]) -> Generation:
        known = Knowledge(commits={FileKind.ACCOUNT: commit, FileKind.SITE: f"site {commit}"})
        return next_generation(previous, snapshot(files), folder=Path("/etc/maild"), now=LATER, known=known).generation

    def commits(generation: Generation) -> dict[str, str | None]:
        return {name: None if isinstance(one, Rejected) else one.commit for name, one in generation.files.items()}

    one = at("one", None, {BILLING: account(), SHOP: account(), SITE: "", "accounts/new.yaml": BROKEN})
    two = at("two", one, {BILLING: BROKEN, SHOP: account("b.example.org"), SITE: "", "accounts/new.yaml": BROKEN})
    three = at("three", two, {BILLING: BROKEN + "#", SHOP: account("b.example.org"), SITE: "web: {}\n"})

    assert commits(one) == {BILLING: "one", SHOP: "one", SITE: "site one", "accounts/new.yaml": None}
    assert commits(two) == {BILLING: "one", SHOP: "two", SITE: "site one", "accounts/new.yaml": None}
    assert commits(three) == {BILLING: "one", SHOP: "two", SITE: "site three"}


def test_a_broken_edit_leaves_the_last_good_version_in_force_and_others_alone() -> None:
    before = first({BILLING: account(), SHOP: account()})

    result = turn(before, {BILLING: BROKEN, SHOP: account("mail.example.org")})

    generation = result.generation
    state = generation.files[BILLING]
    assert isinstance(state, LastGood)
    assert (state.generation, state.since) == (1, LATER)
    assert host(generation) == "smtp.example.com"
    assert host(generation, "shop") == "mail.example.org"
    assert not generation.is_clean
    rejected, accepted = result.events
    assert accepted == FileAccepted(file=SHOP, generation=2)
    assert isinstance(rejected, FileRejected)
    assert rejected.has_last_good
    assert rejected.diagnostics == generation.diagnostics_of(BILLING)
    assert codes(generation, BILLING)


def test_a_second_broken_edit_still_keeps_the_last_good_one() -> None:
    broken = turn(first({BILLING: account()}), {BILLING: BROKEN}).generation

    result = turn(broken, {BILLING: "- no\n- account\n"}, LATER + timedelta(minutes=1))

    assert host(result.generation) == "smtp.example.com"
    assert isinstance(result.generation.files[BILLING], LastGood)
    assert isinstance(result.events[0], FileRejected)


def test_a_repaired_file_is_in_force_again() -> None:
    broken = turn(first({BILLING: account()}), {BILLING: BROKEN}).generation

    result = turn(broken, {BILLING: account("mail.example.org")})

    assert host(result.generation) == "mail.example.org"
    assert result.generation.is_clean
    assert result.events == (FileAccepted(file=BILLING, generation=3),)


def test_a_file_that_was_never_good_is_rejected_until_it_is() -> None:
    before = first({BILLING: account(), SHOP: BROKEN})
    assert isinstance(before.files[SHOP], Rejected)
    assert list(before.accounts) == ["billing"]

    again = turn(before, {BILLING: account(), SHOP: BROKEN + "# a comment\n"}).generation
    repaired = turn(again, {BILLING: account(), SHOP: account()}).generation

    assert isinstance(again.files[SHOP], Rejected)
    assert isinstance(repaired.files[SHOP], Accepted)
    assert list(repaired.accounts) == ["billing", "shop"]


def test_other_files_edits_do_not_tell_again_that_a_file_is_rejected() -> None:
    before = first({BILLING: account(), SHOP: BROKEN})

    result = turn(before, {BILLING: account("mail.example.org"), SHOP: BROKEN})

    assert result.events == (FileAccepted(file=BILLING, generation=2),)
    assert result.generation.files[SHOP] == before.files[SHOP]


def test_a_removed_file_takes_its_account_with_it() -> None:
    before = first({BILLING: account(), SHOP: account()})

    result = turn(before, {SHOP: account()})

    assert list(result.generation.accounts) == ["shop"]
    assert result.events == (FileGone(file=BILLING, generation=2),)


def test_a_file_that_cannot_be_read_any_more_stays_in_force() -> None:
    result = turn(first({BILLING: account()}), {BILLING: None})

    assert host(result.generation) == "smtp.example.com"
    assert codes(result.generation, BILLING) == ["ML123"]
    assert isinstance(result.generation.files[BILLING], LastGood)


def test_a_file_that_cannot_be_read_from_the_start_is_rejected() -> None:
    generation = first({BILLING: None, SHOP: account()})

    assert isinstance(generation.files[BILLING], Rejected)
    assert list(generation.accounts) == ["shop"]


def test_a_maild_yaml_that_was_never_good_is_named() -> None:
    assert first({BILLING: BROKEN, SITE: "web: 1\n"}).rejected_site == SITE
    assert first({BILLING: BROKEN, SITE: ""}).rejected_site is None


def test_a_warning_does_not_keep_a_file_out() -> None:
    generation = first({BILLING: account().replace("465", "25")})

    assert "ML301" in codes(generation, BILLING)
    assert list(generation.accounts) == ["billing"]
    assert generation.is_clean


def test_a_severity_raised_by_the_site_rejects_newcomers_and_spares_what_is_in_force() -> None:
    site = "lint: {severity: {ML301: error}}\n"
    port_25 = account().replace("465", "25")
    before = first({BILLING: port_25})

    generation = turn(before, {BILLING: port_25, SHOP: port_25, SITE: site}).generation

    assert isinstance(generation.files[BILLING], Accepted)
    assert isinstance(generation.files[SHOP], Rejected)
    assert not generation.is_clean


@pytest.mark.parametrize(("older", "newer"), [(".yaml", ".yml"), (".yml", ".yaml")])
def test_of_two_files_for_one_account_the_one_in_force_stays(older: str, newer: str) -> None:
    stays, other = f"accounts/billing{older}", f"accounts/billing{newer}"
    before = first({stays: account("old.example.com")})

    generation = turn(before, {stays: account("old.example.com"), other: account("new.example.com")}).generation

    assert host(generation) == "old.example.com"
    assert isinstance(generation.files[other], Rejected)
    (found,) = generation.diagnostics_of(other)
    assert (found.code, found.related[0].location.file) == ("ML214", stays)


def test_the_file_that_gave_way_takes_over_when_the_other_is_removed() -> None:
    both = first({"accounts/billing.yaml": account("a.example.com"), "accounts/billing.yml": account("b.example.com")})
    assert host(both) == "a.example.com"

    generation = turn(both, {"accounts/billing.yml": account("b.example.com")}).generation

    assert host(generation) == "b.example.com"
    assert generation.is_clean


def test_a_name_without_an_account_keeps_a_new_maild_yaml_out() -> None:
    before = first({BILLING: account(), SITE: "default_account: billing\n"})

    generation = turn(before, {BILLING: account(), SITE: "default_account: biling\n"}).generation

    assert generation.site.default_account == "billing"
    assert codes(generation, SITE) == ["ML216"]
    assert isinstance(generation.files[SITE], LastGood)


def test_a_maild_yaml_that_names_no_account_is_better_than_none_at_the_start() -> None:
    generation = first({BILLING: account(), SITE: "default_account: biling\n"})

    assert generation.site.default_account == "biling"
    assert codes(generation, SITE) == ["ML216"]
    assert not generation.is_clean


def test_a_removed_account_does_not_put_out_the_maild_yaml_that_names_it() -> None:
    site = "default_account: billing\nprobe: {interval: 7m}\n"
    before = first({BILLING: account(), SHOP: account(), SITE: site})

    generation = turn(before, {SHOP: account(), SITE: site}).generation

    assert generation.site.probe.interval == timedelta(minutes=7)
    assert not generation.is_clean


def test_a_maild_yaml_that_was_kept_out_comes_into_force_with_the_account_it_names() -> None:
    before = first({BILLING: account(), SITE: "default_account: billing\n"})
    kept_out = turn(before, {BILLING: account(), SITE: "default_account: shop\n"}).generation
    assert kept_out.site.default_account == "billing"

    generation = turn(kept_out, {BILLING: account(), SHOP: account(), SITE: "default_account: shop\n"}).generation

    assert generation.site.default_account == "shop"
    assert generation.is_clean


def test_files_that_did_not_change_are_not_parsed_again() -> None:
    before = first({BILLING: account(), SHOP: BROKEN})

    generation = turn(before, {BILLING: account(), SHOP: account()}).generation

    assert generation.assessment.parsed[BILLING] is before.assessment.parsed[BILLING]


def test_the_account_that_shares_a_password_hears_of_the_one_that_came_before_it() -> None:
    before = first({SHOP: account()})
    assert codes(before, SHOP) == []

    both = turn(before, {SHOP: account(), BILLING: account("mail.example.org")}).generation
    alone = turn(both, {SHOP: account()}).generation

    assert codes(both, SHOP) == ["ML509"]
    assert both.assessment.fresh == {SHOP, BILLING}
    assert codes(alone, SHOP) == []


def test_an_account_hears_when_the_one_that_it_shares_a_password_with_moves_to_another_server() -> None:
    before = first({BILLING: account(), SHOP: account()})
    assert codes(before, SHOP) == []

    moved = turn(before, {BILLING: account("mail.example.org"), SHOP: account()}).generation

    assert codes(moved, SHOP) == ["ML509"]


def test_an_edit_of_one_account_judges_that_one_and_the_daemons_own_file() -> None:
    two = {BILLING: account(), SHOP: account().replace("PASSWORD", "OTHER"), SITE: "default_account: billing\n"}
    before = first(two)

    generation = turn(before, {**two, BILLING: account("mail.example.org")}, now=NOW + timedelta(hours=1)).generation
    next_day = turn(generation, {**two, BILLING: account("a.example.org")}, now=NOW + timedelta(days=1)).generation

    assert generation.assessment.fresh == {BILLING, SITE}
    assert next_day.assessment.fresh == {BILLING, SHOP, SITE}


def test_a_file_that_changes_its_account_only_keeps_the_order_of_all_of_them() -> None:
    names = {f"accounts/{letter}.yaml": account() for letter in "abc"}
    before = first(names)

    generation = turn(before, {**names, "accounts/a.yaml": account("mail.example.org")}).generation

    assert list(generation.accounts) == ["a", "b", "c"]


def test_the_digest_names_what_is_on_disk() -> None:
    before = first({BILLING: account(), SHOP: account()})
    other = turn(before, {BILLING: account(), SHOP: BROKEN}).generation

    assert turn(other, {BILLING: account(), SHOP: account()}).generation.digest == before.digest
    assert other.digest != before.digest
    assert len(before.digest) == 32


def test_what_takes_effect_at_a_start_only_is_pending_and_the_rest_of_the_edit_in_force() -> None:
    before = first({BILLING: account(), SITE: "probe: {interval: 7m}\n"})
    edit = "probe: {interval: 8m}\nweb:\n  listen: 127.0.0.1:1\nspool: {path: elsewhere}\n"

    generation = turn(before, {BILLING: account(), SITE: edit}).generation
    undone = turn(generation, {BILLING: account(), SITE: "probe: {interval: 8m}\n"}).generation

    assert generation.site.probe.interval == timedelta(minutes=8)
    assert generation.pending_restart == ("spool.path", "web.listen")
    assert generation.is_clean
    listen, spool = generation.diagnostics_of(SITE)
    assert (listen.code, spool.code) == ("ML908", "ML908")
    assert listen.location is not None
    assert listen.location.span is not None
    assert listen.location.span.line == 3
    assert undone.pending_restart == ()
    assert undone.diagnostics_of(SITE) == ()


def test_what_is_pending_stays_so_while_the_file_is_broken_or_gone() -> None:
    before = first({BILLING: account()})
    pending = turn(before, {BILLING: account(), SITE: 'web: {listen: "127.0.0.1:1"}\n'}).generation
    broken = turn(pending, {BILLING: account(), SITE: "web: {listen\n"}).generation
    gone = turn(turn(first({SITE: "spool: {path: a}\n", BILLING: account()}), {BILLING: account()}).generation, {})

    assert broken.pending_restart == ("web.listen",)
    assert "ML908" in codes(broken, SITE)
    assert gone.generation.pending_restart == ("spool.path",)


def test_everything_that_is_wrong_makes_one_report() -> None:
    generation = first({BILLING: BROKEN, SHOP: None, SITE: ""})

    report = generation.report
    assert {one.location.file for one in report.diagnostics if one.location is not None} == {BILLING, SHOP}
    assert (report.files_checked, list(report.sources)) == (3, [BILLING, SITE])


def test_what_a_provider_announced_for_a_day_leaves_no_account_out() -> None:
    text = account("smtp.office365.com").replace("465", "587").replace("@example.com", "@shop.example")

    generation = turn(None, {BILLING: text}, now=datetime(2027, 1, 4, tzinfo=UTC)).generation

    assert codes(generation, BILLING) == ["ML410"]
    assert isinstance(generation.files[BILLING], Accepted)


FILES = (BILLING, SHOP, "accounts/shop.yml", SITE)
SWITCHED_OFF = account("off.example.org") + "enabled: false\n"
SHARED = account("b.example.org").replace("PASSWORD", "OTHER")
ACCOUNT_TEXTS = (account(), account("mail.example.org"), SWITCHED_OFF, SHARED, BROKEN, None)
SITE_TEXTS = ("default_account: billing\n", "default_account: nobody\n", "lint: {severity: {ML301: error}}\n", "x: 1\n")


@st.composite
def folders(draw: st.DrawFn) -> dict[str, str | None]:
    names = draw(st.sets(st.sampled_from(FILES), min_size=1))
    return {name: draw(st.sampled_from(SITE_TEXTS if name == SITE else ACCOUNT_TEXTS)) for name in sorted(names)}


@given(st.lists(folders(), min_size=1, max_size=4))
def test_what_follows_from_edits_is_what_would_be_found_by_looking_at_everything_anew(
    edits: list[dict[str, str | None]],
) -> None:
    generation: Generation | None = None
    for files in edits:
        before, generation = generation, turn(generation, files, NOW).generation
        known = before.accounts if before is not None else {}
        assert generation is before or generation.news == {
            name
            for name in known.keys() | generation.accounts.keys()
            if known.get(name) != generation.accounts.get(name)
        }
    assert generation is not None
    anew = first(edits[-1])

    assert list(generation.files) == list(anew.files) == list(edits[-1])
    for name in edits[-1]:
        assert generation.assessment.parsed.get(name) == anew.assessment.parsed.get(name)
    assert generation.assessment.parsed.keys() == anew.assessment.parsed.keys()
    if generation.assessment.lint == anew.assessment.lint:
        # While no maild.yaml can be used the severities stay what they were.
        assert generation.assessment.judged == anew.assessment.judged
    assert generation.assessment.census == anew.assessment.census
    in_force = {name: state for name, state in generation.files.items() if isinstance(state, Accepted | LastGood)}
    accounts = {
        one.loaded.name: one.loaded.account for one in in_force.values() if isinstance(one.loaded, LoadedAccount)
    }
    assert generation.accounts == accounts
    assert list(generation.accounts) == sorted(accounts)
    assert list(generation.enabled) == [name for name in generation.accounts if name not in generation.disabled]
    assert all(account.is_enabled for account in generation.enabled.values())
    assert generation.disabled == {name for name, one in generation.accounts.items() if not one.is_enabled}
    assert generation.unaccepted == {
        name for name, state in generation.files.items() if not isinstance(state, Accepted)
    }
    assert generation.troubled == {
        name
        for name in generation.files
        if any(one.severity is Severity.ERROR for one in generation.diagnostics_of(name))
    }
