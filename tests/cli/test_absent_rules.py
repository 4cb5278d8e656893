from maild.cli.absent_rules import ABSENT
from maild.probe.findings import LIVE_FINDINGS
from maild.rules.catalogue import INFOS


def test_what_is_said_to_be_absent_is_neither_a_rule_nor_a_live_finding() -> None:
    assert ABSENT.keys().isdisjoint({*INFOS, *(known.code for known in LIVE_FINDINGS)})


def test_a_reason_ends_a_sentence() -> None:
    assert all(reason[0].islower() and not reason.endswith(".") for reason in ABSENT.values())
