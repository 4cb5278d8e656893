"""The checks of how mail finds its way: MTA-STS, TLS-RPT, DANE, CAA, SRV, addresses; and BIMI."""

import hashlib

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate

from maild.probe.dns import address, bimi, caa, dane, mta_sts, srv, tls_rpt
from maild.probe.result import CheckResult
from maild.records.dialogue import Absent, Found, Question, Reply, Silent, drive
from maild.records.tlsa import record_of
from tests.fakes.certificates import certificates
from tests.fakes.zone import Zone
from tests.probe.dns.scenes import GMAIL, OWN, helps, judge, short

STS = "_mta-sts.shop.example TXT v=STSv1; id=1\nshop.example MX 1 mx.shop.example.\nshop.example MX 2 .\n"
POLICY = "version: STSv1\nmode: enforce\nmx: mx.shop.example\nmax_age: 604800"


def looked(policy: Reply, records: str = STS) -> CheckResult:
    zone = Zone(records)

    def answer(question: Question) -> Reply:
        return policy if question.rdtype == mta_sts.POLICY else zone.answer(question)

    return drive(mta_sts.check(OWN), answer)


def sts(policy: str, records: str = STS, media_type: str = "text/plain") -> tuple[str, list[str]]:
    return short(looked(Found(values=(policy, media_type)), records))


def test_a_policy_must_cover_the_mail_hosts() -> None:
    assert sts(POLICY) == ("pass", [])
    assert sts(POLICY.replace("mx.shop", "mx2.shop")) == ("fail", ["ML777"])
    assert sts(POLICY.replace("enforce", "testing").replace("mx.shop", "mx2.shop")) == ("fail", ["ML777"])
    assert sts("version: STSv1\nmode: none\nmax_age: 1") == ("pass", [])
    assert sts(POLICY, "_mta-sts.shop.example TXT v=STSv1; id=1\nshop.example SILENT") == ("pass", [])


def test_a_policy_that_nobody_can_hold_to_is_told_of() -> None:
    assert sts("<html>") == ("warn", ["ML755"])
    assert sts(POLICY, media_type="application/octet-stream") == ("pass", ["ML756"])
    assert sts(POLICY, "_mta-sts.shop.example TXT v=STSv1;") == ("warn", ["ML776"])
    assert short(judge(mta_sts.check, "_mta-sts.shop.example SILENT")) == ("indeterminate", ["ML733"])
    assert short(judge(mta_sts.check, "")) == ("not_applicable", [])
    assert short(judge(mta_sts.check, "", GMAIL, domain="gmail.com")) == ("not_applicable", [])


def test_why_a_policy_cannot_be_had_is_told_apart() -> None:
    cases: dict[str, tuple[Reply, str, str, str]] = {
        "no host": (Absent(is_name_known=False), "warn", "ML753", "there is no host mta-sts.shop.example"),
        "silence": (Silent(detail="no answer came", cause="unreachable"), "indeterminate", "ML753", "no answer came"),
        "an error": (Silent(detail="the server answers 404", cause="answer"), "warn", "ML753", "answers 404"),
        "a stranger": (Silent(detail="its certificate", cause="certificate"), "warn", "ML754", "its certificate"),
    }
    advice = set()
    for name, (reply, verdict, code, words) in cases.items():
        result = looked(reply)
        assert short(result) == (verdict, [code]), name
        assert words in result.diagnostics[0].message
        assert result.diagnostics[0].message.startswith(
            "shop.example announces MTA-STS, and its policy at https://mta-sts.shop.example/.well-known/mta-sts.txt"
        )
        advice.add(result.diagnostics[0].help)
    assert len(advice) == len(cases)


def test_reports_on_tls_go_where_the_record_says() -> None:
    name = "_smtp._tls.shop.example"

    assert judge(tls_rpt.check, f"{name} TXT v=TLSRPTv1; rua=mailto:a@b.example").summary == (
        "TLS reports of shop.example go to mailto:a@b.example"
    )
    assert short(judge(tls_rpt.check, f"{name} TXT v=TLSRPTv1; rua=a@b.example")) == ("warn", ["ML778"])
    assert short(judge(tls_rpt.check, f"{name} SILENT")) == ("indeterminate", ["ML733"])
    assert short(judge(tls_rpt.check, "")) == ("not_applicable", [])
    assert short(judge(tls_rpt.check, "", GMAIL, domain="gmail.com")) == ("not_applicable", [])


def certificate() -> bytes:
    return load_pem_x509_certificate(certificates().good.cert_file.read_bytes()).public_bytes(Encoding.DER)


def pinned(records: str, *, chain: bytes | None = None) -> tuple[str, list[str]]:
    zone = Zone(records)

    def answer(question: Question) -> Reply:
        if question.rdtype == dane.CHAIN and chain is not None:
            return Found(values=(chain.hex(),))
        return zone.answer(question)

    return short(drive(dane.check(OWN), answer))


