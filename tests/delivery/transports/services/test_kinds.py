"""Each kind of service against one on loopback: what it gets, and what its answers do."""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from maild.config.envelope_place import EnvelopePlace
from maild.config.model import Account, HttpKind, HttpSettings
from maild.delivery.classify import Judgement
from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.http_service import HttpServiceTransport
from maild.delivery.transports.services.catalogue import SERVICE_KINDS
from maild.delivery.transports.transport import Order
from maild.delivery.trouble import TroubleKind
from maild.mail.address import Mailbox
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain
from maild.net.http import HttpClient
from maild.secret import Secret
from maild.spool.queue import FileBody, InlineBody
from tests.fakes.clock import FakeClock
from tests.fakes.http_service import HttpService, ReceivedRequest
from tests.fakes.resolver import FakeResolver
from tests.rows import each_row

ANN, BOB, EVE = (Mailbox(name, "customer.example") for name in ("ann", "bob", "eve"))
HEAD = (
    b"From: Shop <billing@shop.example>\r\nTo: ann@customer.example\r\nCc: bob@customer.example\r\n"
    b"Subject: Invoice\r\nIn-Reply-To: <x@y.example>\r\n"
)
KINDS = list(SERVICE_KINDS)
BEARERS = [HttpKind.RAW, HttpKind.GRAPH, HttpKind.GMAIL, HttpKind.RESEND]


def outgoing(**changes: Any) -> Outgoing:  # noqa: ANN401 -- a builder
    body = InlineBody(data=b"Pay!\r\n.\r\n")
    plain = Outgoing(sender=Mailbox("billing", "shop.example"), is_own_sender=True, head=HEAD, body=body, id="01ID")
    return replace(plain, **changes)


@dataclass(kw_only=True)
class Visit:
    """One transaction through a service of that kind."""

    kind: HttpKind
    service: HttpService = field(default_factory=HttpService)
    settings: Mapping[str, Any] = field(default_factory=dict)
    username: str | None = None
    secret: Secret | None = field(default_factory=lambda: Secret("k3y"))
    reply_to: tuple[Mailbox, ...] = ()
    dots: list[tuple[Mailbox, ...]] = field(default_factory=list)

    def deliver(self, message: Outgoing | None = None, *recipients: Mailbox) -> Judgement:
        to = recipients or (ANN, BOB)

        async def scenario() -> Judgement:
            async with self.service:
                client = HttpClient(FakeResolver(), FakeClock())
                transport = HttpServiceTransport(client, FakeClock(), self.kind)
                settings = HttpSettings(
                    url=self.service.url.removesuffix("/send"), kind=self.kind, region="eu-central-1", **self.settings
                )
                account = Account(
                    name="shop",
                    transport=settings,
                    username="AKID" if self.kind is HttpKind.SES else self.username,
                    email=Mailbox("billing", "shop.example"),
                    reply_to=self.reply_to,
                )
                assert transport.carries(account)
                session = await transport.open(Order(account=account, folder=Path(), password=self.secret))
                judged = await session.deliver(message or outgoing(), to, self.before_dot)
                await session.close()
                await client.close()
                assert set(judged) == set(to)
                (first, *others) = judged.values()
                assert all(other == first for other in others)
                return first

        return asyncio.run(scenario())

    async def before_dot(self, recipients: tuple[Mailbox, ...]) -> None:
        self.dots.append(recipients)

    @property
    def got(self) -> ReceivedRequest:
        (request,) = self.service.received
        return request


@each_row("kind", KINDS)
def test_a_success_is_a_delivery_with_the_service_s_words_and_written_down_before(kind: HttpKind) -> None:
    visit = Visit(kind=kind, service=HttpService(text='{"id": "7"}'))

    judgement = visit.deliver()

    assert isinstance(judgement.verdict, Delivered)
    assert str(judgement.verdict.reply) == '200 {"id": "7"}'
    assert visit.dots == [(ANN, BOB)]
    assert len(visit.service.requests) == 1


