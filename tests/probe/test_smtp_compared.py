"""What a probe makes of comparing: with other servers where one cannot be reached, with other days otherwise."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.config.probe_settings import ControlTarget, OnDowngrade, ProbeSettings
from maild.mail.phase import Phase
from maild.net.resolver import Records, Unanswered
from maild.net.step import NetError, Reason, Step
from maild.probe.blame import Target
from maild.probe.controls import Controls
from maild.probe.conversation import Judged
from maild.probe.downgrade import Change, Quality
from maild.probe.events import LoginTried, ProbeEvent, ServerChanged
from maild.probe.evidence import Evidence, Knock, KnockResult
from maild.probe.offer import Offer
from maild.probe.offer_memory import OfferMemory
from maild.probe.owner import Owner
from maild.probe.result import CheckResult, CheckVerdict
from maild.probe.smtp import check
from maild.probe.smtp_course import Course, LoginLook, OfferLook
from maild.probe.witnesses import witnesses_of
from tests.fakes.certificates import certificates
from tests.fakes.clock import FakeClock
from tests.fakes.probe_subject import smtp_account, subject
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer

V = CheckVerdict
USERS = {"billing@shop.example": "right"}


class Days:
    """Probes of one server on several days."""

    def __init__(self, folder: Path, server: ScriptedSmtpServer, on_downgrade: OnDowngrade) -> None:
        self.events: list[ProbeEvent] = []
        self._clock = FakeClock()
        made = subject(smtp_account(server), folder, clock=self._clock, emit=self.events.append)
        settings = ProbeSettings(on_downgrade=on_downgrade, auth_interval=timedelta(0))
        self._subject = replace(made, settings=settings, offers=OfferMemory(folder / "offers.sqlite3"))

    async def next(self) -> CheckResult:
        self._clock.advance(86400)
        return await check(self._subject)

    @property
    def told(self) -> list[tuple[list[str], bool]]:
        found = [event for event in self.events if isinstance(event, ServerChanged)]
        return [([str(change.quality) for change in event.changes], event.is_held) for event in found]


def codes(result: CheckResult) -> list[str]:
    return [one.code for one in result.diagnostics]


def scram_server() -> ScriptedSmtpServer:
    return ScriptedSmtpServer(
        tls="starttls", certificate=certificates().good, users=USERS, mechanisms=("SCRAM-SHA-256", "PLAIN")
    )


def test_a_server_that_became_weaker_is_told_once_and_warned_of_while_it_lasts(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with scram_server() as server:
            days = Days(tmp_path, server, OnDowngrade.WARN)
            assert (await days.next()).verdict is V.PASS
            server.mechanisms = ("PLAIN",)
            weak = [await days.next(), await days.next()]

            assert [(one.verdict, codes(one)) for one in weak] == [(V.WARN, ["ML781"])] * 2
            assert [one.verdict for one in weak[0].phases if one.phase is Phase.EHLO] == [V.PASS, V.WARN]
            assert days.told == [(["hidden_password"], False)]
            assert days.events.count(LoginTried(account="billing", is_rejected=False)) == 3

            server.mechanisms = ("SCRAM-SHA-256", "PLAIN")
            assert (await days.next()).verdict is V.PASS

    asyncio.run(scenario())


def test_a_server_that_is_held_hears_no_login_until_it_is_accepted(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with scram_server() as server:
            days = Days(tmp_path, server, OnDowngrade.HOLD)
            await days.next()
            server.mechanisms = ("PLAIN",)
            for _ in range(9):
                await days.next()
            weak = await days.next()

            assert (weak.verdict, codes(weak)) == (V.FAIL, ["ML781"])
            assert weak.diagnostics[0].severity == "error"
            assert len(server.logins) == 1
            assert days.told == [(["hidden_password"], True)]

            OfferMemory(tmp_path / "offers.sqlite3").forget("localhost", server.port)
            assert (await days.next()).verdict is V.PASS
            assert len(server.logins) == 2

    asyncio.run(scenario())


def test_a_refused_certificate_is_shown_and_its_key_not_remembered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with scram_server() as server:
            days = Days(tmp_path, server, OnDowngrade.WARN)
            await days.next()
            server.certificate = certificates().self_signed
            refused = await days.next()
            server.certificate = certificates().good

            assert (refused.verdict, codes(refused)) == (V.FAIL, ["ML725"])
            assert (await days.next()).verdict is V.PASS
            assert days.told == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("quality", "phase"),
    [(Quality.AUTH, Phase.EHLO), (Quality.TLS_VERSION, Phase.TLS), (Quality.KEY, Phase.CERTIFICATE)],
)
def test_what_became_weaker_marks_its_phase(tmp_path: Path, quality: Quality, phase: Phase) -> None:
    change = Change(quality=quality, before="a", after="b")
    steps = [Step(phase=one, seconds=0.0) for one in (Phase.TLS, Phase.CERTIFICATE, Phase.EHLO, Phase.AUTH, Phase.QUIT)]
    course = Course(
        steps=steps,
        error=None,
        certificate=None,
        login=LoginLook(verdict=V.INDETERMINATE, words="not tried"),
        seen=OfferLook(offer=Offer(), changes=(change,)),
    )
    made = subject(smtp_account(ScriptedSmtpServer()), tmp_path)
    held = replace(made, settings=ProbeSettings(on_downgrade=OnDowngrade.HOLD))

    # What could not be told stays so, unless nothing is to be sent anyway.
    assert course.result(made).verdict is V.INDETERMINATE
    result = course.result(held)
    assert (result.verdict, result.summary) == (V.FAIL, f"the server became weaker: {change}")
    assert [one.phase for one in result.phases if one.verdict is V.FAIL] == [phase]


def test_a_stripped_starttls_is_known_from_one_that_never_was(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with scram_server() as server:
            days = Days(tmp_path, server, OnDowngrade.WARN)
            await days.next()
            server.tls = "none"
            stripped = await days.next()

            assert (stripped.verdict, codes(stripped)) == (V.FAIL, ["ML711", "ML781"])
            assert "starttls: offered before, not offered now" in stripped.diagnostics[1].message
            assert server.logins == [("SCRAM-SHA-256", True)]

    asyncio.run(scenario())


def test_a_new_key_is_told_once_and_is_no_reason_for_doubt(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with scram_server() as server:
            days = Days(tmp_path, server, OnDowngrade.HOLD)
            await days.next()
            server.certificate = certificates().renewed
            renewed, again = await days.next(), await days.next()

            assert (renewed.verdict, codes(renewed)) == (V.PASS, ["ML782"])
            assert (again.verdict, codes(again)) == (V.PASS, [])
            assert days.told == [(["key"], False)]

    asyncio.run(scenario())


def test_a_memory_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        (tmp_path / "offers.sqlite3").mkdir()
        async with scram_server() as server:
            return await Days(tmp_path, server, OnDowngrade.WARN).next()

    result = asyncio.run(scenario())

    assert (result.verdict, codes(result)) == (V.PASS, ["ML786"])


def probe_of_closed(folder: Path, controls: Sequence[ScriptedSmtpServer]) -> CheckResult:
    async def scenario() -> CheckResult:
        async with ScriptedSmtpServer() as server:
            account = smtp_account(server)
        targets = []
        for control in controls:
            async with control:
                targets.append(ControlTarget(host="127.0.0.1", port=control.port))
        made = subject(account, folder)
        return await check(replace(made, controls=Controls(targets, FakeResolver(), knock_s=1.0)))

    return asyncio.run(scenario())


def test_a_refusal_where_others_refuse_too_shows_the_comparison(tmp_path: Path) -> None:
    result = probe_of_closed(tmp_path, [ScriptedSmtpServer()])

    assert (result.verdict, codes(result), result.owner) == (V.FAIL, ["ML720"], Owner.YOU)
    assert " Compared: localhost port 465 refuses; localhost port 587 refuses; " in result.diagnostics[0].message


def test_name_servers_that_are_silent_about_everybody_are_no_network_that_is_down(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        async with ScriptedSmtpServer() as server:
            account = smtp_account(server, host="mail.example")
            made = subject(account, tmp_path, resolver=FakeResolver(failing=frozenset({"mail.example"})))
            controls = Controls([ControlTarget(host="nobody.example")], FakeResolver())
            return await check(replace(made, controls=controls))

    result = asyncio.run(scenario())

    assert (result.verdict, codes(result), result.owner) == (V.INDETERMINATE, ["ML733"], Owner.DNS)


def test_a_network_that_is_down_is_no_failure_of_the_account() -> None:
    target = Target.of(smtp_account(ScriptedSmtpServer()))
    silence = Evidence(port=587, controls=(Knock(host="h.example", port=587, result=KnockResult.SILENT),))
    error = NetError(Phase.CONNECT, Reason.TIMEOUT, "no answer")

    assert Judged.of(error, target).verdict is V.FAIL
    assert Judged.of(error, target, silence).verdict is V.INDETERMINATE


def test_the_transcript_has_both_sides_and_no_secret(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        async with scram_server() as server:
            return await Days(tmp_path, server, OnDowngrade.WARN).next()

    result = asyncio.run(scenario())

    assert result.transcript[0] == "S: 220 mail.test ESMTP"
    assert "C: AUTH SCRAM-SHA-256 ••••" in result.transcript
    assert "C: QUIT" in result.transcript
    assert "right" not in " ".join(result.transcript)


@pytest.mark.parametrize(
    ("is_silent", "cause"),
    [
        (False, 'By the name server one there is no host "mail.example"; the name server two knows it.'),
        (
            True,
            'This machine could not look up "mail.example"; the name server two knows it when it is asked directly.',
        ),
    ],
)
def test_a_name_server_that_does_not_know_the_host_is_told_from_one_that_does(
    tmp_path: Path, *, is_silent: bool, cause: str
) -> None:
    record = Records(values=("192.0.2.1",), canonical_name="mail.example", ttl_s=60)
    silence = Unanswered(name="mail.example", reason="no answer")
    ignorant = FakeResolver(records={("mail.example", "A"): silence} if is_silent else {})
    witnesses = {"one": ignorant, "two": FakeResolver(records={("mail.example", "A"): record})}

    async def scenario() -> CheckResult:
        async with ScriptedSmtpServer() as server:
            account = smtp_account(server, host="mail.example")
        usual = FakeResolver(failing=frozenset({"mail.example"} if is_silent else ()))
        controls = Controls((), usual, witnesses=lambda: witnesses)
        return await check(replace(subject(account, tmp_path, resolver=usual), controls=controls))

    result = asyncio.run(scenario())

    assert (codes(result), result.owner) == (["ML713"], Owner.DNS)
    assert result.diagnostics[0].message.startswith(cause)
    assert "name server two knows the host" in result.diagnostics[0].message


def test_where_every_name_server_denies_the_host_its_name_is_to_blame(tmp_path: Path) -> None:
    async def scenario() -> CheckResult:
        async with ScriptedSmtpServer() as server:
            account = smtp_account(server, host="mail.example")
        controls = Controls((), FakeResolver(), witnesses=lambda: {"one": FakeResolver()})
        return await check(replace(subject(account, tmp_path), controls=controls))

    result = asyncio.run(scenario())

    assert (codes(result), result.owner) == (["ML710"], Owner.YOU)


def test_the_witnesses_are_the_configured_name_servers_or_the_system_s() -> None:
    assert list(witnesses_of(["192.0.2.53", "[2001:db8::53]:5353"])) == ["192.0.2.53", "[2001:db8::53]:5353"]
    assert witnesses_of(["192.0.2.53"]) == {}
    assert witnesses_of([])
