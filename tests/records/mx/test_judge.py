from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.records.mx import (
    DomainAbsent,
    DomainNotFound,
    ExchangeIsAddress,
    ExchangeIsAlias,
    ExchangeNotPublic,
    ExchangeWithoutAddress,
    HostAnswer,
    HostFound,
    HostUnanswered,
    HostWithoutAddress,
    ImplicitMx,
    MissingTrailingDot,
    MxAbsent,
    MxAnswer,
    MxFound,
    MxJudgement,
    MxRecord,
    MxUnanswered,
    NoMailHost,
    NotAnswered,
    NullMx,
    NullMxBesideOthers,
    PrivateAddress,
    Reception,
    judge,
    select,
)
from tests.rows import each_row

DOMAIN = "shop.example"
PUBLIC = HostFound(addresses=("8.8.8.8",))
ABSENT = HostWithoutAddress()
SILENT = HostUnanswered(detail="no answer within 5 s")


def mx(*records: tuple[int, str]) -> MxFound:
    return MxFound(records=tuple(MxRecord(preference=preference, exchange=name) for preference, name in records))


def judged(answer: MxAnswer, **hosts: HostAnswer) -> MxJudgement:
    """Host names have underscores here where they have dots."""
    return judge(select(DOMAIN, answer), {name.replace("_", "."): host for name, host in hosts.items()})


def test_hosts_are_asked_by_preference_and_each_once() -> None:
    selection = select(DOMAIN, mx((20, "b.mail.example"), (10, "a.mail.example"), (30, "a.mail.example")))

    assert selection.hosts == ("a.mail.example", "b.mail.example")


def test_a_domain_with_working_hosts_is_open() -> None:
    assert judged(mx((10, "a.mail"), (20, "b.mail")), a_mail=PUBLIC, b_mail=PUBLIC) == MxJudgement(
        reception=Reception.OPEN, usable=("a.mail", "b.mail")
    )


def test_a_domain_that_does_not_exist_is_closed() -> None:
    assert judged(DomainAbsent()) == MxJudgement(reception=Reception.CLOSED, problems=(DomainNotFound(),))


def test_a_silent_name_server_says_nothing_about_the_domain() -> None:
    assert judged(MxUnanswered(detail="SERVFAIL")) == MxJudgement(
        reception=Reception.UNKNOWN, problems=(NotAnswered(name=DOMAIN, detail="SERVFAIL"),)
    )


@pytest.mark.parametrize("preference", [0, 10])
def test_a_null_mx_closes_the_domain(preference: int) -> None:
    assert judged(mx((preference, ""))) == MxJudgement(reception=Reception.CLOSED, problems=(NullMx(),))


def test_a_null_mx_beside_others_is_a_contradiction_and_the_others_count() -> None:
    assert judged(mx((0, ""), (10, "a.mail")), a_mail=PUBLIC) == MxJudgement(
        reception=Reception.OPEN, usable=("a.mail",), problems=(NullMxBesideOthers(),)
    )


def test_without_mx_the_name_that_the_alias_leads_to_takes_the_mail() -> None:
    found = HostFound(addresses=("8.8.8.8",), alias_of="other.example")

    assert judged(MxAbsent(name="web.example"), web_example=found) == MxJudgement(
        reception=Reception.OPEN, usable=("web.example",), problems=(ImplicitMx(host="web.example"),)
    )


def test_without_mx_and_address_nothing_takes_the_mail() -> None:
    assert judged(MxAbsent(name=DOMAIN), shop_example=ABSENT) == MxJudgement(
        reception=Reception.CLOSED, problems=(ImplicitMx(host=DOMAIN), NoMailHost())
    )


def test_an_ip_address_is_no_mail_host_and_is_not_asked_about() -> None:
    selection = select(DOMAIN, mx((10, "192.0.2.1")))

    assert selection.hosts == ()
    assert judge(selection, {}) == MxJudgement(
        reception=Reception.CLOSED, problems=(ExchangeIsAddress(exchange="192.0.2.1"),)
    )


@each_row("name", ["localhost", "mail.local", "mail.localdomain", "ms1.msv1.invalid", "a.localhost"])
def test_a_name_that_works_nowhere_else_is_not_asked_about(name: str) -> None:
    assert judged(mx((10, name), (20, "b.mail")), b_mail=PUBLIC) == MxJudgement(
        reception=Reception.DEGRADED, usable=("b.mail",), problems=(ExchangeNotPublic(exchange=name),)
    )