@each_row("kind", KINDS)
@each_row(
    ("status", "trouble"),
    [
        (401, TroubleKind.LOGIN),
        (403, TroubleKind.LOGIN),
        (429, TroubleKind.LINE),
        (500, TroubleKind.LINE),
        (503, TroubleKind.LINE),
        (302, TroubleKind.LINE),
    ],
)
def test_what_is_the_account_s_fault_is_charged_to_no_message(
    kind: HttpKind, status: int, trouble: TroubleKind
) -> None:
    service = HttpService(status=status, text="no", headers={"Retry-After": "90", "Location": "https://evil.example/"})

    judgement = Visit(kind=kind, service=service).deliver()

    assert isinstance(judgement.verdict, Deferred)
    assert judgement.verdict.fault is Fault.ACCOUNT
    assert judgement.trouble is not None
    assert (judgement.trouble.kind, judgement.trouble.retry_after) == (trouble, timedelta(seconds=90))
    assert "k3y" not in repr(judgement)
    assert len(service.requests) == 1  # nothing is sent to where a redirect points


@each_row("kind", KINDS)
@each_row("status", [400, 413, 422])
def test_what_is_the_message_s_fault_fails(kind: HttpKind, status: int) -> None:
    judgement = Visit(kind=kind, service=HttpService(status=status, text="bad address")).deliver()

    assert isinstance(judgement.verdict, Failed)
    assert judgement.verdict.fault is Fault.MESSAGE
    assert "bad address" in str(judgement.verdict.reply)


@each_row("kind", KINDS)
def test_an_answer_that_is_lost_is_uncertain(kind: HttpKind) -> None:
    judgement = Visit(kind=kind, service=HttpService(closes=True)).deliver()
    of_gateway = Visit(kind=kind, service=HttpService(status=504, text="late")).deliver()

    assert isinstance(judgement.verdict, Uncertain)
    assert isinstance(of_gateway.verdict, Uncertain)
    assert of_gateway.trouble is not None


@each_row("kind", [kind for kind in KINDS if SERVICE_KINDS[kind].most_bytes])
def test_a_message_larger_than_the_service_takes_is_not_sent(kind: HttpKind) -> None:
    visit = Visit(kind=kind)
    most = SERVICE_KINDS[kind].most_bytes

    judgement = visit.deliver(outgoing(body=FileBody(path=Path("/nowhere"), size_bytes=most or 0)))

    assert isinstance(judgement.verdict, Failed)
    assert f"the service takes at most {most}" in judgement.verdict.reason
    assert visit.service.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_that_cannot_be_read_is_our_own_fault(kind: HttpKind, tmp_path: Path) -> None:
    visit = Visit(kind=kind, service=HttpService(status=400))

    judgement = visit.deliver(outgoing(body=FileBody(path=tmp_path / "gone", size_bytes=5)))

    assert isinstance(judgement.verdict, Deferred | Uncertain)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not HttpKind.RESEND])
def test_a_large_body_is_streamed_byte_for_byte(kind: HttpKind, tmp_path: Path) -> None:
    data = b"0123456789abcdef" * 65536
    (tmp_path / "body").write_bytes(data)
    visit = Visit(kind=kind)

    judgement = visit.deliver(outgoing(body=FileBody(path=tmp_path / "body", size_bytes=len(data))))

    assert isinstance(judgement.verdict, Delivered)
    assert content_of(visit).endswith(b"\r\n\r\n" + data)


def content_of(visit: Visit) -> bytes:
    """The message that the service got."""
    match visit.kind:
        case HttpKind.MAILGUN:
            (submission,) = visit.service.submissions
            return submission.files[0].data
        case HttpKind.GRAPH:
            return base64.b64decode(visit.got.body, validate=True)
        case HttpKind.SES:
            return base64.b64decode(json.loads(visit.got.body)["Content"]["Raw"]["Data"], validate=True)
        case _:
            return visit.got.body


@each_row("kind", [kind for kind in KINDS if kind is not HttpKind.RESEND])
def test_a_message_goes_as_it_is(kind: HttpKind) -> None:
    visit = Visit(kind=kind)

    visit.deliver()

    assert content_of(visit) == HEAD + b"\r\nPay!\r\n.\r\n"


