from dataclasses import replace

from maild.observe.probe_text import probe_text
from maild.probe.result import CheckVerdict
from tests.observe.values import probe


def samples(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_a_probe_is_told_by_the_names_that_dashboards_know() -> None:
    text = probe_text(probe())

    assert samples(text) == [
        "probe_indeterminate 0",
        "probe_success 1",
        "probe_duration_seconds 0.5",
        'maild_probe_check{check="smtp",verdict="pass"} 1',
        'probe_phase_duration_seconds{check="smtp",phase="connect"} 0.125000',
        'probe_phase_duration_seconds{check="smtp",phase="auth"} 0.250000',
        "probe_ssl_earliest_cert_expiry 1798027200",
        'probe_tls_version_info{version="TLSv1.3"} 1',
        'maild_probe_addresses{family="ipv4",verdict="pass"} 1',
        "maild_probe_addresses_failing 0",
    ]
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


def test_a_phase_that_happens_twice_is_one_series() -> None:
    whole = probe()
    (check,) = whole.checks
    twice = replace(whole, checks=(replace(check, phases=check.phases[:1] * 2),))

    assert [line for line in samples(probe_text(twice)) if "phase=" in line] == [
        'probe_phase_duration_seconds{check="smtp",phase="connect"} 0.250000'
    ]


def test_what_could_not_be_told_is_no_failure() -> None:
    assert samples(probe_text(None)) == ["probe_indeterminate 1"]
    untold = samples(probe_text(probe(verdict=CheckVerdict.INDETERMINATE)))
    assert untold[0] == "probe_indeterminate 1"
    assert not any(line.startswith("probe_success") for line in untold)
    bare = probe()
    (check,) = bare.checks
    check = replace(check, phases=(), certificate=None, offer=None, addresses=())
    assert samples(probe_text(replace(bare, checks=(check,))))[3:] == [
        'maild_probe_check{check="smtp",verdict="pass"} 1'
    ]