def test_an_alias_works_and_is_reported() -> None:
    alias = HostFound(addresses=("8.8.8.8",), alias_of="real.mail")

    assert judged(mx((10, "a.mail")), a_mail=alias) == MxJudgement(
        reception=Reception.OPEN,
        usable=("a.mail",),
        problems=(ExchangeIsAlias(exchange="a.mail", target="real.mail"),),
    )


def test_a_dangling_host_beside_a_good_one_degrades() -> None:
    assert judged(mx((10, "a.mail"), (20, "b.mail")), a_mail=ABSENT, b_mail=PUBLIC) == MxJudgement(
        reception=Reception.DEGRADED, usable=("b.mail",), problems=(ExchangeWithoutAddress(exchange="a.mail"),)
    )


def test_only_dangling_hosts_close_the_domain() -> None:
    assert judged(mx((10, "a.mail")), a_mail=ABSENT).reception is Reception.CLOSED


@each_row(
    ("exchange", "meant"),
    [
        ("mx.shop.example.shop.example", "mx.shop.example"),
        ("shop.example.shop.example", "shop.example"),
        ("aspmx.l.google.com.shop.example", "aspmx.l.google.com"),
        ("mx.parent.example.parent.example", "mx.parent.example"),
    ],
)
def test_a_forgotten_final_dot_is_recognised(exchange: str, meant: str) -> None:
    selection = select(DOMAIN, mx((10, exchange)))

    assert judge(selection, {exchange: ABSENT}).problems == (MissingTrailingDot(exchange=exchange, meant=meant),)


@pytest.mark.parametrize("exchange", ["mx.shop.example", "com.shop.example", "a.b.shop.example"])
def test_a_host_below_the_domain_lacks_no_dot(exchange: str) -> None:
    selection = select(DOMAIN, mx((10, exchange)))

    assert judge(selection, {exchange: ABSENT}).problems == (ExchangeWithoutAddress(exchange=exchange),)


def test_a_forgotten_final_dot_shows_through_a_wildcard() -> None:
    exchange = "mx.shop.example.shop.example"

    assert judge(select(DOMAIN, mx((10, exchange))), {exchange: PUBLIC}) == MxJudgement(
        reception=Reception.OPEN,
        usable=(exchange,),
        problems=(MissingTrailingDot(exchange=exchange, meant="mx.shop.example"),),
    )


def test_private_addresses_are_told_and_count_as_working() -> None:
    inside = HostFound(addresses=("192.168.1.2", "fd00::2"))

    assert judged(mx((10, "a.mail")), a_mail=inside) == MxJudgement(
        reception=Reception.OPEN,
        usable=("a.mail",),
        problems=(PrivateAddress(exchange="a.mail", address="192.168.1.2"),),
    )


def test_one_public_address_is_enough() -> None:
    assert judged(mx((10, "a.mail")), a_mail=replace(PUBLIC, addresses=("10.0.0.1", "8.8.8.8"))).problems == ()


def test_a_host_nobody_answers_for_is_not_held_against_the_domain() -> None:
    told = (NotAnswered(name="a.mail", detail=SILENT.detail),)

    both = judged(mx((10, "a.mail"), (20, "b.mail")), a_mail=SILENT, b_mail=PUBLIC)
    alone = judged(mx((10, "a.mail")), a_mail=SILENT)
    beside_dead = judged(mx((10, "a.mail"), (20, "b.mail")), a_mail=SILENT, b_mail=ABSENT)

    assert both == MxJudgement(reception=Reception.OPEN, usable=("b.mail",), problems=told)
    assert alone == MxJudgement(reception=Reception.UNKNOWN, problems=told)
    assert beside_dead.reception is Reception.UNKNOWN


names = st.sampled_from(
    ["", "a.mail", "b.mail", "192.0.2.1", "localhost", "x.shop.example.shop.example", "no.shop.example"]
)


@settings(deadline=None)
@given(
    records=st.lists(st.tuples(st.integers(0, 65535), names), min_size=1, max_size=6),
    answers=st.lists(st.sampled_from([PUBLIC, ABSENT, SILENT]), min_size=6, max_size=6),
)
def test_only_selected_hosts_are_usable_and_silence_never_closes(
    records: list[tuple[int, str]], answers: list[HostAnswer]
) -> None:
    selection = select(DOMAIN, mx(*records))
    given_answers = dict(zip(selection.hosts, answers, strict=False))
    outcome = judge(selection, given_answers)

    assert outcome.usable == tuple(host for host in selection.hosts if given_answers[host] is PUBLIC)
    assert not (SILENT in given_answers.values() and outcome.reception is Reception.CLOSED)