@each_row("kind", BEARERS)
def test_the_key_goes_into_the_header_and_nowhere_else(kind: HttpKind) -> None:
    visit = Visit(kind=kind)

    visit.deliver()

    assert visit.got.fields["authorization"] == "Bearer k3y"
    assert "k3y" not in visit.got.target
    assert b"k3y" not in visit.got.body


def test_graph_names_the_mailbox() -> None:
    visit = Visit(kind=HttpKind.GRAPH)

    visit.deliver()

    assert visit.got.target == "/users/billing@shop.example/sendMail"
    assert visit.got.fields["content-type"] == "text/plain"


def test_gmail_takes_an_upload() -> None:
    visit = Visit(kind=HttpKind.GMAIL)

    visit.deliver()

    assert visit.got.target == "/upload/gmail/v1/users/me/messages/send?uploadType=media"
    assert visit.got.fields["content-type"] == "message/rfc822"


@pytest.mark.parametrize("kind", [HttpKind.GRAPH, HttpKind.GMAIL])
def test_services_that_read_the_header_are_told_of_hidden_recipients_there(kind: HttpKind) -> None:
    visit = Visit(kind=kind)

    visit.deliver(None, ANN, BOB, EVE)

    assert message_from_bytes(content_of(visit))["Bcc"] == "eve@customer.example"


@pytest.mark.parametrize("kind", [HttpKind.GRAPH, HttpKind.GMAIL])
def test_services_that_read_the_header_never_get_a_message_for_some_of_it(kind: HttpKind) -> None:
    visit = Visit(kind=kind)

    judgement = visit.deliver(None, ANN)

    assert isinstance(judgement.verdict, Failed)
    assert "names 1 more" in judgement.verdict.reason
    assert visit.service.requests == []


@each_row(
    ("kind", "status", "text", "trouble"),
    [
        (HttpKind.GRAPH, 403, '{"error":{"code":"ErrorSendAsDenied"}}', TroubleKind.LOGIN),
        (HttpKind.GRAPH, 404, '{"error":{"code":"ErrorInvalidUser"}}', TroubleKind.LOGIN),
        (HttpKind.GRAPH, 429, '{"error":{"code":"ErrorExceededMessageLimit"}}', TroubleKind.QUOTA),
        (HttpKind.GMAIL, 403, '{"errors":[{"reason":"userRateLimitExceeded"}]}', TroubleKind.LINE),
        (HttpKind.GMAIL, 403, '{"errors":[{"reason":"dailyLimitExceeded"}]}', TroubleKind.QUOTA),
        (HttpKind.GMAIL, 400, '{"errors":[{"reason":"failedPrecondition"}]}', TroubleKind.LOGIN),
        (HttpKind.MAILGUN, 404, "Domain not found", TroubleKind.LINE),
        (HttpKind.MAILGUN, 402, "payment", TroubleKind.QUOTA),
        (HttpKind.RESEND, 429, '{"name":"daily_quota_exceeded"}', TroubleKind.QUOTA),
        (HttpKind.RESEND, 403, "The shop.example domain is not verified", TroubleKind.LOGIN),
        (HttpKind.SES, 400, "Email address is not verified", TroubleKind.LOGIN),
        (HttpKind.SES, 404, "", TroubleKind.LINE),
    ],
)
def test_each_service_s_own_words_are_understood(kind: HttpKind, status: int, text: str, trouble: TroubleKind) -> None:
    judgement = Visit(kind=kind, service=HttpService(status=status, text=text)).deliver()

    assert judgement.trouble is not None
    assert judgement.trouble.kind is trouble


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        (HttpKind.GRAPH, 403, "ErrorSendAsDenied"),
        (HttpKind.RESEND, 403, "domain is not verified"),
        (HttpKind.SES, 400, "Email address is not verified"),
    ],
)
def test_another_s_sender_that_is_refused_is_the_message_s_fault(kind: HttpKind, status: int, text: str) -> None:
    judgement = Visit(kind=kind, service=HttpService(status=status, text=text)).deliver(outgoing(is_own_sender=False))

    assert isinstance(judgement.verdict, Failed)
    assert judgement.trouble is None


