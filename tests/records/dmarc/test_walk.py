from hypothesis import given
from hypothesis import strategies as st

from maild.records.dialogue import drive
from maild.records.dmarc import DmarcFindings, DmarcFlaw, DmarcPolicy, Reading, find_dmarc, is_aligned, names_to_ask
from tests.fakes.zone import Zone

P = DmarcPolicy


def find(domain: str, records: str, base: str = "shop.example") -> DmarcFindings:
    zone = Zone("\n".join(f"_dmarc.{line.strip()}" for line in records.strip().splitlines()))
    return drive(find_dmarc(domain, lambda _: base), zone.answer)


def short(reading: Reading) -> tuple[str, str | None, DmarcPolicy | None]:
    return reading.organization, reading.source, reading.policy


def test_a_walk_asks_at_most_eight_times() -> None:
    assert names_to_ask("a.b.shop.example") == ("a.b.shop.example", "b.shop.example", "shop.example", "example")
    assert names_to_ask("a.b.c.d.e.f.g.h.i.j") == (
        "a.b.c.d.e.f.g.h.i.j",
        *("d.e.f.g.h.i.j", "e.f.g.h.i.j", "f.g.h.i.j", "g.h.i.j", "h.i.j", "i.j", "j"),
    )
    assert len(names_to_ask("a.b.c.d.e.f.g.h")) == 8


def test_the_domain_s_own_record_counts_before_its_organisation_s() -> None:
    found = find("mail.shop.example", "mail.shop.example TXT v=DMARC1;p=none\nshop.example TXT v=DMARC1;p=reject")

    assert short(found.new) == ("shop.example", "mail.shop.example", P.NONE)
    assert short(found.old) == ("shop.example", "mail.shop.example", P.NONE)


def test_a_record_above_gives_its_policy_for_names_below() -> None:
    found = find("a.mail.shop.example", "shop.example TXT v=DMARC1;p=reject;sp=quarantine")

    assert short(found.new) == short(found.old) == ("shop.example", "shop.example", P.QUARANTINE)


def test_a_record_in_between_is_seen_by_new_receivers_alone() -> None:
    found = find("a.mail.shop.example", "mail.shop.example TXT v=DMARC1;p=reject")

    assert short(found.new) == ("mail.shop.example", "mail.shop.example", P.REJECT)
    assert short(found.old) == ("shop.example", None, None)


def test_a_registry_says_that_the_name_below_it_is_the_organisation() -> None:
    below = find("mail.shop.example", "example TXT v=DMARC1;p=reject;psd=y")
    itself = find("example", "example TXT v=DMARC1;p=reject;psd=y", base="example")

    assert short(below.new) == ("shop.example", "example", P.REJECT)
    assert short(itself.new) == ("example", "example", P.REJECT)


def test_a_name_may_say_that_it_is_the_organisation() -> None:
    records = "shop.example TXT v=DMARC1;p=none;psd=n\nexample TXT v=DMARC1;p=reject;psd=y"

    assert short(find("mail.shop.example", records).new) == ("shop.example", "shop.example", P.NONE)


def test_no_record_anywhere_leaves_the_name_to_itself() -> None:
    found = find("mail.shop.example", "other.example TXT v=DMARC1;p=none")

    assert found.new == Reading(organization="mail.shop.example", source=None, record=None, policy=None)
    assert short(find("mail.shop.example", "x.example TXT v=DMARC1;p=none;psd=n").new)[1] is None


def test_records_that_do_not_count_are_told_and_passed_over() -> None:
    records = """mail.shop.example TXT v=DMARC1;p=none
    mail.shop.example TXT v=DMARC1;p=reject
    shop.example TXT v=DMARC1;p=maybe
    shop.example TXT something else
    example SILENT"""
    found = find("mail.shop.example", records)

    assert found.flaws == (
        DmarcFlaw(domain="mail.shop.example", problem="there are 2 DMARC records, so none counts"),
        DmarcFlaw(domain="shop.example", problem="`p` must be none, quarantine or reject"),
    )
    assert found.silent == "TXT of _dmarc.example: SERVFAIL"
    assert found.new.source is None


def test_alignment_is_by_organisation_or_strict() -> None:
    same = ("shop.example", "shop.example")

    assert is_aligned("a.shop.example", "a.shop.example", is_strict=True, organizations=same)
    assert is_aligned("a.shop.example", "shop.example", is_strict=False, organizations=same)
    assert not is_aligned("a.shop.example", "shop.example", is_strict=True, organizations=same)
    assert not is_aligned("a.shop.example", "x.example", is_strict=False, organizations=("shop.example", "x.example"))


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.sets(st.integers(0, 12)), st.sampled_from("uyn"))
def test_what_is_found_stands_on_the_way_up(labels: list[str], have: set[int], psd: str) -> None:
    domain = ".".join(labels)
    zone = "\n".join(f"{'.'.join(labels[i:])} TXT v=DMARC1;p=reject;psd={psd}" for i in have if i < len(labels))
    found = find(domain, zone or "x TXT x", base=domain)

    assert found.new.organization in names_to_ask(domain)
    assert found.new.source is None or found.new.source in names_to_ask(domain)
    assert (found.new.policy is None) == (found.new.source is None)
