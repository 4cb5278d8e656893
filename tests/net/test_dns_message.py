import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.rrset
from hypothesis import given
from hypothesis import strategies as st

from maild.net.dns_message import EDNS_PAYLOAD, DnsAnswer, DnsQuestion, read_answer

QUESTION = DnsQuestion(name=dns.name.from_text("example.test"), rdtype=dns.rdatatype.MX, id=7)
SOA = "ns.test. host.test. 1 2 3 4 60"


def response(*answers: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> dns.message.Message:
    """As dnspython builds it, the other party in these tests."""
    found = dns.message.make_response(dns.message.from_wire(QUESTION.to_wire()))
    found.set_rcode(rcode)
    for text in answers:
        name, ttl, _, rdtype, value = text.split(" ", 4)
        found.answer.append(dns.rrset.from_text(name, int(ttl), "IN", rdtype, value))
    return found


def told(message: dns.message.Message) -> DnsAnswer:
    found = read_answer(message.to_wire(), QUESTION)
    assert found is not None
    return found


def values(found: DnsAnswer) -> list[str]:
    return [rdata.to_text() for rdata in found.records]


def test_a_question_is_what_another_library_reads() -> None:
    asked = dns.message.from_wire(QUESTION.to_wire())
    assert (asked.id, str(asked.question[0])) == (7, "example.test. IN MX")
    assert (asked.edns, asked.payload, asked.flags) == (0, EDNS_PAYLOAD, dns.flags.RD | dns.flags.AD)
    assert dns.message.from_wire(QUESTION.to_wire(has_edns=False)).edns == -1


def test_records_are_read_once_each_with_the_shortest_life() -> None:
    found = told(
        response(
            "example.test. 300 IN CNAME a.test.",
            "a.test. 200 IN CNAME b.test.",
            "B.test. 100 IN MX 10 mail.b.test.",
            "b.test. 100 IN MX 10 mail.b.test.",
            "other.test. 1 IN MX 10 no.test.",
            "b.test. 1 IN A 192.0.2.1",
        )
    )
    assert (values(found), found.name.to_text(), found.ttl_s) == (["10 mail.b.test."], "b.test.", 100)
    assert not found.is_vouched


def test_absence_lives_as_long_as_the_zone_says() -> None:
    message = response(rcode=dns.rcode.NXDOMAIN)
    message.flags |= dns.flags.AD
    message.authority.append(dns.rrset.from_text("example.test.", 900, "IN", "SOA", SOA))
    message.authority.append(dns.rrset.from_text("example.test.", 900, "IN", "NS", "ns.test."))
    found = told(message)
    assert (found.rcode, found.ttl_s, found.is_vouched, found.records) == (dns.rcode.NXDOMAIN, 60, True, ())


def test_aliases_that_go_round_come_to_an_end() -> None:
    found = told(response("example.test. 300 IN CNAME a.test.", "a.test. 300 IN CNAME example.test."))
    assert found.records == ()


def test_what_a_server_adds_about_a_failure_is_read() -> None:
    message = response()
    options = [
        dns.edns.GenericOption(dns.edns.OptionType.NSID, b"id"),
        dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS, "bad"),
    ]
    message.use_edns(0, options=options)
    message.set_rcode(dns.rcode.BADVERS)
    found = told(message)
    assert (found.rcode, found.errors) == (dns.rcode.BADVERS, (6,))


def test_what_does_not_fit_is_not_looked_at() -> None:
    message = response("example.test. 300 IN MX 10 a.test.")
    message.flags |= dns.flags.TC
    assert told(message) == DnsAnswer(rcode=dns.rcode.NOERROR, is_truncated=True, name=QUESTION.name)


def test_an_answer_to_another_question_is_none() -> None:
    wire = response("example.test. 300 IN MX 10 a.test.").to_wire()
    capitals = wire.replace(b"example", b"EXAMPLE")
    assert read_answer(capitals, QUESTION) is not None
    without_edns = response("example.test. 300 IN MX 10 a.test.")
    without_edns.use_edns(False)  # noqa: FBT003 -- dnspython's way to say "none"
    strangers = {
        "another number": b"\0\x08" + wire[2:],
        "a question": QUESTION.to_wire(),
        "another name": wire.replace(b"example", b"examine"),
        "another type": wire.replace(b"\0\x0f\0\x01", b"\0\x01\0\x01", 1),
        "no question": dns.message.make_response(dns.message.Message(id=7)).to_wire(),
        "nothing": b"",
        "half": wire[: len(wire) // 2],
        "a record longer than the message": without_edns.to_wire()[:-1],
    }
    assert {name: read_answer(octets, QUESTION) for name, octets in strangers.items()} == dict.fromkeys(strangers)


def test_a_server_that_refuses_need_not_repeat_the_question() -> None:
    message = dns.message.make_response(dns.message.Message(id=7))
    message.set_rcode(dns.rcode.REFUSED)
    found = read_answer(message.to_wire(), QUESTION)
    assert found is not None
    assert found.rcode == dns.rcode.REFUSED


def test_a_record_that_breaks_its_rules_is_no_reason_to_hear_nothing() -> None:
    wire = response("example.test. 300 IN MX 10 a.test.").to_wire()
    broken = wire.replace(b"\x01a\xc0", b"\x3fa\xc0")
    found = read_answer(broken, QUESTION)
    assert broken != wire
    assert found is not None
    assert [type(rdata) for rdata in found.records] == [dns.rdata.GenericRdata]


@given(st.binary(max_size=60), st.integers(0, 200))
def test_no_octets_are_too_much(octets: bytes, at: int) -> None:
    wire = bytearray(response("example.test. 300 IN CNAME a.test.", "a.test. 1 IN MX 1 example.test.").to_wire())
    wire[at : at + len(octets)] = octets
    found = read_answer(bytes(wire), QUESTION)
    assert found is None or len(found.records) <= len(wire)
