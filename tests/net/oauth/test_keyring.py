"""The keyring against a token service on loopback."""

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path, PurePath

import pytest

from maild.config.model import Account, SmtpSettings, Tls, TlsMode
from maild.config.oauth_settings import OauthGrant, OauthProvider, OauthSettings
from maild.net.http import HttpClient
from maild.net.keys import Key
from maild.net.oauth import Keyring, TokenStore, token_folder
from maild.net.oauth.events import TokenEvent, TokenRefused, TokenRenewed
from maild.net.oauth.token import Granted
from maild.net.step import NetError, Reason
from maild.secret import FileRef, Secret
from tests.fakes.clock import FakeClock
from tests.fakes.http_service import HttpService
from tests.fakes.resolver import FakeResolver
from tests.net.oauth.test_assertion import key_file, rsa_key

Act = Callable[[Keyring], Awaitable[object]]
SMTP = SmtpSettings(host="mail.test", port=465, tls=Tls(mode=TlsMode.IMPLICIT))


def granted(token: str, refresh: str | None = None) -> tuple[int, str]:
    more = {} if refresh is None else {"refresh_token": refresh}
    return 200, json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more})


def denied(error: str, status: int = 400, words: str = "") -> tuple[int, str]:
    return status, json.dumps({"error": error, "error_description": words})


@dataclass(kw_only=True)
class Scene:
    folder: Path
    service: HttpService = field(default_factory=HttpService)
    clock: FakeClock = field(default_factory=FakeClock)
    events: list[TokenEvent] = field(default_factory=list)
    grant: OauthGrant = OauthGrant.CLIENT_CREDENTIALS

    @property
    def settings(self) -> OauthSettings:
        return OauthSettings(
            provider=OauthProvider.OTHER,
            grant=self.grant,
            client_id="maild",
            scope="send",
            token_url=self.service.url,
            device_url=self.service.url,
        )

    @property
    def account(self) -> Account:
        return Account(
            name="billing",
            transport=SMTP,
            username="billing@shop.example",
            password=FileRef(path=PurePath("password")),
            oauth=self.settings,
        )

    def __post_init__(self) -> None:
        self.client = HttpClient(FakeResolver(), self.clock)

    def keyring(self, *, has_store: bool = True) -> Keyring:
        store = TokenStore(token_folder(self.folder)) if has_store else None
        return Keyring(self.client, self.clock, store, self.events.append)

    def play(self, act: Act, *answers: tuple[int, str], has_store: bool = True) -> None:
        async def scenario() -> None:
            (self.folder / "password").write_text(self.secret)
            self.service.answers += answers
            async with self.service:
                await act(self.keyring(has_store=has_store))
                await self.client.close()

        asyncio.run(scenario())

    secret: str = "app secret"

    async def key(self, keys: Keyring) -> Key:
        key = await keys.key_of(self.account, self.folder)
        assert key is not None
        return key

    @property
    def asked(self) -> list[dict[str, str]]:
        return [one.form for one in self.service.submissions]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(folder=tmp_path)


