import asyncio
from dataclasses import dataclass, field, replace

import pytest

from maild.config.pin import Pin, PinKind
from maild.mail.phase import Phase
from maild.net.certificate import Defect
from maild.net.handshake import CertificateError
from maild.net.http import FormBody, FormFile, HttpAnswer, HttpClient, HttpError, Trust
from maild.net.pinning import seen_pin
from maild.net.step import NetError, Reason, Step
from maild.net.tls import ClientCertificate
from tests.fakes.certificates import Demanding, ServerCertificate, certificates
from tests.fakes.clock import FakeClock
from tests.fakes.http_service import HttpService, ReceivedFile
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.rows import each_row

FORM = FormBody(
    fields=(("from", "Example Shop"), ("to", "a@example.test;b@example.test"), ("body", "<p>Grüße</p>")),
    files=(FormFile(name="file1", filename="Rechnung 1.pdf", content_type="application/pdf", data=(b"%PDF\r\n\0",)),),
)


TRUST = Trust(ca_file=certificates().ca_file)


@dataclass
class Heard:
    steps: list[Step] = field(default_factory=list)

    @property
    def phases(self) -> list[Phase]:
        return [step.phase for step in self.steps]


async def posted(url: str, heard: Heard, form: FormBody = FORM, timeout_s: float = 10.0) -> HttpAnswer:
    client = HttpClient(FakeResolver(), FakeClock())
    try:
        return await client.post(url, form, trust=TRUST, listener=heard.steps.append, timeout_s=timeout_s)
    finally:
        await client.close()


def answer_of(service: HttpService, form: FormBody = FORM) -> tuple[HttpAnswer, list[Phase]]:
    async def scenario() -> tuple[HttpAnswer, list[Phase]]:
        async with service:
            heard = Heard()
            return await posted(service.url, heard, form), heard.phases

    return asyncio.run(scenario())


def failure_of(
    peer: HttpService | ScriptedSmtpServer, url: str | None = None, *, timeout_s: float = 10.0
) -> tuple[HttpError, list[Phase]]:
    async def scenario() -> tuple[HttpError, list[Phase]]:
        async with peer:
            heard = Heard()
            target = url or (peer.url if isinstance(peer, HttpService) else f"http://127.0.0.1:{peer.port}/")
            with pytest.raises(HttpError) as caught:
                await posted(target.replace("PORT", str(peer.port)), heard, timeout_s=timeout_s)
            assert heard.steps[-1].error is not None
            assert heard.steps[-1].phase is caught.value.phase
            return caught.value, heard.phases

    return asyncio.run(scenario())


def facts(error: HttpError) -> tuple[Phase, Reason, bool]:
    return error.phase, error.reason, error.is_uncertain


def test_a_form_arrives_with_its_fields_and_files() -> None:
    service = HttpService()

    answer, phases = answer_of(service)

    assert answer == HttpAnswer(status=200, text="sent")
    assert phases == [Phase.CONNECT, Phase.REQUEST]
    (submission,) = service.submissions
    assert submission.fields == FORM.fields
    assert submission.content_type == "multipart/form-data"
    assert submission.files == (
        ReceivedFile(field="file1", filename="Rechnung 1.pdf", content_type="application/pdf", data=b"%PDF\r\n\0"),
    )


def test_an_urlencoded_form_arrives() -> None:
    service = HttpService()

    answer_of(service, FormBody(fields=(("to", "Zoë <z@example.test>"),), is_urlencoded=True))

    assert service.submissions[0].content_type == "application/x-www-form-urlencoded"
    assert service.submissions[0].form == {"to": "Zoë <z@example.test>"}


def test_over_https_every_phase_is_told() -> None:
    _, phases = answer_of(HttpService(certificate=certificates().good))

    assert phases == [Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.CERTIFICATE, Phase.REQUEST]


def test_any_status_is_an_answer() -> None:
    service = HttpService(status=503, text="down\x1b[2J", headers={"Retry-After": "120"})

    assert answer_of(service)[0] == HttpAnswer(status=503, text="down�[2J", retry_after_s=120.0)


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    service = HttpService(redirect_to="http://127.0.0.1:1/elsewhere")

    answer, _ = answer_of(service)

    assert (answer.status, answer.location) == (307, "http://127.0.0.1:1/elsewhere")
    assert service.requests == ["POST /send"]


def test_an_answer_without_end_is_capped() -> None:
    answer, _ = answer_of(HttpService(text=b"x" * (1 << 20)))

    assert len(answer.text) == 64 * 1024


def test_a_service_that_closes_after_the_body_leaves_it_uncertain() -> None:
    error, phases = failure_of(HttpService(closes=True))

    assert facts(error) == (Phase.REQUEST, Reason.LOST, True)
    assert phases == [Phase.CONNECT, Phase.REQUEST]


