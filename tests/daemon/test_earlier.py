from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.config.folder import FileKind
from maild.config.load import load_account, load_site
from maild.daemon.earlier import Earlier, Kept, earlier_versions, is_public, to_keep
from maild.daemon.generation import EARLIER, Accepted, LastGood, Rejected
from maild.daemon.reload import Turn, next_generation
from maild.daemon.successor import Knowledge
from maild.observe.events import FileAccepted, FileRejected
from maild.rules.mask import MOST_HIDDEN
from tests.daemon.test_reload import BILLING, BROKEN, NOW, SHOP, SITE, account, codes, first, host, snapshot, turn
from tests.rows import each_row

BEFORE = NOW - timedelta(days=3)


OLD = "a" * 40
NEW = "b" * 40


def kept(text: str, at: datetime = BEFORE, commit: str | None = None) -> Kept:
    (one,) = snapshot({BILLING: text}).files.values()
    digest = one.digest.hex() if hasattr(one, "digest") else ""
    return Kept(data=text.encode(), digest=digest, accepted_at=at, commit=commit)


def start(files: dict[str, str | None], rows: dict[str, Kept]) -> Turn:
    there = snapshot(files)
    known = Knowledge(earlier=earlier_versions(rows, there), commits={FileKind.ACCOUNT: NEW})
    return next_generation(None, there, folder=Path("/etc/maild"), now=NOW, known=known)


def test_a_file_that_is_broken_at_the_start_is_in_force_as_it_was_accepted_before() -> None:
    result = start({BILLING: BROKEN, SHOP: account()}, {BILLING: kept(account("old.example.com"))})

    generation = result.generation
    state = generation.files[BILLING]
    assert isinstance(state, LastGood)
    assert (state.generation, state.since, state.good_at) == (EARLIER, NOW, BEFORE)
    assert host(generation) == "old.example.com"
    assert not generation.is_clean
    rejected = result.events[0]
    assert isinstance(rejected, FileRejected)
    assert rejected.has_last_good


def test_a_version_of_an_earlier_run_comes_from_the_commit_of_then() -> None:
    broken = start({BILLING: BROKEN}, {BILLING: kept(account(), commit=OLD)}).generation.files[BILLING]
    same = start({BILLING: account()}, {BILLING: kept(account(), commit=OLD)}).generation
    other = start({BILLING: account("new.example.com")}, {BILLING: kept(account(), commit=OLD)}).generation

    assert isinstance(broken, LastGood)
    assert broken.commit == OLD
    assert to_keep(same, BILLING) == kept(account(), commit=OLD)
    assert to_keep(other, BILLING) == kept(account("new.example.com"), at=NOW, commit=NEW)


def test_a_file_that_cannot_be_read_at_the_start_is_in_force_as_before_too() -> None:
    generation = start({BILLING: None}, {BILLING: kept(account("old.example.com"))}).generation

    assert host(generation) == "old.example.com"
    assert codes(generation, BILLING) == ["ML123"]


def test_a_file_that_is_as_it_was_accepted_is_so_since_then() -> None:
    result = start({BILLING: account()}, {BILLING: kept(account())})

    state = result.generation.files[BILLING]
    assert isinstance(state, Accepted)
    assert (state.generation, state.since, state.good_at) == (1, BEFORE, BEFORE)
    assert result.events == (FileAccepted(file=BILLING, generation=1),)


def test_a_better_file_replaces_what_was_accepted_before() -> None:
    generation = start({BILLING: account("new.example.com")}, {BILLING: kept(account("old.example.com"))}).generation

    assert host(generation) == "new.example.com"
    assert generation.is_clean


def test_of_two_files_for_one_account_the_one_of_the_earlier_run_stays() -> None:
    other = BILLING.replace(".yaml", ".yml")

    generation = start({BILLING: account("new.example.com"), other: account()}, {other: kept(account())}).generation

    assert isinstance(generation.files[BILLING], Rejected)
    assert host(generation) == "smtp.example.com"


def test_what_a_removed_file_was_or_what_is_no_longer_accepted_is_not_in_force() -> None:
    rows = {SHOP: kept(account()), BILLING: kept(BROKEN), SITE: kept("web: 1\n")}

    generation = start({BILLING: None, SITE: "web: 2\n"}, rows).generation

    assert generation.accounts == {}
    assert {type(state) for state in generation.files.values()} == {Rejected}


def test_the_same_file_that_is_no_longer_accepted_is_rejected() -> None:
    assert isinstance(start({BILLING: BROKEN}, {BILLING: kept(BROKEN)}).generation.files[BILLING], Rejected)


def test_a_maild_yaml_that_is_broken_at_the_start_has_its_earlier_settings() -> None:
    generation = start({SITE: "web: {", BILLING: account()}, {SITE: kept("probe: {interval: 7m}\n")}).generation

    assert generation.site.probe.interval == timedelta(minutes=7)
    assert generation.pending_restart == ()


def test_only_what_is_accepted_and_on_disk_is_kept() -> None:
    before = first({BILLING: account(), SHOP: BROKEN})
    broken = turn(before, {BILLING: BROKEN, SHOP: None}).generation

    assert to_keep(before, BILLING) == Kept(data=account().encode(), digest=kept(account()).digest, accepted_at=NOW)
    assert to_keep(before, SHOP) is None
    assert to_keep(broken, BILLING) is None
    assert to_keep(broken, "accounts/nobody.yaml") is None


@each_row(
    ("text", "is_fine"),
    [
        (account(), True),
        (account().replace("{env: PASSWORD}", "{command: [pass, show, mail/billing]}"), True),
        (account().replace("{env: PASSWORD}", "hunter2"), False),
        (account() + "# password: hunter2\n", False),
        (account() + "# password: hunter2\n" * (MOST_HIDDEN + 1), False),
        (account().replace("{env: PASSWORD}", "{command: [curl, xkeysib-0123456789abcdef0123456789abcdef]}"), False),
    ],
)
def test_nothing_that_looks_like_a_secret_is_kept(text: str, *, is_fine: bool) -> None:
    assert is_public(load_account(BILLING, text.encode())) is is_fine
    assert is_public(load_site(SITE, b"spool: {path: a}\n"))


def test_an_accepted_file_with_a_secret_in_a_comment_is_not_kept() -> None:
    generation = first({BILLING: account() + "# old password: hunter2\n"})

    assert isinstance(generation.files[BILLING], Accepted)
    assert to_keep(generation, BILLING) is None


def test_a_kept_version_shows_no_content() -> None:
    assert "example" not in repr(kept(account()))
    assert Earlier(digest="d", accepted_at=datetime(2026, 1, 1, tzinfo=UTC), loaded=None).loaded is None
