"""Reads the section `oauth` of an account, with the faults that only parsing finds."""

from typing import Final

from maild.config.build.reader import Reader
from maild.config.fault import InvalidChoice, InvalidUrl, Pointer
from maild.config.oauth_settings import OauthGrant, OauthProvider, OauthSettings
from maild.config.schema.kind import shown
from maild.config.url import NoUrl, parse_url

_URLS: Final = (Pointer("/oauth/token_url"), Pointer("/oauth/device_url"))

_GRANT: Final = Pointer("/oauth/grant")
_GRANTS: Final = {
    OauthProvider.MICROSOFT: (OauthGrant.LOGIN, OauthGrant.CLIENT_CREDENTIALS),
    OauthProvider.GOOGLE: (OauthGrant.LOGIN, OauthGrant.SERVICE_ACCOUNT),
    OauthProvider.OTHER: tuple(OauthGrant),
}
"""What each company has."""


def read_oauth(reader: Reader) -> OauthSettings | None:
    """The section; None where there is none, or none that says whose tokens are meant."""
    provider = reader.choice("/oauth/provider", OauthProvider)
    token_url, device_url = (_read_url(reader, pointer) for pointer in _URLS)
    if provider is None:
        return None
    grant = reader.choice(_GRANT, OauthGrant) or OauthGrant.LOGIN
    if grant not in _GRANTS[provider]:
        allowed = tuple(one.value for one in _GRANTS[provider])
        reader.faults.append(InvalidChoice(pointer=_GRANT, found=grant.value, allowed=allowed))
    return OauthSettings(
        provider=provider,
        grant=grant,
        client_id=reader.text("/oauth/client_id"),
        tenant=reader.text("/oauth/tenant"),
        scope=reader.text("/oauth/scope"),
        token_url=token_url,
        device_url=device_url,
    )


def _read_url(reader: Reader, pointer: Pointer) -> str | None:
    text = reader.text(pointer)
    if text is None:
        return None
    parsed = parse_url(text)
    if isinstance(parsed, NoUrl):
        reader.faults.append(
            InvalidUrl(
                pointer=pointer, found=shown(parsed.shown), problem=parsed.problem, suggestion=shown(parsed.suggestion)
            )
        )
        return None
    return parsed.url
