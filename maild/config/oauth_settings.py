"""The section `oauth` of an account file: who gives the access tokens that the account logs in with (RFC 6749).

Pure and frozen; a value that exists is valid. The one secret that goes with it is the account's `password`: the
application's secret, or the key of a service account. A refresh token stands in no file of the configuration, because
it changes by itself: `maild account login` puts it into the spool's state.
"""

from dataclasses import dataclass
from enum import StrEnum


class OauthProvider(StrEnum):
    """Whose tokens; of OTHER nothing is known, so the file says where they come from."""

    MICROSOFT = "microsoft"
    GOOGLE = "google"
    OTHER = "other"


class OauthGrant(StrEnum):
    """By which right a token is given."""

    LOGIN = "login"
    """Somebody agreed once, with `maild account login` (RFC 8628, RFC 6749 §4.1); kept alive by a refresh token."""
    CLIENT_CREDENTIALS = "client-credentials"
    """The application is trusted itself, with its secret (RFC 6749 §4.4)."""
    SERVICE_ACCOUNT = "service-account"
    """The application signs for it with the key of a service account (RFC 7523)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OauthSettings:
    """See above.

    Attributes:
        client_id: the application's; None with a service account, whose key file names it.
        tenant: the directory at Microsoft.
        scope: what the token is to be good for; None: what sending needs at this provider.
        token_url, device_url: where OTHER gives tokens, and where a login by device begins.
    """

    provider: OauthProvider
    grant: OauthGrant = OauthGrant.LOGIN
    client_id: str | None = None
    tenant: str | None = None
    scope: str | None = None
    token_url: str | None = None
    device_url: str | None = None
