"""Where an account's tokens come from, and for what: its `oauth` section filled up with what is known. Pure."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Self, assert_never

from maild.config.model import Account, HttpKind, HttpSettings, SmtpSettings
from maild.config.oauth_settings import OauthGrant, OauthSettings
from maild.config.proxy import Proxy
from maild.providers.oauth import TokenUse, oauth_service

_FOR_APPLICATIONS: Final = frozenset({OauthGrant.CLIENT_CREDENTIALS, OauthGrant.SERVICE_ACCOUNT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """See above.

    Attributes:
        title: whose they are, for people.
        user: for whom a service account asks; the account's sender.
        device_url, authorize_url: None where there is no such way to log in.
        proxy: the account's.
    """

    title: str
    grant: OauthGrant
    client_id: str
    user: str
    scope: str
    token_url: str
    device_url: str | None = None
    authorize_url: str | None = None
    proxy: Proxy | None = None

    @classmethod
    def of(cls, account: Account, settings: OauthSettings, folder: PurePath | None = None) -> Self:
        """Those of an account; `folder` is what relative paths in its file count from."""
        service = oauth_service(settings.provider)
        use = token_use(account, settings.grant)
        usual = None if service is None or use is None else service.scopes.get(use)
        tenant = settings.tenant or ("" if service is None else service.usual_tenant)

        proxy = account.transport.proxy

        def known(url: str | None) -> str | None:
            return None if url is None else url.replace("{tenant}", tenant)

        return cls(
            title=service.title if service is not None else "the token service",
            grant=settings.grant,
            client_id=settings.client_id or "",
            user=str(account.sender) if account.username is None else account.username,
            scope=settings.scope or usual or "",
            token_url=settings.token_url or known(None if service is None else service.token_url) or "",
            device_url=settings.device_url or known(None if service is None else service.device_url),
            authorize_url=known(None if service is None else service.authorize_url),
            proxy=None if proxy is None else proxy.at(folder or PurePath()),
        )

    @property
    def digest(self) -> str:
        """Tells tokens of these endpoints from those of others."""
        parts = [self.grant.value, self.client_id, self.user, self.scope, self.token_url]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def token_use(account: Account, grant: OauthGrant) -> TokenUse | None:
    """What the account's tokens are for; None where no scope is known for it."""
    is_application = grant in _FOR_APPLICATIONS
    match account.transport:
        case SmtpSettings():
            return TokenUse.SMTP_APP if is_application else TokenUse.SMTP
        case HttpSettings(kind=HttpKind.GRAPH):
            return TokenUse.GRAPH_APP if is_application else TokenUse.GRAPH
        case HttpSettings(kind=HttpKind.GMAIL):
            return TokenUse.GMAIL
        case HttpSettings():
            return None
        case _:
            assert_never(account.transport)
