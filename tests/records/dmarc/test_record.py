import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.records.dmarc.record import DmarcError, DmarcPolicy, DmarcRecord, Psd, parse_dmarc, select_dmarc

P = DmarcPolicy


def test_only_texts_that_begin_with_the_version_are_records() -> None:
    assert select_dmarc(("v=DMARC1; p=none", "v=dmarc1; p=none", "x")) == ("v=DMARC1; p=none",)


def test_every_tag_has_its_meaning() -> None:
    text = "v=DMARC1; p=reject; sp=quarantine; np=reject; psd=n; t=y; adkim=s; aspf=s; "
    text += "rua=mailto:a@Reports.example!10m, mailto:b@reports.example, https://x.example/; ruf=mailto:c@d.example"

    assert parse_dmarc(text) == DmarcRecord(
        policy=P.REJECT,
        subdomains=P.QUARANTINE,
        absent_names=P.REJECT,
        psd=Psd.NO,
        is_testing=True,
        is_strict_spf=True,
        is_strict_dkim=True,
        reports=("reports.example",),
    )


def test_a_record_is_mended_by_leaving_out_what_means_nothing() -> None:
    for text, mended in [
        ("v=DMARC1; p=none; pct=50; ri=1; rf=afrf", "v=DMARC1; p=none"),
        ("v=DMARC1; sp=none; p=reject; np=all", "v=DMARC1; p=reject; sp=none"),
        ("v=DMARC1; p=none; psd=x; t=Y; rua=a@b.example", "v=DMARC1; p=none; t=Y"),
        ("v=DMARC1; rua=mailto:a@b.example, x", "v=DMARC1; p=none; rua=mailto:a@b.example"),
    ]:
        assert parse_dmarc(text).mended == mended


def test_testing_weakens_a_policy_by_one_step_for_new_receivers_alone() -> None:
    tested = parse_dmarc("v=DMARC1; p=reject; sp=quarantine; t=y")
    plain = parse_dmarc("v=DMARC1; p=reject")

    assert [tested.policy_for(is_below=False), tested.policy_for(is_below=True)] == [P.QUARANTINE, P.NONE]
    assert [tested.old_policy_for(is_below=False), tested.old_policy_for(is_below=True)] == [P.REJECT, P.QUARANTINE]
    assert [plain.policy_for(is_below=True), plain.old_policy_for(is_below=True)] == [P.REJECT, P.REJECT]


def test_what_a_reader_would_stumble_over_is_noted() -> None:
    for text, notes in [
        (
            "v=DMARC1; p=none; pct=50; ri=1",
            ("`pct` counts no more since RFC 9989", "`ri` counts no more since RFC 9989"),
        ),
        ("v=DMARC1; sp=none; p=none", ("`p` does not follow `v` at once, as older receivers want it",)),
        ("v=DMARC1; rua=mailto:a@b.example", ("`p` is missing, which counts as none",)),
        ("v=DMARC1; p=maybe; rua=mailto:a@b.example", ("`p=maybe` is none of none, quarantine and reject",)),
        ("v=DMARC1; p=none; sp=all", ("`sp=all` is none of none, quarantine and reject",)),
        ("v=DMARC1; p=none; psd=x", ("`psd=x` is none of u, y, n",)),
        ("v=DMARC1; p=none; rua=a@b.example", ("`a@b.example` in `rua` is no address for reports",)),
    ]:
        assert parse_dmarc(text).notes == notes


def test_a_record_that_receivers_ignore_is_an_error() -> None:
    for text, words in [
        ("v=DMARC1", "`p` must be"),
        ("v=DMARC1; p=x", "`p` must be"),
        ("v=DMARC1 p=none", "`p` must"),
        ("v=DMARC1; x", "no tag"),
    ]:
        with pytest.raises(DmarcError) as caught:
            parse_dmarc(text)
        assert words in caught.value.problem


@given(st.sampled_from(P), st.none() | st.sampled_from(P), st.booleans(), st.booleans())
def test_a_policy_that_is_written_is_the_one_that_is_read(
    policy: DmarcPolicy,
    below: DmarcPolicy | None,
    is_testing: bool,  # noqa: FBT001 -- hypothesis hands it in
    is_strict: bool,  # noqa: FBT001 -- hypothesis hands it in
) -> None:
    text = f"v=DMARC1;p={policy}" + (f";sp={below}" if below else "")
    text += f";t={'y' if is_testing else 'n'};aspf={'s' if is_strict else 'r'}"

    assert parse_dmarc(text) == DmarcRecord(
        policy=policy, subdomains=below, is_testing=is_testing, is_strict_spf=is_strict
    )
