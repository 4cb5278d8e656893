from ipaddress import ip_address

from maild.probe.dns.relay import with_term
from maild.probe.dns.spf import check
from tests.probe.dns.scenes import GMAIL, OWN, figures, helps, judge, short

PROVIDER = """
_spf.google.com  TXT  v=spf1 include:_netblocks.google.com ~all
_netblocks.google.com TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all
"""
HERE = (ip_address("198.51.100.1"),)
WIDE = " ".join(f"a:h{number}.shop.example" for number in range(11))
WIDE_ZONE = "\n".join(f"h{number}.shop.example A 203.0.113.{number}" for number in range(11))


def test_a_domain_that_includes_its_provider_passes() -> None:
    result = judge(check, PROVIDER + "shop.example TXT v=spf1 include:_spf.google.com ~all", GMAIL)

    assert short(result) == ("pass", [])
    assert result.summary == "SPF of shop.example lets Gmail send (2 of 10 look-ups)"
    assert figures(result) == {
        ("spf_lookups", ""): 2,
        ("spf_void_lookups", ""): 0,
        ("spf_relay_authorised", "gmail"): True,
    }


def test_a_domain_that_copied_its_providers_addresses_passes() -> None:
    copied = "shop.example TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"

    assert short(judge(check, PROVIDER + copied, GMAIL)) == ("pass", [])
    half = "shop.example TXT v=spf1 ip4:192.0.2.0/24 -all"
    assert short(judge(check, PROVIDER + half, GMAIL)) == ("warn", ["ML517"])


def test_the_record_that_lets_the_provider_send_is_shown() -> None:
    result = judge(
        check, PROVIDER + "shop.example TXT v=spf1 a:mail.shop.example -all\nmail.shop.example A 192.0.2.9", GMAIL
    )

    assert short(result) == ("warn", ["ML517"])
    record = "v=spf1 a:mail.shop.example include:_spf.google.com -all"
    assert helps(result) == [f'Publish `shop.example. TXT "{record}"` in place of the present record.']
    assert figures(result)["spf_relay_authorised", "gmail"] is False


def test_what_could_not_be_told_of_the_provider_accuses_nobody() -> None:
    silent = "_spf.google.com SILENT\nshop.example TXT v=spf1 -all"
    halfway = PROVIDER + "shop.example TXT v=spf1 exists:%{l}.%{i}._x.shop.example -all\n"
    halfway += "postmaster.192.0.2.0._x.shop.example SILENT"
    macros = "_spf.google.com TXT v=spf1 exists:%{i}.x.example -all\nshop.example TXT v=spf1 -all"

    assert short(judge(check, silent, GMAIL)) == ("indeterminate", ["ML733"])
    assert short(judge(check, halfway, GMAIL)) == ("indeterminate", ["ML733"])
    assert short(judge(check, macros, GMAIL)) == ("warn", ["ML517"])


def test_own_addresses_are_tried_one_by_one() -> None:
    both = (*HERE, ip_address("2001:db8::1"))
    good = judge(check, "shop.example TXT v=spf1 ip4:198.51.100.1 ip6:2001:db8::1 -all", sends_from=both)
    bad = judge(check, "shop.example TXT v=spf1 ip4:198.51.100.1 -all", sends_from=both)

    assert good.summary == "SPF of shop.example lets 198.51.100.1 and 2001:db8::1 send (0 of 10 look-ups)"
    assert short(bad) == ("warn", ["ML764"])
    assert helps(bad)[0].startswith('Publish `shop.example. TXT "v=spf1 ip4:198.51.100.1 ip6:2001:db8::1 -all"`')
    neutral = judge(check, "shop.example TXT v=spf1", sends_from=HERE)
    assert neutral.diagnostics[0].message.endswith("it comes to neutral.")
    half = judge(check, "_spf.google.com SILENT\nshop.example TXT v=spf1 -all", GMAIL, sends_from=HERE)
    assert short(half) == ("warn", ["ML733", "ML764"])
    silent = "shop.example TXT v=spf1 exists:%{i}._x.shop.example -all\n198.51.100.1._x.shop.example SILENT"
    assert short(judge(check, silent, sends_from=HERE)) == ("indeterminate", ["ML733"])


def test_without_a_provider_or_addresses_the_record_alone_is_judged() -> None:
    result = judge(
        check, "shop.example TXT v=spf1 mx -all\nshop.example MX 1 mx.shop.example.\nmx.shop.example A 192.0.2.1"
    )

    assert short(result) == ("pass", [])
    assert result.summary.endswith("(1 of 10 look-ups); from where its mail goes out is not known")


def test_what_is_wrong_with_the_record_itself_is_told_with_the_fix() -> None:
    for zone, code, words in [
        ("shop.example A 192.0.2.1", "ML760", 'Publish `shop.example. TXT "v=spf1 include:_spf.google.com ~all"`'),
        (
            "shop.example TXT v=spf1 mix -all",
            "ML761",
            'Correct `mix`, or publish `shop.example. TXT "v=spf1 -all"`, which is the record without it.',
        ),
        ("shop.example TXT v=spf1 include:x.example -all", "ML761", "Correct `include:x.example`, or publish"),
        ("shop.example TXT v=spf1 -all\nshop.example TXT v=spf1 a", "ML761", "Publish one TXT record of shop.example"),
        (
            "shop.example TXT v=spf1 include:x.example -all\nx.example TXT v=spf1 y",
            "ML761",
            "Remove what includes x.example",
        ),
        (f"shop.example TXT v=spf1 {WIDE} -all\n{WIDE_ZONE}", "ML762", "Remove an `include`"),
        ("shop.example TXT v=spf1 +all", "ML763", 'Publish `shop.example. TXT "v=spf1 ~all"` in its place.'),
    ]:
        result = judge(check, zone, GMAIL)

        assert [diagnostic.code for diagnostic in result.diagnostics] == [code]
        assert helps(result)[0].startswith(words)
    wide = judge(check, f"shop.example TXT v=spf1 {WIDE} -all\n{WIDE_ZONE}").diagnostics[0]
    assert wide.message.startswith("The SPF record of shop.example needs 11 look-ups")
    missing = judge(check, "shop.example A 192.0.2.1", sends_from=HERE)
    assert 'TXT "v=spf1 ip4:198.51.100.1 ~all"' in helps(missing)[0]
    assert 'TXT "v=spf1 mx ~all"' in helps(judge(check, "shop.example A 192.0.2.1"))[0]


def test_silence_and_domains_of_others_are_no_faults() -> None:
    assert short(judge(check, "shop.example SILENT")) == ("indeterminate", ["ML733"])
    assert short(judge(check, "", GMAIL, domain="gmail.com")) == ("not_applicable", [])
    assert short(judge(check, "", OWN, domain="localhost")) == ("not_applicable", [])


def test_a_term_is_put_before_what_ends_the_record() -> None:
    assert with_term("v=spf1 mx ~all x=y", "a") == "v=spf1 mx a ~all x=y"
    assert with_term("v=spf1 redirect=b.example", "a") == "v=spf1 a redirect=b.example"
    assert with_term("v=spf1 mx", "a") == "v=spf1 mx a"
