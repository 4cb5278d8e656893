"""A person's login, with a token service that answers from a list, in virtual time."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from maild.config.oauth_settings import OauthGrant
from maild.config.proxy import Proxy
from maild.net.http import FormBody, HttpAnswer
from maild.net.oauth.asking import with_refresh_token
from maild.net.oauth.endpoints import Endpoints
from maild.net.oauth.login import begin_consent, log_in_by_browser, log_in_by_device, redeem
from maild.net.step import NetError, Reason
from maild.secret import Secret
from tests.net.oauth.test_keyring import denied, granted
from tests.rows import each_row
from tests.virtual_time import run_virtual

if TYPE_CHECKING:
    from maild.net.oauth.answer import DeviceCode

ENDPOINTS = Endpoints(
    title="Test",
    grant=OauthGrant.LOGIN,
    client_id="maild",
    user="billing@shop.example",
    scope="send",
    token_url="https://tokens.example/token",
    device_url="https://tokens.example/device",
    authorize_url="https://tokens.example/authorize",
)
CODE = (200, json.dumps({"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": "https://x.example"}))
PENDING = denied("authorization_pending")


@dataclass
class Service:
    answers: list[tuple[int, str]]
    asked: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)

    async def ask(self, url: str, form: FormBody, *, proxy: Proxy | None = None) -> HttpAnswer:
        assert proxy is None
        self.asked.append((asyncio.get_running_loop().time(), url.rpartition("/")[2], dict(form.fields)))
        status, text = self.answers.pop(0) if self.answers else PENDING
        return HttpAnswer(status=status, text=text)


def test_a_login_by_device_asks_patiently_until_somebody_agrees() -> None:
    service = Service([CODE, PENDING, denied("slow_down"), PENDING, granted("a", "r")])
    shown: list[DeviceCode] = []

    got = run_virtual(log_in_by_device(service, ENDPOINTS, Secret("s"), shown.append))

    assert (got.access, got.refresh) == (Secret("a"), Secret("r"))
    assert [one.user_code for one in shown] == ["WDJB-MJHT"]
    assert [(at, page) for at, page, _ in service.asked] == [
        (0, "device"),
        (5, "token"),
        (10, "token"),
        (20, "token"),
        (30, "token"),
    ]
    assert service.asked[1][2]["client_secret"] == "s"


@each_row(
    ("answers", "words"),
    [
        ([denied("unauthorized_client", 400, "no device flow")], "refused: unauthorized_client: no device flow"),
        ([CODE, denied("access_denied")], "refused: access_denied"),
        ([CODE, granted("a")], "no refresh token"),
        ([CODE], "nobody typed in the code in time"),
    ],
)
def test_a_login_by_device_that_fails_says_why(answers: list[tuple[int, str]], words: str) -> None:
    with pytest.raises(NetError, match=words):
        run_virtual(log_in_by_device(Service(answers), ENDPOINTS, None, lambda _: None))


def test_a_login_by_browser_redeems_the_code() -> None:
    service = Service([granted("a", "r")])
    consent = begin_consent(ENDPOINTS, random_bytes=lambda count: b"x" * count)
    back = f"http://127.0.0.1:9/maild?code=c&state={consent.state}"

    got = run_virtual(log_in_by_browser(service, consent, back, Secret("s")))

    assert got.refresh == Secret("r")
    assert service.asked[0][2]["code"] == "c"
    assert len(service.asked[0][2]["code_verifier"]) == 64


def test_a_refresh_token_that_somebody_has_is_tried_and_stays_good() -> None:
    form = with_refresh_token(ENDPOINTS, Secret("r"), None)

    assert run_virtual(redeem(Service([granted("a")]), ENDPOINTS, form, fallback=Secret("r"))).refresh == Secret("r")
    with pytest.raises(NetError) as caught:
        run_virtual(redeem(Service([denied("invalid_grant")]), ENDPOINTS, form))
    assert caught.value.reason is Reason.TOKEN
