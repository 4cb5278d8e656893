"""Where the large mail companies give OAuth 2.0 tokens, and which scope sending needs, as data.

Google's device flow is left out on purpose: it gives no scope of mail, so there a login goes by the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from maild.providers.provider import Source


class TokenUse(StrEnum):
    """What a token is for: by SMTP, Microsoft Graph or the Gmail API; for a user, or for the application itself."""

    SMTP = "smtp"
    SMTP_APP = "smtp-app"
    GRAPH = "graph"
    GRAPH_APP = "graph-app"
    GMAIL = "gmail"


@dataclass(frozen=True, slots=True, kw_only=True)
class OauthService:
    """Who gives tokens.

    Attributes:
        id: as in an account file.
        token_url, device_url, authorize_url: `{tenant}` stands for the directory; None where there is no such way.
        serves: the mail companies whose accounts log in with its tokens, by their ids.
        usual_tenant: the directory when an account names none.
        scopes: by what the token is for.
    """

    id: str
    title: str
    serves: tuple[str, ...]
    token_url: str
    device_url: str | None
    authorize_url: str | None
    usual_tenant: str
    scopes: Mapping[TokenUse, str]
    sources: tuple[Source, ...]


_MICROSOFT: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"

OAUTH_SERVICES: Final = (
    OauthService(
        id="microsoft",
        title="Microsoft",
        serves=("microsoft365", "outlook-com"),
        token_url=f"{_MICROSOFT}/token",
        device_url=f"{_MICROSOFT}/devicecode",
        authorize_url=f"{_MICROSOFT}/authorize",
        usual_tenant="common",
        scopes=MappingProxyType(
            {
                # offline_access is what a refresh token is given for.
                TokenUse.SMTP: "https://outlook.office.com/SMTP.Send offline_access",
                TokenUse.SMTP_APP: "https://outlook.office365.com/.default",
                TokenUse.GRAPH: "https://graph.microsoft.com/Mail.Send offline_access",
                TokenUse.GRAPH_APP: "https://graph.microsoft.com/.default",
            }
        ),
        sources=(
            Source(
                url="https://learn.microsoft.com/exchange/client-developer/legacy-protocols/"
                "how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
                checked=date(2026, 11, 24),
            ),
            Source(
                url="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code",
                checked=date(2026, 11, 24),
            ),
        ),
    ),
    OauthService(
        id="google",
        title="Google",
        serves=("gmail", "google-relay"),
        token_url="https://oauth2.googleapis.com/token",
        device_url=None,
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        usual_tenant="",
        scopes=MappingProxyType(
            {
                TokenUse.SMTP: "https://mail.google.com/",
                TokenUse.SMTP_APP: "https://mail.google.com/",
                TokenUse.GMAIL: "https://www.googleapis.com/auth/gmail.send",
            }
        ),
        sources=(
            Source(
                url="https://developers.google.com/identity/protocols/oauth2/limited-input-device",
                checked=date(2026, 11, 24),
            ),
            Source(
                url="https://developers.google.com/identity/protocols/oauth2/service-account",
                checked=date(2026, 11, 24),
            ),
            Source(url="https://developers.google.com/gmail/imap/xoauth2-protocol", checked=date(2026, 11, 24)),
        ),
    ),
)


def oauth_service_for(provider_id: str) -> OauthService | None:
    """The service whose tokens log in at that mail company; None where none is known."""
    return next((one for one in OAUTH_SERVICES if provider_id in one.serves), None)


def oauth_service(service_id: str) -> OauthService | None:
    """The service of that id, None for one that is not known."""
    return next((one for one in OAUTH_SERVICES if one.id == service_id), None)