def test_a_token_is_made_once_kept_for_its_owner_alone_and_renewed_before_it_ends(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        assert (await scene.key(keys)).secret == Secret("first")
        assert (await scene.key(scene.keyring())).secret == Secret("first")  # another process
        scene.clock.advance(60 * 47)
        assert (await scene.key(keys)).secret == Secret("first")
        scene.clock.advance(60 * 2)
        assert (await scene.key(keys)).secret == Secret("second")

    scene.play(act, granted("first"), granted("second"))

    assert [one["client_secret"] for one in scene.asked] == ["app secret"] * 2
    assert [type(event) for event in scene.events] == [TokenRenewed, TokenRenewed]
    file = token_folder(scene.folder) / "billing.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_without_a_spool_a_token_is_kept_in_memory(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        first = await scene.key(keys)
        assert await scene.key(keys) == first

    scene.play(act, granted("first"), has_store=False)

    assert len(scene.asked) == 1


def test_many_who_ask_at_once_cause_one_question(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        keys_given = await asyncio.gather(*(scene.key(keys) for _ in range(10)))
        assert {key.secret for key in keys_given} == {Secret("only")}

    scene.play(act, granted("only"))

    assert len(scene.asked) == 1


def test_a_token_is_used_to_its_end_while_no_other_can_be_had(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        await scene.key(keys)
        scene.clock.advance(60 * 50)
        assert (await scene.key(keys)).secret == Secret("first")
        scene.clock.advance(60 * 10)
        with pytest.raises(NetError) as caught:
            await scene.key(keys)
        assert caught.value.reason is Reason.REPLY

    scene.play(act, granted("first"), denied("server_error", 503), denied("server_error", 503))

    assert [event.is_final for event in scene.events if isinstance(event, TokenRefused)] == [False, False]


def test_a_refusal_for_good_is_said_with_the_service_s_words_and_without_our_secret(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        with pytest.raises(NetError) as caught:
            await scene.key(keys)
        assert caught.value.reason is Reason.TOKEN
        assert caught.value.detail == (
            "the token service gives no access token: invalid_client: AADSTS7000215: •••• is not right"
        )

    scene.play(act, denied("invalid_client", 401, "AADSTS7000215: app secret is not right"))


def test_a_service_that_is_away_is_no_refusal(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        scene.service.closes = True
        with pytest.raises(NetError) as caught:
            await scene.key(keys)
        assert caught.value.reason is Reason.LOST
        assert caught.value.detail.startswith("the token service could not be asked: ")

    scene.play(act)


def test_a_login_lives_on_by_its_refresh_token_and_keeps_each_new_one(scene: Scene) -> None:
    scene.grant = OauthGrant.LOGIN

    async def act(keys: Keyring) -> None:
        first = Granted(access=Secret("a"), lifetime=timedelta(hours=1), refresh=Secret("r1"))
        await keys.adopt(scene.account, scene.settings, first)
        before = after = await scene.key(keys)
        for _ in range(3):
            scene.clock.advance(60 * 50)
            after = await scene.key(keys)
        assert (before.secret, after.secret) == (Secret("a"), Secret("d"))
        assert after.identity == before.identity
        await keys.adopt(scene.account, scene.settings, first)
        assert (await scene.key(keys)).identity != before.identity

    scene.play(act, granted("b", "r2"), granted("c"), granted("d", "r3"))

    assert [one["refresh_token"] for one in scene.asked] == ["r1", "r2", "r2"]


def test_before_anybody_has_logged_in_it_is_said_what_to_do(scene: Scene) -> None:
    scene.grant = OauthGrant.LOGIN

    async def act(keys: Keyring) -> None:
        with pytest.raises(NetError, match="maild account login billing") as caught:
            await scene.key(keys)
        assert caught.value.reason is Reason.TOKEN

    scene.play(act)


def test_a_service_account_signs_for_itself(scene: Scene) -> None:
    scene.grant = OauthGrant.SERVICE_ACCOUNT
    scene.secret = key_file(rsa_key()).reveal()

    async def act(keys: Keyring) -> None:
        assert (await scene.key(keys)).secret == Secret("t")

    scene.play(act, granted("t"))

    assert scene.asked[0]["assertion"].count(".") == 2


def test_a_password_that_is_no_key_file_is_named_as_such(scene: Scene) -> None:
    scene.grant = OauthGrant.SERVICE_ACCOUNT

    async def act(keys: Keyring) -> None:
        with pytest.raises(NetError, match="no key file of a service account") as caught:
            await scene.key(keys)
        assert "app secret" not in str(caught.value)

    scene.play(act)


def test_a_token_that_was_taken_back_is_replaced_once(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        old = await scene.key(keys)
        assert not await keys.renew(scene.account, scene.folder, old)  # it was made just now
        scene.clock.advance(60 * 5)
        assert await keys.renew(scene.account, scene.folder, old)
        new = await scene.key(keys)
        assert new.secret == Secret("second")
        assert await keys.renew(scene.account, scene.folder, old)  # somebody else has done it
        assert (await scene.key(keys)) == new

    scene.play(act, granted("first"), granted("second"))


def test_tokens_of_other_settings_are_not_used(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        await scene.key(keys)
        scene.grant = OauthGrant.LOGIN
        with pytest.raises(NetError, match="nobody has logged in yet"):
            await scene.key(keys)

    scene.play(act, granted("first"))


def test_a_damaged_file_is_as_none(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        folder = token_folder(scene.folder)
        folder.mkdir(parents=True)
        (folder / "billing.json").write_bytes(b"{" * 100_000)
        assert (await scene.key(keys)).secret == Secret("first")

    scene.play(act, granted("first"))


def test_an_account_with_a_password_logs_in_with_that(scene: Scene) -> None:
    async def act(keys: Keyring) -> None:
        account = Account(name="b", transport=SMTP, username="b@c.example", password=FileRef(path=PurePath("password")))
        key = await keys.key_of(account, scene.folder)
        assert key == Key(secret=Secret("app secret"), identity=Secret("app secret"))
        assert not await keys.renew(account, scene.folder, key)

    scene.play(act)
