from maild.probe.result import CheckResult, CheckVerdict, ProbeResult
from tests.fakes.clock import START
from tests.rows import each_row

V = CheckVerdict


def probe(*checks: tuple[str, CheckVerdict]) -> ProbeResult:
    results = tuple(CheckResult(check=name, verdict=verdict, summary="") for name, verdict in checks)
    return ProbeResult(account="billing", started_at=START, seconds=0.1, checks=results)


@each_row(("verdict", "can_send"), [(V.PASS, True), (V.WARN, True), (V.FAIL, False), (V.INDETERMINATE, None)])
@each_row("check", ["smtp", "http"])
def test_whether_an_account_can_send_is_its_own_server_s_check(
    *, check: str, verdict: CheckVerdict, can_send: bool | None
) -> None:
    assert probe(("mx", V.FAIL), (check, verdict)).can_send is can_send


def test_without_a_check_of_the_server_it_is_not_known() -> None:
    assert probe(("mx", V.PASS)).can_send is None
