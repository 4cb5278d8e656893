from dataclasses import replace

from maild.observe.catalogue.probe import PROBE_LAST_RUN, PROBE_SUCCESS
from maild.observe.gauges import Known
from maild.observe.probe_lines import ProbeLines
from tests.observe.values import account, probe


def known(**success: bool) -> Known:
    return Known(success={"billing": success}, passed_at={}, certificates={}, tokens={})


def test_lines_are_kept_as_long_as_the_probe_is_the_same() -> None:
    lines, one = ProbeLines(), account()

    first, series = lines.of([one], known(smtp=True))
    assert first[PROBE_SUCCESS] == ['maild_probe_success{account="billing",check="smtp"} 1.0']
    assert series == sum(block.count("\n") + 1 for blocks in first.values() for block in blocks)
    assert lines.of([one], known(smtp=False))[0] == first, "nothing can have changed"

    again = replace(one, probe=probe())
    assert lines.of([again], known(smtp=False))[0][PROBE_SUCCESS] == [
        'maild_probe_success{account="billing",check="smtp"} 0.0'
    ]


def test_of_an_account_that_was_not_probed_and_of_one_that_is_gone_nothing_is_kept() -> None:
    lines, bare = ProbeLines(), replace(account(), probe=None)

    assert PROBE_SUCCESS in lines.of([bare], known(smtp=True))[0]
    assert PROBE_SUCCESS not in lines.of([bare], known())[0]
    assert PROBE_LAST_RUN in lines.of([account()], known())[0]
    assert lines.of([], known(smtp=True)) == ({}, 0)
