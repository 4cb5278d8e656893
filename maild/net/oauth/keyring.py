"""The keyring: passwords where an account has one, access tokens where it has `oauth`, made and renewed as needed.

A token is renewed at 80 % of its life; while that fails the old one is used to its end. One renewal at a time for an
account, over all processes on this machine. What can go wrong is a NetError at Phase.SECRET: Reason.TOKEN when the
token service says no for good, so that a person has to do something, else what kept us from asking.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, assert_never

from maild.clock import Clock
from maild.config.model import Account
from maild.config.oauth_settings import OauthGrant, OauthSettings
from maild.config.proxy import Proxy
from maild.mail.phase import Phase
from maild.net.http import FormBody, HttpAnswer, HttpClient, HttpError, Trust
from maild.net.keys import Key
from maild.net.oauth.answer import Denied, read_token
from maild.net.oauth.asking import with_assertion, with_client_secret, with_refresh_token
from maild.net.oauth.assertion import KeyFileError, ServiceKey
from maild.net.oauth.endpoints import Endpoints
from maild.net.oauth.events import TokenEvent, TokenRefused, TokenRenewed
from maild.net.oauth.store import TokenStore
from maild.net.oauth.token import Granted, Kept
from maild.net.passwords import Passwords, fetch_password
from maild.net.step import NetError, Reason
from maild.secret import Secret

ASK_TIMEOUT_S: Final = 30.0
YOUNG: Final = timedelta(minutes=1)
"""A token that was made so lately and is refused all the same: another one will be, too."""


class Keyring:
    """See above. `store` None: tokens are kept in memory alone, and a login by a person cannot be."""

    def __init__(
        self, client: HttpClient, clock: Clock, store: TokenStore | None, emit: Callable[[TokenEvent], None]
    ) -> None:
        self._client: Final = client
        self._clock: Final = clock
        self._store: Final = store
        self._emit: Final = emit
        self._passwords: Final = Passwords()
        self._kept: dict[str, Kept] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def key_of(self, account: Account, folder: Path) -> Key | None:
        """See `Keys`."""
        settings = account.oauth
        if settings is None:
            return await self._passwords.key_of(account, folder)
        endpoints = Endpoints.of(account, settings, folder)
        password = await fetch_password(account, folder, is_one_line=settings.grant is not OauthGrant.SERVICE_ACCOUNT)
        async with self._alone(account.name):
            kept = await self._load(account.name, endpoints)
            now = self._clock.now()
            if kept.token is None or not kept.token.is_usable(now) or now >= kept.token.renew_at:
                kept = await self._renewed(account.name, endpoints, password, kept)
        assert kept.token is not None
        origin = "" if password is None else password.reveal()
        return Key(secret=kept.token.access, identity=Secret(f"{endpoints.digest}\0{kept.login_id}\0{origin}"))

    async def renew(self, account: Account, folder: Path, refused: Key) -> bool:
        """See `Keys`: the server refused a token that is still good by the clock, such as one taken back."""
        del folder
        if account.oauth is None:
            return False
        endpoints = Endpoints.of(account, account.oauth)
        async with self._alone(account.name):
            kept = await self._load(account.name, endpoints)
            if kept.token is None or kept.token.access != refused.secret:
                return True
            if self._clock.now() - kept.token.obtained_at < YOUNG:
                return False
            await self._save(account.name, replace(kept, token=None))
        return True

    async def adopt(self, account: Account, settings: OauthSettings, granted: Granted) -> None:
        """Somebody has logged in: keep what came of it.

        Raises:
            NetError: it cannot be kept.
        """
        endpoints = Endpoints.of(account, settings)
        async with self._alone(account.name):
            kept = Kept(
                digest=endpoints.digest,
                token=granted.token(self._clock.now()),
                refresh=granted.refresh,
                login_id=os.urandom(8).hex(),
            )
            await self._save(account.name, kept)

    async def ask(self, url: str, form: FormBody, *, proxy: Proxy | None = None) -> HttpAnswer:
        """Ask a token service something.

        Raises:
            NetError: at Phase.SECRET; there was no answer.
        """
        try:
            return await self._client.post(url, form, trust=Trust(proxy=proxy), timeout_s=ASK_TIMEOUT_S)
        except HttpError as error:
            detail = f"the token service could not be asked: {error.detail}"
            raise NetError(Phase.SECRET, error.reason, detail) from error

    async def _renewed(self, name: str, endpoints: Endpoints, password: Secret | None, kept: Kept) -> Kept:
        """With a new token; with the old one while that is good and no new one can be had."""
        now = self._clock.now()
        try:
            form = self._form(endpoints, password, kept, name)
            answer = await self.ask(endpoints.token_url, form, proxy=endpoints.proxy)
            match read_token(answer.status, answer.text):
                case Granted() as granted:
                    token = granted.token(now)
                    renewed = replace(kept, token=token, refresh=granted.refresh or kept.refresh)
                    await self._save(name, renewed)
                    self._emit(TokenRenewed(account=name, expires_at=token.expires_at))
                    return renewed
                case Denied() as denied:
                    raise _denial(denied, form, endpoints)
                case other:
                    assert_never(other)
        except NetError as error:
            self._emit(TokenRefused(account=name, is_final=error.reason is Reason.TOKEN, detail=error.detail))
            if kept.token is not None and kept.token.is_usable(now):
                return kept
            raise

    def _form(self, endpoints: Endpoints, password: Secret | None, kept: Kept, name: str) -> FormBody:
        match endpoints.grant:
            case OauthGrant.LOGIN:
                if kept.refresh is None:
                    detail = f"nobody has logged in yet, or the login is of other settings: maild account login {name}"
                    raise NetError(Phase.SECRET, Reason.TOKEN, detail)
                return with_refresh_token(endpoints, kept.refresh, password)
            case OauthGrant.CLIENT_CREDENTIALS:
                return with_client_secret(endpoints, password or Secret(""))
            case OauthGrant.SERVICE_ACCOUNT:
                try:
                    key = ServiceKey.parse(password or Secret(""))
                    word = key.assertion(
                        user=endpoints.user,
                        scope=endpoints.scope,
                        audience=endpoints.token_url,
                        now=self._clock.now(),
                    )
                except KeyFileError as error:
                    detail = f"the password leads to no key file of a service account: {error}"
                    raise NetError(Phase.SECRET, Reason.TOKEN, detail) from None
                return with_assertion(word)
            case _:
                assert_never(endpoints.grant)

    async def _load(self, name: str, endpoints: Endpoints) -> Kept:
        """What is kept of these endpoints: on disk, where another process may have renewed it, else in memory."""
        kept = self._kept.get(name) if self._store is None else await asyncio.to_thread(self._store.load, name)
        return kept if kept is not None and kept.digest == endpoints.digest else Kept(digest=endpoints.digest)

    async def _save(self, name: str, kept: Kept) -> None:
        if self._store is None:
            self._kept[name] = kept
            return
        try:
            await asyncio.to_thread(self._store.save, name, kept)
        except OSError as error:
            raise _unkept(error) from error

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[None]:
        async with self._locks.setdefault(name, asyncio.Lock()):
            if self._store is None:
                yield
                return
            waiting = asyncio.ensure_future(asyncio.to_thread(self._store.lock, name))
            try:
                descriptor = await asyncio.shield(waiting)
            except OSError as error:
                raise _unkept(error) from error
            except asyncio.CancelledError:
                # The thread goes on and gets the lock one day; nobody would let it go.
                waiting.add_done_callback(_let_go)
                raise
            try:
                yield
            finally:
                os.close(descriptor)


def _let_go(waiting: asyncio.Future[int]) -> None:
    if waiting.exception() is None:
        os.close(waiting.result())


def _unkept(error: OSError) -> NetError:
    return NetError(Phase.SECRET, Reason.LOCAL, f"tokens cannot be kept in the spool's state: {error.strerror}")


def _denial(denied: Denied, form: FormBody, endpoints: Endpoints) -> NetError:
    words = f"{endpoints.title} gives no access token: {denied.error}{': ' if denied.words else ''}{denied.words}"
    for field, value in form.fields:
        # Services do echo; what is public may be shown.
        if field not in {"grant_type", "client_id", "scope"} and len(value) >= 4:
            words = words.replace(value, "••••")
    return NetError(Phase.SECRET, Reason.TOKEN if denied.is_final else Reason.REPLY, words)