def test_a_service_that_closes_in_the_middle_of_the_body_has_nothing() -> None:
    large = FormFile(name="f", filename="f", content_type="a/b", data=(bytes(8 << 20), bytes(8 << 20)))

    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    async def scenario() -> HttpError:
        server = await asyncio.start_server(close, "127.0.0.1", 0)
        async with server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            with pytest.raises(HttpError) as caught:
                await posted(url, Heard(), FormBody(fields=(), files=(large,)))
            return caught.value

    assert facts(asyncio.run(scenario())) == (Phase.REQUEST, Reason.LOST, False)


def test_a_yes_before_the_end_of_the_body_is_not_believed_and_a_no_is_heard() -> None:
    large = FormFile(name="f", filename="f", content_type="a/b", data=(bytes(8 << 20), bytes(8 << 20)))

    async def asked(status: bytes) -> HttpAnswer | HttpError:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 %b\r\nContent-Length: 2\r\n\r\nhm" % status)
            await writer.drain()
            await done.wait()
            writer.close()

        done = asyncio.Event()
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            try:
                return await posted(url, Heard(), FormBody(fields=(), files=(large,)))
            except HttpError as error:
                return error
            finally:
                done.set()

    hasty, no = asyncio.run(asked(b"200 OK")), asyncio.run(asked(b"413 Too Large"))

    assert isinstance(hasty, HttpError)
    assert facts(hasty) == (Phase.REQUEST, Reason.PROTOCOL, False)
    assert isinstance(no, HttpAnswer)
    assert no.status == 413


def test_a_service_that_never_answers_leaves_it_uncertain() -> None:
    error, _ = failure_of(HttpService(delay_s=60), timeout_s=0.25)

    assert facts(error) == (Phase.REQUEST, Reason.TIMEOUT, True)


def test_what_is_not_http_leaves_it_uncertain() -> None:
    error, _ = failure_of(ScriptedSmtpServer())

    assert facts(error) == (Phase.REQUEST, Reason.PROTOCOL, True)


@each_row(
    ("url", "expected", "phases"),
    [
        ("http://mail.example/", (Phase.CONNECT, Reason.CLEARTEXT, False), [Phase.CONNECT]),
        ("https://nowhere.test/", (Phase.RESOLVE, Reason.NAME, False), [Phase.RESOLVE]),
        ("https://localhost:1/", (Phase.CONNECT, Reason.REFUSED, False), [Phase.RESOLVE, Phase.CONNECT]),
        ("https://localhost:PORT/", (Phase.TLS, Reason.TLS_MODE, False), [Phase.RESOLVE, Phase.CONNECT, Phase.TLS]),
        ("nonsense", (Phase.CONNECT, Reason.LOCAL, False), [Phase.CONNECT]),
    ],
)
def test_a_failure_before_the_request_is_certain(
    url: str, expected: tuple[Phase, Reason, bool], phases: list[Phase]
) -> None:
    error, told = failure_of(HttpService(), url)

    assert (facts(error), told) == (expected, phases)


def test_tls_that_is_never_answered_is_a_time_out_of_tls() -> None:
    error, _ = failure_of(ScriptedSmtpServer(banner=None), "https://127.0.0.1:PORT/", timeout_s=0.25)

    assert facts(error) == (Phase.TLS, Reason.TIMEOUT, False)


@pytest.mark.parametrize(
    ("name", "defect"),
    [("expired", Defect.EXPIRED), ("self_signed", Defect.SELF_SIGNED), ("wrong_host", Defect.NAME_MISMATCH)],
)
def test_a_bad_certificate_is_refused_before_anything_is_sent(name: str, defect: Defect) -> None:
    service = HttpService(certificate=getattr(certificates(), name))

    error, phases = failure_of(service)

    assert facts(error) == (Phase.CERTIFICATE, Reason.CERTIFICATE, False)
    assert isinstance(error.__cause__, CertificateError)
    assert error.__cause__.defect is defect
    assert phases == [Phase.RESOLVE, Phase.CONNECT, Phase.CERTIFICATE]
    assert service.submissions == []


def test_a_client_can_be_closed_and_used_again() -> None:
    async def scenario() -> int:
        async with HttpService() as service:
            client = HttpClient(FakeResolver(), FakeClock())
            for _ in range(2):
                await client.post(service.url, FORM, trust=TRUST)
                await client.close()
            await client.close()
            return len(service.submissions)

    assert asyncio.run(scenario()) == 2


def test_a_client_posts_many_forms_at_once() -> None:
    async def scenario() -> int:
        async with HttpService() as service:
            client = HttpClient(FakeResolver(), FakeClock())
            await asyncio.gather(*(client.post(service.url, FORM, trust=TRUST) for _ in range(20)))
            await client.close()
            return len(service.submissions)

    assert asyncio.run(scenario()) == 20


async def looked_at(url: str, heard: Heard, *, verify: bool = True) -> str | None:
    client = HttpClient(FakeResolver(), FakeClock())
    certificate = await client.shake_hands(url, trust=replace(TRUST, verify=verify), listener=heard.steps.append)
    await client.close()
    return None if certificate is None else certificate.subject


