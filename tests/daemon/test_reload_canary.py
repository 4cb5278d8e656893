"""How a generation follows from another one where changed accounts are tried before they are used."""

from collections.abc import Mapping
from pathlib import Path

from maild.config.model import SmtpSettings
from maild.daemon.canary import Failing, Passed, Untried, Verdict, Waived
from maild.daemon.earlier import earlier_versions
from maild.daemon.generation import Accepted, Generation, LastGood, Rejected
from maild.daemon.reload import Turn, next_generation
from maild.daemon.successor import Knowledge
from maild.diagnostics import Diagnostic, Location, Severity
from maild.observe.events import FileAccepted, FileGone, FileHeld, FileRejected
from maild.watch.snapshot import ReadFile
from tests.daemon.test_earlier import kept
from tests.daemon.test_reload import BILLING, BROKEN, LATER, NOW, SHOP, SITE, account, codes, host, snapshot

CANARY = "reload: {canary: true}\n"
OLD, NEW = {SITE: CANARY, BILLING: account("old.example.com")}, {SITE: CANARY, BILLING: account("new.example.com")}
FINDING = Diagnostic(
    code="ML909", name="canary-failed", severity=Severity.ERROR, message="no", location=Location(file=BILLING)
)


def turn(
    previous: Generation | None, files: Mapping[str, str | None], verdicts: Mapping[str, Verdict] | None = None
) -> Turn:
    known = Knowledge(verdicts=verdicts or {}, has_canary=True)
    return next_generation(previous, snapshot(files), folder=Path("/etc/maild"), now=LATER, known=known)


def content(text: str) -> str:
    (seen,) = snapshot({BILLING: text}).files.values()
    assert isinstance(seen, ReadFile)
    return seen.digest.hex()


OF_NEW = content(account("new.example.com"))


def held() -> Generation:
    return turn(turn(None, OLD).generation, NEW).generation


def test_a_changed_account_is_held_back_and_the_version_before_goes_on() -> None:
    result = turn(turn(None, OLD).generation, NEW)

    generation = result.generation
    assert host(generation) == "old.example.com"
    assert isinstance(generation.files[BILLING], LastGood)
    assert generation.trials == {BILLING: Untried(content=OF_NEW)}
    assert (generation.is_trying, generation.is_clean) == (True, False)
    (candidate,) = generation.candidates.values()
    assert isinstance(candidate.account.transport, SmtpSettings)
    assert (candidate.file, candidate.account.transport.host) == (BILLING, "new.example.com")
    assert candidate.has_last_good
    assert result.events == (FileHeld(file=BILLING, has_last_good=True),)
    assert codes(generation, BILLING) == []


def test_it_is_used_once_it_passed() -> None:
    result = turn(held(), NEW, {BILLING: Passed(content=OF_NEW)})

    assert host(result.generation) == "new.example.com"
    assert result.generation.news == {"billing"}
    assert result.generation.trials == {}
    assert result.generation.is_clean
    assert result.events == (FileAccepted(file=BILLING, generation=3),)


def test_it_is_used_unproven_where_nothing_could_be_told() -> None:
    generation = turn(held(), NEW, {BILLING: Waived(content=OF_NEW)}).generation

    assert host(generation) == "new.example.com"


def test_it_stays_out_when_it_fails_and_that_is_told_once() -> None:
    verdict = {BILLING: Failing(content=OF_NEW, cause="ML726", finding=FINDING)}
    result = turn(held(), NEW, verdict)

    assert host(result.generation) == "old.example.com"
    assert codes(result.generation, BILLING) == ["ML909"]
    assert not result.generation.is_trying
    assert FINDING in result.generation.report.diagnostics
    assert result.events == (FileRejected(file=BILLING, has_last_good=True, diagnostics=(FINDING,)),)
    assert turn(result.generation, NEW, verdict) == Turn(generation=result.generation)
    later = turn(result.generation, NEW, {BILLING: Passed(content=OF_NEW)}).generation
    assert (host(later), codes(later, BILLING)) == ("new.example.com", [])