@each_row(
    ("word", "trouble"),
    [
        ("LimitExceededException", TroubleKind.QUOTA),
        ("AccountSuspendedException", TroubleKind.LOGIN),
        ("SendingPausedException:", TroubleKind.LOGIN),
        ("MailFromDomainNotVerifiedException", TroubleKind.LOGIN),
    ],
)
def test_amazon_s_words_stand_in_the_header(word: str, trouble: TroubleKind) -> None:
    service = HttpService(status=400, text="{}", headers={"x-amzn-ErrorType": word})

    judgement = Visit(kind=HttpKind.SES, service=service).deliver()

    assert judgement.trouble is not None
    assert judgement.trouble.kind is trouble


def test_ses_is_told_the_envelope_and_signs() -> None:
    visit = Visit(kind=HttpKind.SES)

    visit.deliver(None, EVE)

    wanted = json.loads(visit.got.body)
    assert visit.got.target == "/v2/email/outbound-emails"
    assert wanted["Destination"] == {"ToAddresses": ["eve@customer.example"]}
    assert wanted["FromEmailAddress"] == "billing@shop.example"
    assert visit.got.fields["authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKID/20260301/eu-central-1/ses/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature="
    )


def test_ses_without_a_sender_leaves_it_to_the_message() -> None:
    visit = Visit(kind=HttpKind.SES)

    visit.deliver(outgoing(sender=None))

    assert "FromEmailAddress" not in json.loads(visit.got.body)


@pytest.mark.parametrize(("domain", "path"), [(None, "shop.example"), ("mg.shop.example", "mg.shop.example")])
def test_mailgun_gets_a_form_with_the_envelope(domain: str | None, path: str) -> None:
    visit = Visit(kind=HttpKind.MAILGUN, settings={"domain": domain})

    visit.deliver(None, ANN, EVE)

    (submission,) = visit.service.submissions
    assert submission.target == f"/v3/{path}/messages.mime"
    assert submission.login == "Basic " + base64.b64encode(b"api:k3y").decode()
    assert submission.fields == (("to", "ann@customer.example"), ("to", "eve@customer.example"))
    assert [(file.field, file.content_type) for file in submission.files] == [("message", "message/rfc822")]


def test_resend_gets_the_parts_and_a_key_that_stays() -> None:
    html = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n"
    body = (
        b"--m\r\nContent-Type: text/html\r\n\r\n<p>Pay!</p>\r\n"
        b"--m\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--m--\r\n"
    )
    message = outgoing(body=InlineBody(data=body), head=HEAD + html)
    first, again, other = (Visit(kind=HttpKind.RESEND) for _ in range(3))

    first.deliver(message)
    again.deliver(message)
    other.deliver(message, EVE)

    assert json.loads(first.got.body) == {
        "from": '"Shop" <billing@shop.example>',
        "to": ["ann@customer.example"],
        "cc": ["bob@customer.example"],
        "subject": "Invoice",
        "html": "<p>Pay!</p>",
        "headers": {"In-Reply-To": "<x@y.example>"},
        "attachments": [{"filename": "a.pdf", "content": "JVBERg==", "content_type": "application/pdf"}],
    }
    keys = [visit.got.fields["idempotency-key"] for visit in (first, again, other)]
    assert keys[0] == keys[1]
    assert keys[0] != keys[2]
    assert json.loads(other.got.body)["to"] == ["eve@customer.example"]


def test_resend_gets_no_fields_where_the_message_has_none_to_keep() -> None:
    visit = Visit(kind=HttpKind.RESEND)

    visit.deliver(outgoing(head=HEAD.replace(b"In-Reply-To: <x@y.example>\r\n", b"")))

    assert "headers" not in json.loads(visit.got.body)


def test_resend_needs_somebody_in_to_and_a_readable_author() -> None:
    visit = Visit(kind=HttpKind.RESEND)

    visit.deliver(None, BOB)
    judgement = Visit(kind=HttpKind.RESEND).deliver(outgoing(head=HEAD.replace(b"Shop <billing@", b"<<")))

    wanted = json.loads(visit.got.body)
    assert (wanted["to"], "cc" in wanted) == (["bob@customer.example"], False)
    assert isinstance(judgement.verdict, Failed)
    assert "its From cannot be read" in judgement.verdict.reason


