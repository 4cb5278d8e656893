from dataclasses import replace

import pytest

from maild.config.model import Account, HttpKind, HttpSettings, SmtpSettings, Tls, TlsMode
from maild.config.oauth_settings import OauthGrant, OauthProvider, OauthSettings
from maild.config.proxy import Proxy, ProxyKind
from maild.mail.address import Mailbox
from maild.net.oauth.endpoints import Endpoints

SMTP = SmtpSettings(host="mail.test", port=465, tls=Tls(mode=TlsMode.IMPLICIT))


def account(settings: OauthSettings) -> Account:
    return Account(name="billing", transport=SMTP, username="billing@shop.example", oauth=settings)


def endpoints(provider: OauthProvider, **keys: object) -> Endpoints:
    settings = OauthSettings(provider=provider, client_id="abc", **keys)  # type: ignore[arg-type]  # a builder
    return Endpoints.of(account(settings), settings)


@pytest.mark.parametrize(
    ("grant", "tenant", "token_url", "scope"),
    [
        (
            OauthGrant.LOGIN,
            None,
            "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            "https://outlook.office.com/SMTP.Send offline_access",
        ),
        (
            OauthGrant.CLIENT_CREDENTIALS,
            "shop.example",
            "https://login.microsoftonline.com/shop.example/oauth2/v2.0/token",
            "https://outlook.office365.com/.default",
        ),
    ],
)
def test_what_is_known_of_a_company_fills_up_what_the_file_leaves_out(
    grant: OauthGrant, tenant: str | None, token_url: str, scope: str
) -> None:
    found = endpoints(OauthProvider.MICROSOFT, grant=grant, tenant=tenant)

    assert (found.token_url, found.scope, found.user) == (token_url, scope, "billing@shop.example")
    assert found.device_url is not None


def test_at_google_a_login_goes_by_the_browser() -> None:
    found = endpoints(OauthProvider.GOOGLE)

    assert (found.device_url, found.scope) == (None, "https://mail.google.com/")
    assert found.authorize_url == "https://accounts.google.com/o/oauth2/v2/auth"


def test_what_the_file_says_counts() -> None:
    found = endpoints(OauthProvider.OTHER, token_url="https://t.example/", device_url="https://d.example/", scope="s")

    assert (found.title, found.token_url, found.device_url, found.authorize_url, found.scope) == (
        "the token service",
        "https://t.example/",
        "https://d.example/",
        None,
        "s",
    )


@pytest.mark.parametrize("kind", ProxyKind)
def test_tokens_go_through_the_account_s_proxy(kind: ProxyKind) -> None:
    settings = OauthSettings(provider=OauthProvider.GOOGLE, client_id="abc")
    proxy = Proxy(kind=kind, host="proxy.example.com", port=3128)

    found = Endpoints.of(replace(account(settings), transport=replace(SMTP, proxy=proxy)), settings)

    assert found.proxy == proxy
    assert found.digest == endpoints(OauthProvider.GOOGLE).digest


def test_of_somebody_else_nothing_is_known() -> None:
    found = endpoints(OauthProvider.OTHER)

    assert (found.token_url, found.scope) == ("", "")


def test_by_http_no_scope_is_known_and_the_sender_is_the_user() -> None:
    settings = OauthSettings(provider=OauthProvider.GOOGLE)
    sender = Account(
        name="x", transport=HttpSettings(url="https://x/"), reply_to=(Mailbox("a", "b.example"),), oauth=settings
    )

    assert (Endpoints.of(sender, settings).scope, Endpoints.of(sender, settings).user) == ("", "a@b.example")


@pytest.mark.parametrize(
    ("kind", "grant", "scope"),
    [
        (HttpKind.GRAPH, OauthGrant.LOGIN, "https://graph.microsoft.com/Mail.Send offline_access"),
        (HttpKind.GRAPH, OauthGrant.CLIENT_CREDENTIALS, "https://graph.microsoft.com/.default"),
        (HttpKind.GMAIL, OauthGrant.SERVICE_ACCOUNT, "https://www.googleapis.com/auth/gmail.send"),
    ],
)
def test_an_interface_by_http_has_a_scope_of_its_own(kind: HttpKind, grant: OauthGrant, scope: str) -> None:
    provider = OauthProvider.MICROSOFT if kind is HttpKind.GRAPH else OauthProvider.GOOGLE
    settings = OauthSettings(provider=provider, grant=grant)
    sender = Account(
        name="x", transport=HttpSettings(url="", kind=kind), email=Mailbox("a", "b.example"), oauth=settings
    )

    assert Endpoints.of(sender, settings).scope == scope


def test_tokens_of_other_endpoints_are_told_apart() -> None:
    assert endpoints(OauthProvider.GOOGLE).digest != endpoints(OauthProvider.MICROSOFT).digest
