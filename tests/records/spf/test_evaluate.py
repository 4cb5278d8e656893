"""check_host() case by case, in the order of RFC 7208. The openspf suite runs in tests/peers."""

from ipaddress import IPv4Network, IPv6Network, ip_address

from hypothesis import given
from hypothesis import strategies as st

from maild.records.dialogue import drive
from maild.records.spf import STRANGER, SpfFault, SpfResult, SpfSender, SpfVerdict, evaluate_spf
from tests.fakes.zone import Zone

ZONE = """
empty.example         TXT   v=spf1
a.example             TXT   v=spf1 a -all
a.example             A     192.0.2.1
a.example             AAAA  2001:db8::1
net.example           TXT   v=spf1 a/24//64 -all
net.example           A     192.0.2.1
net.example           AAAA  2001:db8::1
mx.example            TXT   v=spf1 mx ~all
mx.example            MX    10 one.mx.example.
mx.example            MX    20 two.mx.example.
one.mx.example        A     192.0.2.11
two.mx.example        A     192.0.2.12
null.example          TXT   v=spf1 mx -all
null.example          MX    0 .
ip.example            TXT   v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/32 ?all
in.example            TXT   v=spf1 include:a.example include:ip.example -all
in-none.example       TXT   v=spf1 include:nothing.example -all
in-bad.example        TXT   v=spf1 include:bad.example -all
in-slow.example       TXT   v=spf1 include:slow.example -all
bad.example           TXT   v=spf1 a mix -all
two.example           TXT   v=spf1 -all
two.example           TXT   v=spf1 +all
other.example         TXT   some text
slow.example          SILENT
slow-a.example        TXT   v=spf1 a:slow.example -all
to.example            TXT   v=spf1 redirect=a.example
to-none.example       TXT   v=spf1 redirect=nothing.example
to-self.example       TXT   v=spf1 redirect=to-self.example
exists.example        TXT   v=spf1 exists:%{i}._spf.example -all
192.0.2.1._spf.example A    127.0.0.2
voids.example         TXT   v=spf1 a:x.example a:y.example a:z.example +all
void2.example         TXT   v=spf1 a:x.example mx:y.example +all
loop.example          TXT   v=spf1 include:loop.example -all
ptr.example           TXT   v=spf1 ptr -all
1.2.0.192.in-addr.arpa PTR  liar.ptr.example.
1.2.0.192.in-addr.arpa PTR  host.ptr.example.
1.2.0.192.in-addr.arpa PTR  a..b.
host.ptr.example      A     192.0.2.1
liar.ptr.example      A     192.0.2.99
ptr2.example          TXT   v=spf1 ptr:x.example ptr:y.example -all
p.example             TXT   v=spf1 exists:%{p}.p.example -all
host.ptr.example.p.example A 127.0.0.2
unknown.p.example     A     127.0.0.2
words.example         TXT   v=spf1 exp=why.words.example -all
why.words.example     TXT   %{i} is not one of %{d}'s servers%_since %{t}
words2.example        TXT   v=spf1 exp=nothing.example -all
words3.example        TXT   v=spf1 exp=%{l}.example -all
pass.example          TXT   v=spf1 include:ip.example ?include:a.example ~ip4:198.51.100.0/24 -all
noname.example        TXT   v=spf1 a:%{l}.example -all
odd.example           TXT   v=spf1 include:%{l}.example -all
"""
MANY = "\n".join(
    [
        "many.example TXT v=spf1 mx -all",
        *(f"many.example MX 1 h{number}.many.example." for number in range(11)),
        "eleven.example TXT v=spf1 " + " ".join(f"exists:e{number}.example" for number in range(11)) + " -all",
        *(f"e{number}.example TXT x" for number in range(11)),
    ]
)


def evaluate(
    domain: str, client: str = "192.0.2.1", local: str = "billing", helo: str = "mail.shop.example"
) -> SpfResult:
    sender = SpfSender(client=ip_address(client), local_part=local, domain=domain, helo=helo, seconds=7)
    return drive(evaluate_spf(sender), Zone(ZONE + MANY).answer)


def verdicts(*domains: str, client: str = "192.0.2.1") -> list[str]:
    return [evaluate(domain, client).verdict.value for domain in domains]


def fault(domain: str) -> tuple[str, str, str]:
    found = evaluate(domain).fault
    assert found is not None
    return found.domain, found.term, found.problem


def test_what_is_no_domain_or_has_no_record_comes_to_none() -> None:
    long = "a" * 64 + ".example"

    assert set(verdicts("example", "a..example", long, "[192.0.2.1]", "nothing.example", "other.example")) == {"none"}


def test_a_bounce_is_judged_by_the_name_after_ehlo() -> None:
    assert evaluate("", helo="a.example").verdict is SpfVerdict.PASS


