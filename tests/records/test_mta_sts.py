import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.records.mta_sts import StsError, StsMode, StsPolicy, parse_sts_policy, parse_sts_record

POLICY = "version: STSv1\r\nmode: enforce\r\nmx: MX1.shop.example\nmx: *.mail.example.\nmax_age: 604800\n\n"


def test_one_record_has_an_id() -> None:
    assert parse_sts_record(("v=STSv1; id=20261124T12;", "other")) == "20261124T12"
    assert parse_sts_record(("v=spf1 -all",)) is None


def test_a_record_that_senders_take_no_notice_of_is_an_error() -> None:
    for texts, words in [
        (("v=STSv1; id=1", "v=STSv1; id=2"), "there are 2 records"),
        (("v=STSv1;",), "`id` must be"),
        (("v=STSv1; id=a-b",), "`id` must be"),
        (("v=STSv1; id",), "this is no tag"),
    ]:
        with pytest.raises(StsError) as caught:
            parse_sts_record(texts)
        assert words in caught.value.problem


def test_a_policy_names_hosts_and_how_long_it_counts() -> None:
    policy = parse_sts_policy(POLICY)

    assert policy == StsPolicy(mode=StsMode.ENFORCE, hosts=("mx1.shop.example", "*.mail.example"), max_age_s=604_800)
    assert [policy.covers(host) for host in ("mx1.SHOP.example.", "a.mail.example", "b.shop.example")] == [
        True,
        True,
        False,
    ]
    assert [policy.covers(host) for host in ("a.b.mail.example", "mail.example", "")] == [False, False, False]


def test_a_policy_without_hosts_may_only_end_another_one() -> None:
    assert parse_sts_policy("version: STSv1\nmode: none\nmax_age: 0") == StsPolicy(
        mode=StsMode.NONE, hosts=(), max_age_s=0
    )


def test_a_policy_that_does_not_count_is_an_error() -> None:
    for old, new, words in [
        ("version: STSv1", "version: 2", "`version: STSv1` is missing"),
        ("mode: enforce", "mode: on", "`mode` must be"),
        ("max_age: 604800", "max_age: -1", "`max_age` must be"),
        ("max_age: 604800", "max_age: 31557601", "`max_age` must be"),
        ("mx: MX1.shop.example", "mx: mail shop", "is no host"),
        ("mx: MX1.shop.example\nmx: *.mail.example.", "mx_: x", "no `mx` names"),
        ("mode: enforce", "<html>", "is no `key: value`"),
    ]:
        with pytest.raises(StsError) as caught:
            parse_sts_policy(POLICY.replace(old, new))
        assert words in caught.value.problem


@given(st.sampled_from(StsMode), st.lists(st.sampled_from(["a.example", "*.b.example"]), min_size=1), st.integers(0, 9))
def test_a_policy_that_is_written_is_the_one_that_is_read(mode: StsMode, hosts: list[str], age: int) -> None:
    text = "\n".join(["version: STSv1", f"mode: {mode}", *(f"mx: {host}" for host in hosts), f"max_age: {age}"])

    assert parse_sts_policy(text) == StsPolicy(mode=mode, hosts=tuple(hosts), max_age_s=age)
