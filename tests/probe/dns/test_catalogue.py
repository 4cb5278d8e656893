from random import Random

from hypothesis import given
from hypothesis import strategies as st

from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.dns.dane import CHAIN
from maild.probe.dns.mta_sts import POLICY
from maild.probe.dns.questions import TYPES
from maild.probe.dns.scene import Scene
from maild.probe.result import CheckVerdict
from maild.records.dialogue import Absent, Found, Question, Reply, Silent, drive
from tests.probe.dns.scenes import GMAIL, OWN

VALUES = {
    "A": ["192.0.2.1"],
    "AAAA": ["2001:db8::1"],
    "MX": ["1 mx.shop.example.", "0 ."],
    "PTR": ["mx.shop.example."],
    "TXT": [
        "v=spf1 include:_spf.google.com -all",
        "v=spf1 a mx ptr +all",
        "v=DMARC1; p=reject",
        "v=DKIM1; p=",
        "v=STSv1; id=1",
    ],
}


def test_every_check_has_a_name_of_its_own() -> None:
    names = [check.name for check in DNS_CHECKS]

    assert len(set(names)) == len(names)


@given(st.integers(0, 2**32), st.sampled_from([OWN, GMAIL]))
def test_every_check_comes_to_an_end_in_any_world(seed: int, scene: Scene) -> None:
    chance = Random(seed)

    def answer(question: Question) -> Reply:
        assert question.rdtype in {*TYPES, POLICY, CHAIN}
        match chance.choice(["found", "nodata", "nxdomain", "silent"]):
            case "found" if question.rdtype in VALUES:
                values = tuple(chance.sample(VALUES[question.rdtype], 1))
                return Found(values=values, is_secure=chance.random() < 0.5)
            case "silent":
                return Silent(detail="x", is_bogus=chance.random() < 0.5)
            case word:
                return Absent(is_name_known=word == "nodata")

    for check in DNS_CHECKS:
        result = drive(check.check(scene), answer)

        assert result.check == check.name
        if result.verdict in {CheckVerdict.FAIL, CheckVerdict.WARN} and result.check != "address":
            assert any(diagnostic.help for diagnostic in result.diagnostics)


def test_silence_everywhere_fails_nobody() -> None:
    for check in DNS_CHECKS:
        result = drive(check.check(GMAIL), lambda _: Silent(detail="x"))

        assert result.verdict in {CheckVerdict.INDETERMINATE, CheckVerdict.NOT_APPLICABLE}