def test_each_mechanism_matches_its_addresses() -> None:
    passing = ("a.example", "net.example", "ip.example", "in.example", "to.example", "exists.example", "ptr.example")

    assert verdicts(*passing) == ["pass"] * 7
    assert verdicts("mx.example", client="192.0.2.12") == ["pass"]
    assert verdicts("a.example", "net.example", "ip.example", client="2001:db8::1") == ["pass"] * 3
    assert verdicts("net.example", client="192.0.2.200") == ["pass"]
    assert verdicts("a.example", client="::ffff:192.0.2.1") == ["pass"]


def test_what_no_mechanism_matches_comes_to_the_end_of_the_record() -> None:
    assert verdicts(
        "a.example", "mx.example", "ip.example", "empty.example", "null.example", client="198.51.100.1"
    ) == [
        "fail",
        "softfail",
        "neutral",
        "neutral",
        "fail",
    ]
    assert verdicts("ptr.example", "exists.example", "in.example", client="198.51.100.1") == ["fail"] * 3
    assert verdicts("ptr2.example") == ["fail"]


def test_silence_is_an_error_for_now_and_says_about_what() -> None:
    assert verdicts("slow.example", "slow-a.example", "in-slow.example") == ["temperror"] * 3
    assert evaluate("slow-a.example").detail == "A of slow.example: SERVFAIL"


def test_mistakes_in_records_are_told_with_their_term() -> None:
    assert fault("two.example") == ("two.example", "v=spf1", "there are 2 SPF records, and one is the most")
    assert fault("in-bad.example") == ("bad.example", "mix", "SPF knows no such term")
    assert fault("in-none.example") == (
        "in-none.example",
        "include:nothing.example",
        "nothing.example has no SPF record",
    )
    assert fault("to-none.example")[1:] == ("redirect=nothing.example", "nothing.example has no SPF record")
    assert fault("many.example")[2] == "many.example has more than 10 MX records"
    assert fault("odd.example")[2] == "billing.example has no SPF record"


def test_ten_terms_may_ask_and_the_eleventh_is_not_asked() -> None:
    result = evaluate("to-self.example")

    assert (result.verdict, result.lookups) == (SpfVerdict.PERMERROR, 10)
    assert evaluate("eleven.example").fault is not None
    assert evaluate("loop.example").lookups == 10


def test_two_questions_may_find_nothing_and_the_third_is_an_error() -> None:
    assert evaluate("void2.example").verdict is SpfVerdict.PASS
    assert fault("voids.example") == (
        "voids.example",
        "a:z.example",
        "more than 2 questions found nothing, the last one for z.example (A)",
    )


def test_names_of_the_client_count_only_when_they_lead_back() -> None:
    assert evaluate("p.example").verdict is SpfVerdict.PASS
    assert evaluate("p.example", "198.51.100.1").verdict is SpfVerdict.PASS  # by the name "unknown"


def test_a_failure_is_explained_in_the_domains_own_words() -> None:
    assert evaluate("words.example").explanation == "192.0.2.1 is not one of words.example's servers since 7"
    assert evaluate("words2.example").explanation is None
    assert evaluate("words3.example", local="a" * 64).explanation is None


def test_a_name_that_dns_cannot_be_asked_about_matches_nothing() -> None:
    assert evaluate("noname.example", local="a" * 64).verdict is SpfVerdict.FAIL


def test_a_stranger_sees_all_that_a_record_includes_with_a_pass() -> None:
    result = evaluate("pass.example", str(STRANGER))

    assert result == SpfResult(
        verdict=SpfVerdict.FAIL,
        lookups=3,
        voids=0,
        match="-all",
        passing=("pass.example", "ip.example"),
        networks=(IPv4Network("192.0.2.0/28"), IPv6Network("2001:db8::/32")),
    )


TERMS = st.sampled_from(
    [
        "a",
        "mx",
        "ptr",
        "-all",
        "include:in.example",
        "include:loop.example",
        "exists:%{i}._spf.example",
        "mx:many.example",
    ]
)


@given(st.lists(TERMS, max_size=14), st.sampled_from(["192.0.2.1", "198.51.100.1", "2001:db8::1"]))
def test_no_record_makes_it_ask_without_end(terms: list[str], client: str) -> None:
    zone = Zone(ZONE + MANY + "\nmade.example TXT v=spf1 " + " ".join(terms))
    sender = SpfSender(client=ip_address(client), local_part="x", domain="made.example", helo="h.example")

    result = drive(evaluate_spf(sender), zone.answer)

    assert result.lookups <= 10
    assert len(zone.asked) <= 140
    assert (result.verdict is SpfVerdict.PERMERROR) == isinstance(result.fault, SpfFault)
