from dataclasses import replace
from ipaddress import ip_address

from maild.records.spf.macro import MacroValues, expand, expand_name, needs_validated_name
from tests.rows import each_row

# The example of RFC 7208 §7.4.
VALUES = MacroValues(
    client=ip_address("192.0.2.3"),
    local_part="strong-bad",
    sender_domain="email.example.com",
    domain="email.example.com",
    helo="mx.example.org",
)


@each_row(
    ("text", "expected"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l-}", "strong.bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{h} %{c} %{r} %{t} %{p}", "mx.example.org 192.0.2.3 unknown 0 unknown"),
        ("%{S}%%%_%-", "strong-bad%40email.example.com% %20"),
    ],
)
def test_macros_become_what_they_stand_for(text: str, expected: str) -> None:
    assert expand(text, VALUES) == expected


def test_an_address_of_version_6_is_spelled_digit_by_digit() -> None:
    values = replace(VALUES, client=ip_address("2001:db8::cb01"))

    expected = "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.com"
    assert expand("%{ir}.%{v}._spf.%{d2}", values) == expected
    assert expand("%{c}", values) == "2001:db8::cb01"


def test_a_name_that_is_too_long_loses_its_left() -> None:
    values = replace(VALUES, local_part=".".join(["a" * 50] * 5))

    assert expand_name("%{l}.%{d}.", values) == ".".join(["a" * 50] * 4) + ".email.example.com"
    assert expand_name("%{l}", replace(VALUES, local_part="a" * 300)) == "a" * 300


def test_the_validated_name_is_looked_for_only_where_it_stands() -> None:
    assert needs_validated_name("%{P}.example")
    assert not needs_validated_name("%{d}.p.example")
