from cryptography.hazmat.primitives.serialization import PublicFormat

from maild.probe.dns.dkim import check
from tests.probe.dns.scenes import GMAIL, figures, helps, judge, short
from tests.records.test_dkim import ed25519_key, rsa_key

NAME = "s1._domainkey.shop.example"


def test_a_configured_key_that_is_there_passes() -> None:
    result = judge(check, f"{NAME} TXT v=DKIM1; k=ed25519; p={ed25519_key()}", selectors=("s1",))

    assert short(result) == ("pass", [])
    assert result.summary == "shop.example has the key s1"
    assert figures(result) == {("dkim_key_bits", "s1"): 256}


def test_each_flaw_of_a_key_has_its_code() -> None:
    for records, verdict, codes in [
        ("", "warn", ["ML518"]),
        (f"{NAME} SILENT", "indeterminate", ["ML733"]),
        (f"{NAME} TXT v=DKIM1; p=\n{NAME} TXT v=DKIM1; p=", "fail", ["ML765"]),
        (f"{NAME} TXT v=DKIM1; p=AAAA", "fail", ["ML765"]),
        (f"{NAME} TXT v=DKIM1; p=", "warn", ["ML766"]),
        (f"{NAME} TXT p={rsa_key(1024)}", "pass", ["ML768"]),
        (f"{NAME} TXT t=y; p={rsa_key(1024)}", "warn", ["ML768", "ML769"]),
        (f"{NAME} TXT p={rsa_key(1024, PublicFormat.PKCS1)}", "fail", ["ML768", "ML765"]),
    ]:
        assert short(judge(check, records, selectors=("s1",))) == (verdict, codes)
    missing = judge(check, "", selectors=("s1",))
    assert missing.summary == "shop.example has no key that verifies"
    assert helps(missing)[0].startswith(f'Publish `{NAME}. TXT "v=DKIM1; k=rsa; p=<public key>"`')
    assert figures(missing) == {("dkim_key_bits", "s1"): 0}
    assert figures(judge(check, f"{NAME} SILENT", selectors=("s1",))) == {}


def test_a_key_that_nobody_takes_fails() -> None:
    # 512 bits of RSA: nobody makes one any more, so it stands here as it was made.
    short_key = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKf36XaDdAvd/gwzTdE1Z30COtLg4PykwmIVG2m7j2qMHUgeJEW0UF2kHoFbR7j7"
    short_key += "KBb1Ye8Y+uCwDVmjlX6Hb9UCAwEAAQ=="

    assert short(judge(check, f"{NAME} TXT p={short_key}", selectors=("s1",))) == ("fail", ["ML767"])


def test_of_the_providers_usual_keys_one_is_enough_and_none_is_a_hint() -> None:
    found = judge(check, f"google._domainkey.shop.example TXT k=ed25519; p={ed25519_key()}", GMAIL)
    none = judge(check, "", GMAIL)

    assert (short(found), found.summary) == (("pass", []), "shop.example has the key google")
    assert short(none) == ("pass", ["ML770"])
    assert none.diagnostics[0].message == "Gmail usually signs by google, and shop.example has no key of that name."
    assert helps(none)[0].endswith("The usual ones stand at https://support.google.com/a/answer/11611356.")


def test_who_signs_by_what_is_not_known_of_every_account() -> None:
    assert short(judge(check, "")) == ("not_applicable", [])
    assert short(judge(check, "", GMAIL, domain="gmail.com")) == ("not_applicable", [])


def test_a_service_signs_for_the_domain_that_it_knows() -> None:
    zone = f"s1._domainkey.mg.shop.example TXT k=ed25519; p={ed25519_key()}"

    assert (
        judge(check, zone, selectors=("s1",), signing_domain="mg.shop.example").summary
        == "mg.shop.example has the key s1"
    )
