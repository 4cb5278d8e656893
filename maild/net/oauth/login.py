"""A person's login: by device code (RFC 8628), or by a browser (RFC 6749 §4.1 with RFC 7636). Shell code.

What can go wrong is a NetError at Phase.SECRET: the service could not be asked, refused, or time ran out.
"""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol, assert_never

from maild.config.proxy import Proxy
from maild.mail.phase import Phase
from maild.net.http import FormBody, HttpAnswer
from maild.net.oauth.answer import Denied, DeviceCode, read_device_code, read_token
from maild.net.oauth.asking import Consent, for_device_code, with_device_code
from maild.net.oauth.endpoints import Endpoints
from maild.net.oauth.token import Granted
from maild.net.step import NetError, Reason
from maild.secret import Secret

SLOWER_S: Final = 5.0
"""RFC 8628 §3.5: so much longer are the pauses after slow_down."""


class TokenService(Protocol):
    """Who is asked: the keyring."""

    async def ask(self, url: str, form: FormBody, *, proxy: Proxy | None = None) -> HttpAnswer:
        """Its answer.

        Raises:
            NetError: there was none.
        """
        ...


async def log_in_by_device(
    service: TokenService, endpoints: Endpoints, client_secret: Secret | None, show: Callable[[DeviceCode], None]
) -> Granted:
    """Show a code, and wait until somebody has typed it in somewhere and agreed."""
    assert endpoints.device_url is not None
    answer = await service.ask(endpoints.device_url, for_device_code(endpoints), proxy=endpoints.proxy)
    code = read_device_code(answer.status, answer.text)
    if isinstance(code, Denied):
        raise _refused(code)
    show(code)
    try:
        async with asyncio.timeout(code.lifetime_s):
            return await _wait_for(service, endpoints, code, client_secret)
    except TimeoutError:
        raise NetError(Phase.SECRET, Reason.TIMEOUT, "nobody typed in the code in time") from None


async def _wait_for(
    service: TokenService, endpoints: Endpoints, code: DeviceCode, client_secret: Secret | None
) -> Granted:
    pause_s = code.interval_s
    while True:
        await asyncio.sleep(pause_s)
        form = with_device_code(endpoints, code.device_code, client_secret)
        answer = await service.ask(endpoints.token_url, form, proxy=endpoints.proxy)
        match read_token(answer.status, answer.text):
            case Granted() as granted:
                return _lasting(granted)
            case Denied(error="authorization_pending"):
                pass
            case Denied(error="slow_down"):
                pause_s += SLOWER_S
            case Denied() as denied:
                raise _refused(denied)
            case other:
                assert_never(other)


def begin_consent(endpoints: Endpoints, *, random_bytes: Callable[[int], bytes]) -> Consent:
    """The beginning of a login by browser."""
    assert endpoints.authorize_url is not None
    return Consent(
        endpoints=endpoints,
        authorize_url=endpoints.authorize_url,
        state=_letters(random_bytes(18)),
        verifier=Secret(_letters(random_bytes(48))),
    )


async def log_in_by_browser(
    service: TokenService, consent: Consent, address: str, client_secret: Secret | None
) -> Granted:
    """The end of it, with the address that the browser was sent to.

    Raises:
        ValueError: the address is not that of this login.
        NetError: as above.
    """
    form = consent.form(consent.code_in(address), client_secret)
    return await redeem(service, consent.endpoints, form)


async def redeem(
    service: TokenService, endpoints: Endpoints, form: FormBody, *, fallback: Secret | None = None
) -> Granted:
    """The token that the form asks for; `fallback` is the refresh token that stays good when no new one comes."""
    answer = await service.ask(endpoints.token_url, form, proxy=endpoints.proxy)
    found = read_token(answer.status, answer.text)
    if isinstance(found, Denied):
        raise _refused(found)
    return _lasting(found if found.refresh is not None else replace(found, refresh=fallback))


def _lasting(granted: Granted) -> Granted:
    if granted.refresh is None:
        detail = (
            "the token service gave no refresh token, so the login would end within the hour; its scope may lack "
            "offline_access"
        )
        raise NetError(Phase.SECRET, Reason.TOKEN, detail)
    return granted


def _refused(denied: Denied) -> NetError:
    words = f"the token service refused: {denied.error}{': ' if denied.words else ''}{denied.words}"
    return NetError(Phase.SECRET, Reason.TOKEN, words)


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