def test_another_edit_is_tried_anew_and_a_verdict_on_the_one_before_is_nothing() -> None:
    third = {**NEW, BILLING: account("third.example.com")}

    result = turn(held(), third, {BILLING: Passed(content=OF_NEW)})

    assert host(result.generation) == "old.example.com"
    assert result.generation.trials == {BILLING: Untried(content=content(account("third.example.com")))}
    assert result.events == (FileHeld(file=BILLING, has_last_good=True),)
    assert turn(result.generation, third, {BILLING: Passed(content=OF_NEW)}).generation is result.generation


def test_an_edit_that_is_taken_back_needs_no_try() -> None:
    generation = turn(held(), OLD).generation

    assert isinstance(generation.files[BILLING], Accepted)
    assert generation.trials == {}


def test_a_broken_edit_is_rejected_as_ever_and_not_tried() -> None:
    generation = turn(held(), {**NEW, BILLING: BROKEN}).generation

    assert host(generation) == "old.example.com"
    assert generation.trials == {}
    assert codes(generation, BILLING) != []


def test_what_no_try_could_tell_is_used_at_once() -> None:
    named = {**OLD, BILLING: OLD[BILLING] + "name: Shop\n"}

    generation = turn(turn(None, OLD).generation, named).generation

    assert generation.accounts["billing"].display_name == "Shop"
    assert generation.is_clean


def test_a_new_account_is_not_used_before_it_passed() -> None:
    both = {**OLD, SHOP: account("shop.example.com")}
    result = turn(turn(None, OLD).generation, both)

    assert isinstance(result.generation.files[SHOP], Rejected)
    assert sorted(result.generation.accounts) == ["billing"]
    assert result.events == (FileHeld(file=SHOP, has_last_good=False),)
    (candidate,) = result.generation.candidates.values()
    assert not candidate.has_last_good
    passed = turn(result.generation, both, {SHOP: Passed(content=candidate.content)}).generation
    assert sorted(passed.accounts) == ["billing", "shop"]


def test_at_the_start_every_file_is_taken_as_it_is() -> None:
    generation = turn(None, NEW).generation

    assert host(generation) == "new.example.com"
    assert generation.is_clean


def test_a_file_that_was_changed_while_no_daemon_ran_is_tried_where_an_earlier_version_is_kept() -> None:
    there = snapshot({**NEW, SHOP: account("shop.example.com")})
    rows = {BILLING: kept(account("old.example.com")), SHOP: kept(account("shop.example.com"))}
    known = Knowledge(earlier=earlier_versions(rows, there), has_canary=True)

    generation = next_generation(None, there, folder=Path("/etc/maild"), now=NOW, known=known).generation

    assert host(generation) == "old.example.com"
    assert generation.trials == {BILLING: Untried(content=OF_NEW)}


def test_switching_the_canary_on_holds_nothing_back_and_switching_it_off_lets_everything_in() -> None:
    without = {**OLD, SITE: ""}

    assert turn(turn(None, without).generation, OLD).generation.is_clean
    assert turn(turn(None, without).generation, NEW).generation.trials == {BILLING: Untried(content=OF_NEW)}
    assert host(turn(held(), {**NEW, SITE: ""}).generation) == "new.example.com"


def test_without_a_canary_at_hand_the_setting_holds_nothing_back() -> None:
    before = turn(None, OLD).generation

    after = next_generation(before, snapshot(NEW), folder=Path("/etc/maild"), now=LATER).generation

    assert host(after) == "new.example.com"


def test_a_file_that_is_gone_is_tried_no_more_and_others_wait_on() -> None:
    two = {**NEW, SHOP: account("shop.example.com")}
    before = turn(held(), two).generation
    assert before.trials.keys() == {BILLING, SHOP}

    result = turn(before, NEW)

    assert result.generation.trials.keys() == {BILLING}
    assert result.events == (FileGone(file=SHOP, generation=4),)


def test_a_verdict_reviews_no_other_file() -> None:
    before = turn(held(), {**NEW, SHOP: account("shop.example.com")}).generation

    after = turn(before, {**NEW, SHOP: account("shop.example.com")}, {BILLING: Passed(content=OF_NEW)}).generation

    assert after.touched == {BILLING}
    assert after.trials.keys() == after.unaccepted == {SHOP}


def test_a_file_that_takes_the_place_of_another_one_of_the_same_account_is_held_against_that() -> None:
    renamed = {SITE: CANARY, "accounts/billing.yml": OLD[BILLING]}

    generation = turn(turn(None, OLD).generation, renamed).generation

    assert generation.is_clean