def test_a_message_that_was_taken_already_is_put_off() -> None:
    judgement = Visit(kind=HttpKind.RESEND, service=HttpService(status=409, text="same key")).deliver()

    assert isinstance(judgement.verdict, Deferred)
    assert judgement.verdict.fault is Fault.MESSAGE


def test_raw_has_the_envelope_in_its_header() -> None:
    visit = Visit(kind=HttpKind.RAW)

    visit.deliver()

    assert visit.got.fields["x-envelope-from"] == "<billing@shop.example>"
    assert visit.got.fields["x-envelope-to"] == "<ann@customer.example>, <bob@customer.example>"
    assert visit.got.fields["idempotency-key"].startswith("01ID-")


def test_raw_has_the_envelope_in_the_query_where_that_is_wanted() -> None:
    visit = Visit(kind=HttpKind.RAW, settings={"envelope": EnvelopePlace.QUERY})

    visit.deliver(outgoing(sender=None), Mailbox("bücher", "customer.example"), EVE)

    assert visit.got.target.startswith("/?from=&to=b%C3%BCcher%40customer.example&to=eve%40")


def test_raw_cannot_put_every_address_into_a_header() -> None:
    judgement = Visit(kind=HttpKind.RAW).deliver(None, Mailbox("bücher", "customer.example"))

    assert isinstance(judgement.verdict, Failed)
    assert "envelope: query" in judgement.verdict.reason


@pytest.mark.parametrize(
    ("settings", "username", "name", "value"),
    [
        ({"key_header": "X-Api-Key"}, None, "x-api-key", "k3y"),
        ({}, "bob", "authorization", "Basic " + base64.b64encode(b"bob:k3y").decode()),
    ],
)
def test_raw_logs_in_as_the_account_says(settings: dict[str, Any], username: str | None, name: str, value: str) -> None:
    visit = Visit(kind=HttpKind.RAW, settings=settings, username=username)

    visit.deliver()

    assert visit.got.fields[name] == value


@each_row(
    ("kind", "groups"),
    [
        (HttpKind.RAW, [100, 20]),
        (HttpKind.MAILGUN, [120]),
        (HttpKind.SES, [50, 50, 20]),
        (HttpKind.GRAPH, [120]),
        (HttpKind.GMAIL, [120]),
        (HttpKind.RESEND, [1] * 120),
    ],
)
def test_as_many_recipients_share_a_request_as_the_service_takes(kind: HttpKind, groups: list[int]) -> None:
    everybody = tuple(Mailbox(f"r{number}", "customer.example") for number in range(120))
    transport = HttpServiceTransport(HttpClient(FakeResolver(), FakeClock()), FakeClock(), kind)

    assert [len(group) for group in transport.split(outgoing(), everybody)] == groups


def test_raw_without_a_password_logs_in_nowhere() -> None:
    visit = Visit(kind=HttpKind.RAW, secret=None)

    visit.deliver()

    assert "authorization" not in visit.got.fields


@pytest.mark.parametrize(
    ("field", "replies"),
    [(b"", ["office@shop.example"]), (b"Reply-To: desk@shop.example\r\n", ["desk@shop.example"])],
)
def test_resend_is_told_where_replies_go(field: bytes, replies: list[str]) -> None:
    visit = Visit(kind=HttpKind.RESEND, reply_to=(Mailbox("office", "shop.example"),))

    visit.deliver(outgoing(head=HEAD + field))

    assert json.loads(visit.got.body)["reply_to"] == replies


def test_an_unreadable_cc_names_nobody_to_resend() -> None:
    visit = Visit(kind=HttpKind.RESEND)

    visit.deliver(outgoing(head=HEAD.replace(b"Cc: bob@", b"Cc: <<bob@")), ANN)

    assert json.loads(visit.got.body)["to"] == ["ann@customer.example"]