def test_pins_are_held_against_the_certificate_that_the_server_shows() -> None:
    name, right = "_465._tcp.mail.shop.example", record_of(certificate())
    wrong = f"3 1 1 {hashlib.sha256(b'other').hexdigest()}"

    assert pinned(f"secure shop.example\n{name} TLSA {right}", chain=certificate()) == ("pass", [])
    assert pinned(f"secure shop.example\n{name} TLSA {right}") == ("pass", [])
    assert pinned(f"secure shop.example\n{name} TLSA {wrong}", chain=certificate()) == ("fail", ["ML794"])
    assert pinned(f"secure shop.example\n{name} TLSA 1 1 1 {'00' * 32}") == ("warn", ["ML793"])
    assert pinned(f"{name} TLSA {right}", chain=certificate()) == ("warn", ["ML779"])


def test_the_pin_to_publish_is_shown() -> None:
    zone = Zone(f"secure shop.example\n_465._tcp.mail.shop.example TLSA 3 1 1 {'00' * 32}")

    def answer(question: Question) -> Reply:
        return Found(values=(certificate().hex(),)) if question.rdtype == dane.CHAIN else zone.answer(question)

    result = drive(dane.check(OWN), answer)
    assert helps(result) == [f"Publish `_465._tcp.mail.shop.example. TLSA {record_of(certificate())}`."]


def test_pins_of_mail_hosts_are_looked_at_too_and_silence_is_no_fault() -> None:
    mx = "secure shop.example\nshop.example MX 1 mx.shop.example.\nshop.example MX 2 .\n"

    assert pinned(mx + f"_25._tcp.mx.shop.example TLSA {record_of(certificate())}", chain=certificate()) == ("pass", [])
    assert pinned(mx + "_25._tcp.mx.shop.example SILENT") == ("indeterminate", ["ML733"])
    assert pinned(mx) == ("not_applicable", [])
    assert short(judge(dane.check, "", GMAIL)) == ("not_applicable", [])


def test_some_authority_must_be_allowed_to_issue() -> None:
    assert judge(caa.check, 'shop.example CAA 0 issue "ca.example"').summary == (
        "certificates for mail.shop.example may come from ca.example"
    )
    assert judge(caa.check, 'shop.example CAA 0 iodef "mailto:x@y.example"').summary.endswith("from every authority")
    assert short(judge(caa.check, 'shop.example CAA 0 issue ";"')) == ("warn", ["ML797"])
    assert short(judge(caa.check, 'shop.example CAA 128 odd "x"')) == ("warn", ["ML797"])
    assert short(judge(caa.check, "shop.example SILENT")) == ("indeterminate", ["ML733"])
    assert short(judge(caa.check, "")) == ("not_applicable", [])
    assert short(judge(caa.check, "", GMAIL)) == ("not_applicable", [])
    assert short(judge(caa.check, "", host="192.0.2.1")) == ("not_applicable", [])


def test_the_domain_should_name_the_server_that_the_account_uses() -> None:
    name = "_submissions._tcp.shop.example"

    assert judge(srv.check, f"{name} SRV 0 1 465 Mail.shop.example.").summary == (
        "shop.example names mail.shop.example for sending"
    )
    assert short(judge(srv.check, f"{name} SRV 0 1 465 old.shop.example.")) == ("pass", ["ML798"])
    assert short(judge(srv.check, f"{name} SRV 0 0 0 .")) == ("not_applicable", [])
    assert short(judge(srv.check, f"{name} SILENT")) == ("indeterminate", ["ML733"])
    assert short(judge(srv.check, "", GMAIL, domain="gmail.com")) == ("not_applicable", [])


def test_a_logo_is_told_of() -> None:
    name = "default._bimi.shop.example"

    assert judge(bimi.check, f"{name} TXT v=BIMI1; l=").summary == "the logo of shop.example is declined"
    assert short(judge(bimi.check, f"{name} TXT v=BIMI1")) == ("pass", ["ML799"])
    assert short(judge(bimi.check, f"{name} SILENT")) == ("indeterminate", ["ML733"])
    assert short(judge(bimi.check, "")) == ("not_applicable", [])
    assert short(judge(bimi.check, "", GMAIL, domain="gmail.com")) == ("not_applicable", [])


def test_a_server_has_addresses_of_both_families_or_of_one() -> None:
    four, six = "mail.shop.example A 192.0.2.1\n", "mail.shop.example AAAA 2001:db8::1"

    assert judge(address.check, four + six).summary == (
        "mail.shop.example has 1 address of version 4 and 1 of version 6"
    )
    assert short(judge(address.check, six)) == ("pass", ["ML792"])
    assert short(judge(address.check, "")) == ("warn", [])
    assert short(judge(address.check, "mail.shop.example SILENT")) == ("indeterminate", ["ML733", "ML733"])
    assert short(judge(address.check, "", host="localhost")) == ("not_applicable", [])
