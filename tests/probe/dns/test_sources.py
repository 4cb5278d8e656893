"""The checks of own addresses and of the resolvers themselves."""

from dataclasses import replace
from ipaddress import ip_address

from maild.probe.dns import blocklist, dnssec, resolvers, reverse
from maild.probe.dns.scene import Scene
from maild.records.dialogue import Absent, Found, Question, Reply, Silent, drive
from tests.probe.dns.scenes import GMAIL, OWN, figures, helps, judge, short

HERE = (ip_address("192.0.2.7"),)
PTR = "7.2.0.192.in-addr.arpa"


def test_a_sending_address_needs_a_name_that_leads_back() -> None:
    good = f"{PTR} PTR mail.shop.example.\nmail.shop.example A 192.0.2.7"
    generic = f"{PTR} PTR h-192-0-2-7.isp.example.\nh-192-0-2-7.isp.example A 192.0.2.7"

    assert judge(reverse.check, good, sends_from=HERE).summary == "sending addresses are called mail.shop.example"
    assert short(judge(reverse.check, generic, sends_from=HERE)) == ("pass", ["ML796"])
    assert short(judge(reverse.check, "", sends_from=HERE)) == ("warn", ["ML795"])
    assert short(judge(reverse.check, f"{PTR} SILENT", sends_from=HERE)) == ("indeterminate", ["ML733"])
    assert short(judge(reverse.check, "")) == ("not_applicable", [])
    by_provider = judge(reverse.check, "", GMAIL, sends_from=HERE)
    assert helps(by_provider)[0].endswith(f"`{PTR}. PTR mail.shop.example.`.")
    lost = judge(reverse.check, f"{PTR} PTR mail.shop.example.", sends_from=HERE)
    assert helps(lost)[0].startswith("Publish `mail.shop.example. A 192.0.2.7`")
    six = judge(
        reverse.check,
        f"{ip_address('2001:db8::7').reverse_pointer} PTR m.example.",
        sends_from=(ip_address("2001:db8::7"),),
    )
    assert helps(six)[0].startswith("Publish `m.example. AAAA 2001:db8::7`")


LIST = "zen.list.example"
TEST = f"2.0.0.127.{LIST} A 127.0.0.2\n"


def test_a_list_that_works_is_believed_and_another_is_not() -> None:
    listed = judge(blocklist.check, TEST + f"7.2.0.192.{LIST} A 127.0.0.4", sends_from=HERE, lists=(LIST,))
    clean = judge(blocklist.check, TEST, sends_from=HERE, lists=(LIST,))
    broken = judge(blocklist.check, "", sends_from=HERE, lists=(LIST,))

    assert (short(listed), listed.summary) == (("warn", ["ML757"]), "sending addresses are on 1 of 1 lists")
    assert (short(clean), clean.summary) == (("pass", []), "no sending address is listed")
    assert short(broken) == ("indeterminate", ["ML758"])
    label = f"{LIST} 192.0.2.7"
    assert figures(listed) == {("dnsbl_listed", label): True, ("dnsbl_indeterminate", label): False}
    assert figures(broken) == {("dnsbl_indeterminate", label): True}
    assert short(judge(blocklist.check, TEST, lists=(LIST,))) == ("not_applicable", [])
    assert short(judge(blocklist.check, TEST, sends_from=HERE)) == ("not_applicable", [])


VALIDATES = "secure org\norg SOA x\ndnssec-failed.org BOGUS\n"


def test_a_domain_is_judged_only_by_a_resolver_that_checks_signatures() -> None:
    for zone, verdict, codes, summary in [
        ("secure shop.example\nshop.example SOA x", "pass", [], "shop.example is signed"),
        ("shop.example SOA x", "pass", [], "shop.example is not signed"),
        ("shop.example BOGUS", "fail", ["ML759"], "DNSSEC of shop.example is broken"),
        ("shop.example SILENT", "indeterminate", ["ML733"], "DNSSEC of shop.example could not be told"),
    ]:
        result = judge(dnssec.check, VALIDATES + zone)

        assert (short(result), result.summary) == ((verdict, codes), summary)
        assert figures(result) == {("dns_resolver_trusted_ad", ""): True}


def test_a_resolver_that_checks_nothing_is_told_of() -> None:
    for zone in ("org SOA x\ndnssec-failed.org BOGUS", "secure org\norg SOA x\ndnssec-failed.org A 192.0.2.1"):
        result = judge(dnssec.check, zone + "\nshop.example BOGUS")

        assert short(result) == ("not_applicable", ["ML790"])
        assert figures(result) == {("dns_resolver_trusted_ad", ""): False}
    assert short(judge(dnssec.check, "org SILENT")) == ("indeterminate", ["ML733"])
    assert short(judge(dnssec.check, "", domain="localhost")) == ("not_applicable", [])


def with_resolvers(servers: tuple[str, ...]) -> Scene:
    return replace(OWN, resolvers=servers)


def compare(*answers: Reply) -> tuple[str, list[str]]:
    servers = tuple(f"192.0.2.{number}" for number in range(len(answers)))

    def answer(question: Question) -> Reply:
        return answers[servers.index(question.server)] if question.rdtype == "MX" else Absent(is_name_known=True)

    return short(drive(resolvers.check(with_resolvers(servers)), answer))


def test_resolvers_are_compared_by_what_they_answer() -> None:
    one, same, other = Found(values=("1 a.", "2 b.")), Found(values=("2 B.", "1 A.")), Found(values=("1 c.",))

    assert compare(one, same) == ("pass", [])
    assert compare(one, other) == ("warn", ["ML791"])
    assert compare(one, Absent(is_name_known=True)) == ("warn", ["ML791"])
    assert compare(one, Silent(detail="x")) == ("pass", [])
    assert compare(one) == ("not_applicable", [])


def test_a_difference_that_passes_by_itself_is_none() -> None:
    replies = iter([Found(values=("1 a.",)), Found(values=("1 b.",)), *[Found(values=("1 b.",))] * 4])
    servers = ("192.0.2.1", "192.0.2.2")

    result = drive(resolvers.check(with_resolvers(servers)), lambda _: next(replies))

    assert short(result) == ("pass", [])
    assert figures(result) == {("dns_resolvers_disagree", "MX"): False, ("dns_resolvers_disagree", "TXT"): False}


def test_resolvers_that_all_say_nothing_leave_it_open() -> None:
    result = drive(resolvers.check(with_resolvers(("192.0.2.1", "192.0.2.2"))), lambda _: Silent(detail="x"))

    assert short(result) == ("indeterminate", [])
