from maild.probe.dns.dmarc import check
from tests.probe.dns.scenes import GMAIL, helps, judge, short
from tests.records.test_dkim import ed25519_key

KEY = f"k=ed25519; p={ed25519_key()}"
REJECT = "_dmarc.shop.example TXT v=DMARC1; p=reject\n"
SPF_NONE = "shop.example TXT v=spf1 -all\n_spf.google.com TXT v=spf1 ip4:192.0.2.0/24 -all\n"


def test_a_policy_is_told_with_where_it_stands() -> None:
    here = judge(check, "_dmarc.shop.example TXT v=DMARC1; p=none")
    above = judge(check, "_dmarc.shop.example TXT v=DMARC1; p=none", domain="mail.shop.example")

    assert (short(here), here.summary) == (("pass", []), "DMARC of shop.example asks for p=none")
    assert above.summary == "DMARC of mail.shop.example asks for p=none (from shop.example)"


def test_what_is_wrong_with_the_records_has_its_code() -> None:
    for records, verdict, codes in [
        ("", "warn", ["ML771"]),
        ("_dmarc.shop.example SILENT", "indeterminate", ["ML733"]),
        ("_dmarc.shop.example TXT v=DMARC1; p=none\n_dmarc.shop.example TXT v=DMARC1; p=none", "warn", ["ML772"]),
        ("_dmarc.shop.example TXT v=DMARC1; p=none; pct=50", "pass", ["ML773"]),
    ]:
        assert short(judge(check, records)) == (verdict, codes)
    assert helps(
        judge(check, "_dmarc.shop.example TXT v=DMARC1; pct=50; rua=mailto:a@shop.example,x; sp=no; t=y; p=none")
    )[0] == (
        'Publish `_dmarc.shop.example. TXT "v=DMARC1; p=none; rua=mailto:a@shop.example; t=y"` in place of the present '
        "record."
    )
    assert helps(judge(check, ""))[0].startswith(
        'Publish `_dmarc.shop.example. TXT "v=DMARC1; p=none; rua=mailto:postmaster@shop.example"`'
    )


def test_old_and_new_receivers_that_find_different_policies_are_told_of() -> None:
    between = judge(check, "_dmarc.mail.shop.example TXT v=DMARC1; p=none", domain="a.mail.shop.example")
    tested = judge(check, "_dmarc.shop.example TXT v=DMARC1; p=quarantine; t=y")

    assert short(between) == ("warn", ["ML774"])
    assert between.diagnostics[0].message == (
        "Receivers read the DMARC policy of a.mail.shop.example in two ways: those of RFC 9989 find p=none at "
        "_dmarc.mail.shop.example, older ones find none."
    )
    assert short(tested) == ("pass", [])


def test_who_gets_reports_must_have_agreed() -> None:
    record = "_dmarc.shop.example TXT v=DMARC1; p=none; rua=mailto:a@x.example, mailto:b@shop.example\n"
    name = "shop.example._report._dmarc.x.example"

    refused = judge(check, record)
    assert short(refused) == ("warn", ["ML775"])
    assert helps(refused) == [f'Let x.example publish `{name}. TXT "v=DMARC1"`, or name another address in `rua`.']
    assert short(judge(check, record + f"{name} TXT v=DMARC1;")) == ("pass", [])
    assert short(judge(check, record + f"{name} SILENT")) == ("pass", [])


def test_a_policy_that_refuses_own_mail_is_a_conflict() -> None:
    assert short(judge(check, REJECT + SPF_NONE, GMAIL)) == ("pass", [])  # a usual key may have another name
    named = judge(check, REJECT + SPF_NONE, GMAIL, selectors=("s1",))
    assert short(named) == ("warn", ["ML519"])
    assert "to reject mail that is not proved" in named.diagnostics[0].message

    signed = REJECT + SPF_NONE + f"s1._domainkey.shop.example TXT {KEY}"
    assert short(judge(check, signed, GMAIL, selectors=("s1",))) == ("pass", [])
    assert short(judge(check, REJECT + "shop.example TXT v=spf1 +all")) == ("pass", [])
    included = REJECT + "shop.example TXT v=spf1 include:_spf.google.com -all\n_spf.google.com TXT v=spf1 -all"
    assert short(judge(check, included, GMAIL, selectors=("s1",))) == ("pass", [])


def test_a_service_that_sends_for_another_domain_must_be_aligned() -> None:
    zone = REJECT + f"shop.example TXT v=spf1 -all\ns1._domainkey.mg.shop.example TXT {KEY}\n"
    zone += f"s1._domainkey.other.example TXT {KEY}"

    assert short(judge(check, zone, selectors=("s1",), signing_domain="mg.shop.example")) == ("pass", [])
    assert short(judge(check, zone, selectors=("s1",), signing_domain="other.example")) == ("warn", ["ML519"])


def test_a_provider_s_own_domain_is_its_own_business() -> None:
    assert short(judge(check, "", GMAIL, domain="gmail.com")) == ("not_applicable", [])