def test_shaking_hands_sends_nothing() -> None:
    async def scenario() -> tuple[str | None, list[Phase], list[str]]:
        async with HttpService(certificate=certificates().good) as service:
            heard = Heard()
            return await looked_at(service.url, heard), heard.phases, service.requests

    subject, phases, requests = asyncio.run(scenario())

    assert subject is not None
    assert "CN=mail.test" in subject
    assert phases == [Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.CERTIFICATE]
    assert requests == []


def test_on_loopback_without_tls_there_is_no_certificate() -> None:
    async def scenario() -> tuple[str | None, list[Phase]]:
        async with HttpService() as service:
            heard = Heard()
            return await looked_at(service.url, heard), heard.phases

    assert asyncio.run(scenario()) == (None, [Phase.RESOLVE, Phase.CONNECT])


def test_shaking_hands_names_what_is_wrong() -> None:
    async def scenario(peer: HttpService) -> NetError:
        async with peer:
            heard = Heard()
            with pytest.raises(NetError) as caught:
                await looked_at(peer.url.replace("http:", "https:").replace("127.0.0.1", "localhost"), heard)
            assert heard.steps[-1].error is caught.value
            return caught.value

    expired = asyncio.run(scenario(HttpService(certificate=certificates().expired)))
    clear = asyncio.run(scenario(HttpService()))

    assert isinstance(expired, CertificateError)
    assert (expired.defect, clear.reason) == (Defect.EXPIRED, Reason.TLS_MODE)


def test_an_account_may_take_any_certificate_and_the_phases_say_so() -> None:
    async def scenario() -> tuple[HttpAnswer, list[Step]]:
        async with HttpService(certificate=certificates().self_signed) as service:
            client, heard = HttpClient(FakeResolver(), FakeClock()), Heard()
            answer = await client.post(service.url, FORM, trust=Trust(verify=False))
            await client.close()
            await looked_at(service.url, heard, verify=False)
            return answer, heard.steps

    answer, steps = asyncio.run(scenario())

    assert answer.is_success
    assert steps[-1].detail.startswith("not verified, as configured; ")


def trusted(trust: Trust, certificate: ServerCertificate) -> tuple[HttpAnswer | HttpError, HttpService]:
    async def scenario() -> tuple[HttpAnswer | HttpError, HttpService]:
        async with HttpService(certificate=certificate) as service:
            client = HttpClient(FakeResolver(), FakeClock())
            try:
                return await client.post(service.url, FORM, trust=trust), service
            except HttpError as error:
                return error, service
            finally:
                await client.close()

    return asyncio.run(scenario())


def pin_of(certificate: ServerCertificate, kind: PinKind = PinKind.PUBLIC_KEY) -> Pin:
    pin = seen_pin(kind, certificate.der)
    assert pin is not None
    return pin


def test_a_pin_decides_before_anything_is_sent_whatever_else_is_verified() -> None:
    good, other = certificates().good, certificates().self_signed

    fitting, service = trusted(replace(TRUST, pins=(pin_of(good),)), good)
    alone, _ = trusted(Trust(verify=False, pins=(pin_of(other, PinKind.CERTIFICATE),)), other)
    stranger, unasked = trusted(replace(TRUST, pins=(pin_of(other),)), good)

    assert isinstance(fitting, HttpAnswer)
    assert isinstance(alone, HttpAnswer)
    assert len(service.submissions) == 1
    assert isinstance(stranger, HttpError)
    assert isinstance(stranger.cause, CertificateError)
    assert (stranger.cause.defect, stranger.is_uncertain, unasked.requests) == (Defect.NOT_PINNED, False, [])


def test_a_look_at_a_service_heeds_the_pin_and_without_encryption_there_is_none() -> None:
    async def scenario() -> tuple[NetError, NetError]:
        pinned = replace(TRUST, pins=(pin_of(certificates().self_signed),))
        client = HttpClient(FakeResolver(), FakeClock())
        async with HttpService(certificate=certificates().good) as service:
            with pytest.raises(CertificateError) as stranger:
                await client.shake_hands(service.url, trust=pinned)
        with pytest.raises(NetError) as clear:
            await client.shake_hands("http://127.0.0.1:9/", trust=pinned)
        return stranger.value, clear.value

    stranger, clear = asyncio.run(scenario())

    assert isinstance(stranger, CertificateError)
    assert stranger.defect is Defect.NOT_PINNED
    assert (clear.phase, clear.reason) == (Phase.TLS, Reason.LOCAL)


def test_a_service_that_asks_for_a_certificate_gets_ours() -> None:
    good = certificates().good
    demanding = Demanding(cert_file=good.cert_file, key_file=good.key_file)
    ours = ClientCertificate(cert_file=good.cert_file, key_file=good.key_file)

    answer, _ = trusted(replace(TRUST, client=ours), demanding)
    refused, _ = trusted(TRUST, demanding)

    assert isinstance(answer, HttpAnswer)
    assert isinstance(refused, HttpError)
