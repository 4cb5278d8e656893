"""Mail by JMAP against a service on loopback that answers as scripted."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.model import Account, HttpKind, HttpSettings
from maild.delivery.classify import Judgement
from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.jmap import JmapTransport
from maild.delivery.transports.services.jmap import Place, read_place, read_session, read_upload
from maild.delivery.transports.services.jmap_answer import JmapError
from maild.delivery.transports.services.jmap_outcome import read_outcome
from maild.delivery.transports.transport import Order
from maild.delivery.trouble import TroubleKind
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain
from maild.net.http import HttpClient
from maild.secret import Secret
from maild.spool.queue import FileBody, InlineBody
from tests.fakes.clock import FakeClock
from tests.fakes.http_service import HttpService
from tests.fakes.resolver import FakeResolver
from tests.rows import each_row

SENDER: Final = Mailbox("billing", "shop.example")
ANN, BOB = (Mailbox(name, "customer.example") for name in ("ann", "bob"))
HEAD: Final = b"From: Shop <billing@shop.example>\r\nTo: ann@customer.example\r\nSubject: Invoice\r\n"
SUBMISSION: Final = "urn:ietf:params:jmap:submission"
SESSION: Final[Mapping[str, Any]] = {
    "apiUrl": "/api/",
    "uploadUrl": "/upload/{accountId}/",
    "primaryAccounts": {SUBMISSION: "u1/x"},
    "capabilities": {"urn:ietf:params:jmap:core": {"maxSizeUpload": 1000}},
}
IDENTITIES: Final = [
    {"id": "i1", "email": "other@shop.example"},
    {"id": "i2", "email": "*@shop.example"},
    {"id": "i3", "email": "Billing@shop.example"},
]
MAILBOXES: Final = [{"id": "m1", "role": "inbox"}, {"id": "m2", "role": "drafts"}]


def methods(*answers: list[Any]) -> str:
    return json.dumps({"methodResponses": answers, "sessionState": "1"})


WHO: Final = methods(["Identity/get", {"list": IDENTITIES}, "i"], ["Mailbox/get", {"list": MAILBOXES}, "m"])
UPLOADED: Final = (201, json.dumps({"blobId": "b1"}))
IMPORTED: Final = ["Email/import", {"created": {"m": {"id": "e1"}}}, "m"]
SENT: Final = methods(
    IMPORTED,
    ["EmailSubmission/set", {"created": {"s": {"id": "s1"}}}, "s"],
    ["Email/set", {"destroyed": ["e1"]}, "s"],
)
OPENING: Final = [(200, json.dumps(SESSION)), (200, WHO)]


def not_sent(error: Mapping[str, Any]) -> str:
    return methods(IMPORTED, ["EmailSubmission/set", {"notCreated": {"s": error}}, "s"])


def outgoing(size: int = 9, *, is_own_sender: bool = True, sender: Mailbox | None = SENDER) -> Outgoing:
    body = InlineBody(data=b"Pay!\r\n.\r\n") if size < 100 else FileBody(path=Path("/nowhere"), size_bytes=size)
    return Outgoing(sender=sender, is_own_sender=is_own_sender, head=HEAD, body=body, id="01ID")


@dataclass(kw_only=True)
class Visit:
    """Messages through one session with a service that answers so."""

    answers: list[tuple[int, str]]
    closes: bool = False
    closes_when_answered: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    username: str | None = None
    dots: list[tuple[Mailbox, ...]] = field(default_factory=list)
    service: HttpService = field(init=False)

    def deliver(self, *messages: Outgoing) -> list[Mapping[Mailbox, Judgement]]:
        async def scenario() -> list[Mapping[Mailbox, Judgement]]:
            self.service = HttpService(
                answers=list(self.answers),
                closes=self.closes,
                closes_when_answered=self.closes_when_answered,
                headers=self.headers,
            )
            async with self.service as service:
                client = HttpClient(FakeResolver(), FakeClock())
                transport = JmapTransport(client)
                settings = HttpSettings(url=service.url.replace("/send", "/session"), kind=HttpKind.JMAP)
                account = Account(name="shop", transport=settings, username=self.username, email=SENDER)
                assert transport.carries(account)
                session = await transport.open(Order(account=account, folder=Path(), password=Secret("k3y")))
                found = [await session.deliver(one, (ANN, BOB), self.before_dot) for one in messages or (outgoing(),)]
                await session.close()
                session.abort()
                await client.close()
                return found

        return asyncio.run(scenario())

    def judge(self, message: Outgoing | None = None) -> Judgement:
        (judged,) = self.deliver(message or outgoing())
        assert judged[ANN] == judged[BOB]
        return judged[ANN]

    async def before_dot(self, recipients: tuple[Mailbox, ...]) -> None:
        assert len(self.service.requests) >= 3
        self.dots.append(recipients)

    def call(self, index: int) -> Any:  # noqa: ANN401 -- JSON
        return json.loads(self.service.received[index].body)["methodCalls"]


def test_a_message_is_uploaded_as_it_is_and_sent_with_its_envelope() -> None:
    visit = Visit(answers=[*OPENING, UPLOADED, (200, SENT)])

    judgement = visit.judge()

    assert isinstance(judgement.verdict, Delivered)
    assert str(judgement.verdict.reply) == "200 submission s1"
    assert visit.dots == [(ANN, BOB)]
    assert visit.service.requests == ["GET /session", "POST /api/", "POST /upload/u1/x/", "POST /api/"]
    assert [one.fields["authorization"] for one in visit.service.received] == ["Bearer k3y"] * 4
    upload = visit.service.received[2]
    assert (upload.body, upload.fields["content-type"]) == (HEAD + b"\r\nPay!\r\n.\r\n", "message/rfc822")
    (_, imported, _), (_, submitted, _) = visit.call(3)
    assert imported["emails"]["m"] == {
        "blobId": "b1",
        "mailboxIds": {"m2": True},
        "keywords": {"$draft": True, "$seen": True},
    }
    assert submitted["onSuccessDestroyEmail"] == ["#s"]
    assert submitted["create"]["s"] == {
        "identityId": "i3",
        "emailId": "#m",
        "envelope": {
            "mailFrom": {"email": "billing@shop.example"},
            "rcptTo": [{"email": "ann@customer.example"}, {"email": "bob@customer.example"}],
        },
    }


def test_where_everything_is_is_asked_once_and_a_bounce_has_no_sender() -> None:
    visit = Visit(answers=[*OPENING, UPLOADED, (200, SENT), UPLOADED, (200, SENT)], username="bob")

    visit.deliver(outgoing(), outgoing(sender=None))

    assert len(visit.service.requests) == 6
    assert visit.call(5)[1][1]["create"]["s"]["envelope"]["mailFrom"] == {"email": ""}
    assert visit.service.received[0].fields["authorization"].startswith("Basic ")


@each_row("step", range(4))
@each_row(("status", "kind"), [(401, TroubleKind.LOGIN), (403, TroubleKind.LOGIN), (503, TroubleKind.LINE)])
def test_a_refusal_at_every_step_is_the_account_s(step: int, status: int, kind: TroubleKind) -> None:
    answers = [*OPENING, UPLOADED, (200, SENT)]
    answers[step] = (status, "no")
    visit = Visit(answers=answers, headers={"Retry-After": "90"})

    judgement = visit.judge()

    assert isinstance(judgement.verdict, Deferred)
    assert judgement.trouble is not None
    assert judgement.trouble.kind is kind
    assert visit.dots == ([(ANN, BOB)] if step == 3 else [])
    assert "k3y" not in repr(judgement)


def test_a_redirect_is_not_followed_and_named() -> None:
    visit = Visit(answers=[(302, "")], headers={"Location": "https://evil.example/session"})

    judgement = visit.judge()

    assert judgement.trouble is not None
    assert "it points to https://evil.example/session" in judgement.trouble.detail
    assert len(visit.service.requests) == 1


def test_the_session_may_have_moved_on_its_own_host() -> None:
    # RFC 8620 §2.2: /.well-known/jmap is often no more than a sign to it. The header stands on every answer here.
    visit = Visit(answers=[(307, ""), *OPENING, UPLOADED, (200, SENT)], headers={"Location": "/jmap/session"})

    assert isinstance(visit.judge().verdict, Delivered)
    assert visit.service.requests[:3] == ["GET /session", "GET /jmap/session", "POST /api/"]


def test_a_session_that_moves_twice_is_not_followed() -> None:
    visit = Visit(answers=[(307, ""), (307, "")], headers={"Location": "/jmap/session"})

    assert visit.judge().trouble is not None
    assert len(visit.service.requests) == 2


@each_row(
    ("answers", "words"),
    [
        ([(200, "<html>")], "what answers there is not JMAP: http.url has to be the address of the session"),
        ([(200, "[]")], "what answers there is not JMAP"),
        ([(200, "{}")], "its session has no account that may send mail"),
        ([(200, json.dumps({**SESSION, "apiUrl": "https://evil.example/"}))], "points to another host"),
        ([(200, json.dumps({**SESSION, "uploadUrl": "http://[/"}))], "points to another host"),
        ([(200, json.dumps({**SESSION, "apiUrl": 5}))], "its session makes no sense"),
        ([OPENING[0], (200, methods())], "it has no identity to send as"),
        ([*OPENING, (201, "{}")], "its answer to the upload makes no sense"),
    ],
)
def test_a_service_that_makes_no_sense_is_the_account_s(answers: list[tuple[int, str]], words: str) -> None:
    visit = Visit(answers=answers)

    judgement = visit.judge()

    assert judgement.trouble is not None
    assert words in judgement.trouble.detail
    assert visit.dots == []
    assert len(visit.service.requests) == len(answers)


def test_what_is_lost_before_the_last_request_was_not_sent() -> None:
    judgement = Visit(answers=[], closes=True).judge()

    assert isinstance(judgement.verdict, Deferred)


def test_what_is_lost_before_and_after_the_request_that_sends_is_told_apart() -> None:
    answers = [*OPENING, UPLOADED]

    found = []
    for number in range(1, 4):
        visit = Visit(answers=answers[:number], closes_when_answered=True)
        found.append((type(visit.judge().verdict), len(visit.dots), len(visit.service.requests)))

    assert found == [(Deferred, 0, 2), (Deferred, 0, 3), (Uncertain, 1, 4)]


def test_a_gateway_that_waited_in_vain_knows_of_nothing_sent_before_the_request_that_sends() -> None:
    verdicts = [
        type(Visit(answers=[*answers, (504, "late")]).judge().verdict) for answers in (OPENING, [*OPENING, UPLOADED])
    ]

    assert verdicts == [Deferred, Uncertain]


@each_row("text", ["<html>", "{}", methods(), methods(["error", {}, "s"]), not_sent({})])
def test_an_answer_that_does_not_say_is_uncertain(text: str) -> None:
    judgement = Visit(answers=[*OPENING, UPLOADED, (200, text)]).judge()

    assert isinstance(judgement.verdict, Uncertain)


def test_a_message_larger_than_the_service_takes_is_not_uploaded() -> None:
    visit = Visit(answers=list(OPENING))

    judgement = visit.judge(outgoing(5000))

    assert isinstance(judgement.verdict, Failed)
    assert "takes at most 1000" in judgement.verdict.reason
    assert len(visit.service.requests) == 2


@each_row(
    ("error", "trouble"),
    [
        ("forbiddenFrom", TroubleKind.LOGIN),
        ("forbiddenMailFrom", TroubleKind.LOGIN),
        ("forbiddenToSend", TroubleKind.LOGIN),
        ("forbidden", TroubleKind.LOGIN),
        ("overQuota", TroubleKind.QUOTA),
        ("rateLimit", TroubleKind.LINE),
        ("serverFail", TroubleKind.LINE),
        ("alreadyExists", None),
        ("invalidEmail", None),
        ("tooManyRecipients", None),
    ],
)
def test_errors_of_jmap_are_understood_and_nothing_is_left_behind(error: str, trouble: TroubleKind | None) -> None:
    visit = Visit(answers=[*OPENING, UPLOADED, (200, not_sent({"type": error, "description": "no"})), (200, "{}")])

    judgement = visit.judge()

    assert (None if judgement.trouble is None else judgement.trouble.kind) is trouble
    assert isinstance(judgement.verdict, Failed if error in {"invalidEmail", "tooManyRecipients"} else Deferred)
    assert visit.call(4) == [["Email/set", {"accountId": "u1/x", "destroy": ["e1"]}, "d"]]


def test_a_leftover_that_cannot_be_deleted_changes_nothing() -> None:
    visit = Visit(answers=[*OPENING, UPLOADED, (200, not_sent({"type": "overQuota"})), (500, "")])

    assert isinstance(visit.judge().verdict, Deferred)


def test_another_s_sender_that_is_refused_is_the_message_s_fault() -> None:
    visit = Visit(answers=[*OPENING, UPLOADED, (200, not_sent({"type": "forbiddenFrom"})), (200, "{}")])

    judgement = visit.judge(outgoing(is_own_sender=False))

    assert isinstance(judgement.verdict, Failed)
    assert judgement.trouble is None


def test_an_import_that_fails_says_why() -> None:
    answer = methods(
        ["Email/import", {"notCreated": {"m": {"type": "overQuota"}}}, "m"],
        ["EmailSubmission/set", {"notCreated": {"s": {"type": "notFound"}}}, "s"],
    )
    visit = Visit(answers=[*OPENING, UPLOADED, (200, answer)])

    judgement = visit.judge()

    assert judgement.trouble is not None
    assert judgement.trouble.kind is TroubleKind.QUOTA
    assert len(visit.service.requests) == 4


def test_a_whole_method_that_fails_says_why() -> None:
    answer = methods(IMPORTED, ["error", {"type": "serverPartialFail"}, "s"])

    assert isinstance(Visit(answers=[*OPENING, UPLOADED, (200, answer)]).judge().verdict, Uncertain)


def test_what_is_known_of_a_recipient_at_once_counts_for_that_recipient() -> None:
    status = {
        "ANN@customer.example": {"smtpReply": "250 2.0.0 ok", "delivered": "queued"},
        "Bob@customer.example": {"smtpReply": "550 5.1.1 no such user", "delivered": "no"},
        "eve@customer.example": {"delivered": "no"},
    }
    created = {"s": {"id": "s1", "deliveryStatus": status}}
    eve = Mailbox("eve", "customer.example")

    judged = read_outcome(
        methods(IMPORTED, ["EmailSubmission/set", {"created": created}, "s"]), (ANN, BOB, eve), is_own_sender=True
    ).judgements

    assert isinstance(judged[ANN].verdict, Delivered)
    assert [judged[one].verdict for one in (BOB, eve)] == [
        Failed(
            fault=Fault.RECIPIENT,
            phase=Phase.REQUEST,
            reason="the mail service could not deliver to the recipient",
            reply=reply,
        )
        for reply in (Reply.of(550, "5.1.1 no such user"), None)
    ]


def test_one_wrong_recipient_does_not_fail_the_others() -> None:
    error = {"type": "invalidRecipients", "invalidRecipients": ["BOB@customer.example"]}

    judged = read_outcome(not_sent(error), (ANN, BOB), is_own_sender=True).judgements

    assert isinstance(judged[ANN].verdict, Deferred)
    verdict = judged[BOB].verdict
    assert isinstance(verdict, Failed)
    assert verdict.fault is Fault.RECIPIENT


@pytest.mark.parametrize(
    ("identities", "mailboxes", "place"),
    [
        (IDENTITIES, MAILBOXES, Place(identity_id="i3", mailbox_id="m2")),
        (IDENTITIES[:2], MAILBOXES[:1], Place(identity_id="i2", mailbox_id="m1")),
        (IDENTITIES[:1], MAILBOXES, Place(identity_id="i1", mailbox_id="m2")),
    ],
)
def test_the_fitting_identity_and_mailbox(identities: list[Any], mailboxes: list[Any], place: Place) -> None:
    text = methods(["Identity/get", {"list": identities}, "i"], ["Mailbox/get", {"list": mailboxes}, "m"])

    assert read_place(text, SENDER) == place


def test_a_submission_has_as_many_recipients_as_a_transaction() -> None:
    everybody = tuple(Mailbox(f"r{number}", "customer.example") for number in range(120))
    transport = JmapTransport(HttpClient(FakeResolver(), FakeClock()))

    assert [len(group) for group in transport.split(outgoing(), everybody)] == [100, 20]


@pytest.mark.parametrize("most", [None, "1000"])
def test_a_service_need_not_say_how_much_it_takes(most: object) -> None:
    session = {**SESSION, "capabilities": {"urn:ietf:params:jmap:core": {"maxSizeUpload": most}}}

    assert read_session(json.dumps(session), "https://mail.example/s").most_bytes is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["methodResponses", "created", "notCreated", "m", "s", "id", "type", "list"]), inner
        )
    ),
)


@given(JSON, JSON)
def test_no_answer_is_too_strange(answer: object, result: object) -> None:
    for text in (json.dumps(answer), methods(["Email/import", result, "m"], ["EmailSubmission/set", result, "s"])):
        read_outcome(text, (ANN,), is_own_sender=True)
        for reading in (lambda text: read_session(text, "https://x.example/"), read_upload):
            try:
                reading(text)
            except JmapError:
                continue
