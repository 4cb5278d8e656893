import asyncio
from pathlib import Path

import pytest

from maild.mail.phase import Phase
from maild.probe.http import applies, check
from maild.probe.result import CheckResult, CheckVerdict
from maild.probe.subject import way_of
from tests.fakes.certificates import certificates
from tests.fakes.clock import FakeClock
from tests.fakes.http_service import HttpService
from tests.fakes.probe_subject import http_account, subject
from tests.fakes.resolver import FakeResolver

V = CheckVerdict


def probe(service: HttpService, folder: Path, *, resolver: FakeResolver | None = None) -> CheckResult:
    async def scenario() -> CheckResult:
        async with service:
            return await check(subject(http_account(service.url), folder, resolver=resolver, clock=FakeClock()))

    return asyncio.run(scenario())


def outline(result: CheckResult) -> list[tuple[Phase, CheckVerdict]]:
    return [(phase.phase, phase.verdict) for phase in result.phases]


def test_a_service_on_this_machine_is_asked_for_its_head_and_sent_nothing(tmp_path: Path) -> None:
    service = HttpService()
    result = probe(service, tmp_path)

    assert (result.verdict, result.diagnostics, result.certificate) == (V.PASS, (), None)
    assert result.summary == "the service is there; whether it takes a message shows only when one is sent"
    assert outline(result) == [(Phase.RESOLVE, V.PASS), (Phase.CONNECT, V.PASS), (Phase.REQUEST, V.PASS)]
    assert (service.requests, service.submissions) == (["HEAD /send"], [])


@pytest.mark.parametrize("status", [200, 401, 404, 405, 500])
def test_whatever_a_service_thinks_of_head_is_no_failure(tmp_path: Path, status: int) -> None:
    result = probe(HttpService(status=status), tmp_path)

    assert (result.verdict, result.phases[-1].detail) == (V.PASS, f"answered with status {status}")


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (HttpService(status=503), "did not answer a request as a service would: status 503."),
        (HttpService(closes=True), "did not answer a request as a service would: "),
    ],
)
def test_a_service_that_is_hidden_by_its_gateway_or_silent_is_doubtful_and_still_used(
    tmp_path: Path, service: HttpService, words: str
) -> None:
    result = probe(service, tmp_path)

    assert (result.verdict, [one.code for one in result.diagnostics]) == (V.WARN, ["ML787"])
    assert words in result.diagnostics[0].message
    assert outline(result)[-1] == (Phase.REQUEST, V.WARN)


def test_a_certificate_nobody_vouches_for_fails_and_its_facts_are_kept(tmp_path: Path) -> None:
    service = HttpService(certificate=certificates().self_signed)
    result = probe(service, tmp_path)

    assert result.verdict is V.FAIL
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["ML725"]
    assert result.certificate is not None
    assert result.certificate.problem == "self_signed"
    assert outline(result)[-1] == (Phase.CERTIFICATE, V.FAIL)
    assert result.diagnostics[0].location is not None
    assert result.diagnostics[0].location.pointer == "/http/url"
    assert service.requests == []


def test_a_service_that_is_not_there_fails(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        async with HttpService() as service:
            account = http_account(service.url)
        return await check(subject(account, tmp_path))

    result = asyncio.run(scenario())

    assert (result.verdict, [diagnostic.code for diagnostic in result.diagnostics]) == (V.FAIL, ["ML720"])


def test_a_silent_name_server_is_indeterminate(tmp_path: Path) -> None:
    account = http_account("https://mail.example/send")
    resolver = FakeResolver(failing=frozenset({"mail.example"}))
    result = asyncio.run(check(subject(account, tmp_path, resolver=resolver)))

    assert (result.verdict, outline(result)) == (V.INDETERMINATE, [(Phase.RESOLVE, V.INDETERMINATE)])


def test_it_is_about_http_accounts() -> None:
    account = http_account("https://mail.example/send")
    assert applies(account)
    assert way_of(account) == ""
