from ipaddress import IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.records.spf.grammar import SpfSyntaxError, is_explain_string, parse_spf, select_spf
from maild.records.spf.term import (
    AddressOf,
    All,
    Directive,
    Exists,
    Include,
    Network,
    Ptr,
    SpfRecord,
    SpfVerdict,
)

V = SpfVerdict


def test_of_the_texts_of_a_name_those_with_the_version_are_records() -> None:
    texts = ("v=spf1", "V=SPF1 -all", "v=spf10 -all", "v=spf1\t-all", "google-site-verification=x", "")

    assert select_spf(texts) == ("v=spf1", "V=SPF1 -all")


def test_every_kind_of_term_becomes_its_value() -> None:
    text = "v=spf1  +A mx:%{d}/24//64 include:_spf.a.example ptr ptr:b.example ip4:192.0.2.77/24 ip6:2001:db8::1 "
    text += "-exists:%{ir}.%{l1r-}.c.example ?all exp=why.example redirect=d.example. moo=%{s}%%x "

    assert parse_spf(text) == SpfRecord(
        directives=(
            Directive(verdict=V.PASS, mechanism=AddressOf(domain=""), text="+A"),
            Directive(
                verdict=V.PASS,
                mechanism=AddressOf(domain="%{d}", is_mx=True, ip4_bits=24, ip6_bits=64),
                text="mx:%{d}/24//64",
            ),
            Directive(verdict=V.PASS, mechanism=Include(domain="_spf.a.example"), text="include:_spf.a.example"),
            Directive(verdict=V.PASS, mechanism=Ptr(domain=""), text="ptr"),
            Directive(verdict=V.PASS, mechanism=Ptr(domain="b.example"), text="ptr:b.example"),
            Directive(verdict=V.PASS, mechanism=Network(network=IPv4Network("192.0.2.0/24")), text="ip4:192.0.2.77/24"),
            Directive(
                verdict=V.PASS, mechanism=Network(network=IPv6Network("2001:db8::1/128")), text="ip6:2001:db8::1"
            ),
            Directive(
                verdict=V.FAIL,
                mechanism=Exists(domain="%{ir}.%{l1r-}.c.example"),
                text="-exists:%{ir}.%{l1r-}.c.example",
            ),
            Directive(verdict=V.NEUTRAL, mechanism=All(), text="?all"),
        ),
        redirect="d.example.",
        exp="why.example",
    )


WRONG = """
allx -all: all/8 a: a/33 a/024 a//129 a:/24 a:example a:b.123 include include/24 exists exists:a.example/24 ptr: ip4
ip4:1.2.3 ip4:192.0.2.1//32 ip4:192.0.2.1/33 ip4:192.0.2.1/ ip6:192.0.2.1 ip6:fe80::1%eth0 ip6:::1/129 redirect= .all
redirect=a exp=%{c}.example a:%{x}.example a:%{d0}.example a:%.example moo=% +exp=a.example \u017fpf a:\u017f.example
a:a.b- redirect=a.example\xa0redirect=b.example exp=a.example\xa0exp=b.example
"""


def test_a_term_that_does_not_fit_is_named() -> None:
    for term in WRONG.replace("\xa0", "\0").split():
        with pytest.raises(SpfSyntaxError) as caught:
            parse_spf(f"v=spf1 a {term} -all".replace("\0", " "))

        assert caught.value.term == term.rpartition("\0")[2]
        assert str(caught.value) == f"{caught.value.term}: {caught.value.problem}"


def test_an_explanation_may_have_spaces_and_macros_of_its_own() -> None:
    assert is_explain_string("%{c} is not allowed at %{r}, %{t}")
    assert not is_explain_string("100%")
    assert not is_explain_string("%{d0}")
    assert not is_explain_string("n\u00f6")


@given(st.text(st.sampled_from("amx4ip6:/.%{}d-~? =allredirct\u017f\n"), max_size=40))
def test_any_text_is_a_record_or_a_syntax_error(text: str) -> None:
    try:
        terms = [directive.text for directive in parse_spf(f"v=spf1 {text}").directives]
    except SpfSyntaxError as error:
        terms = [error.term]

    assert all(term in text for term in terms)
