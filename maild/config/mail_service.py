"""Where an account's mail service is: as its file says, else as is known of the kind. Pure."""

from maild.config.model import HttpSettings
from maild.providers import Provider, provider_by_id
from maild.providers.http_services import HTTP_SERVICES


def service_url(settings: HttpSettings) -> str:
    """The URL; where a path is to follow it, without a final slash."""
    known = HTTP_SERVICES.get(settings.kind)
    if known is None:
        return settings.url
    return settings.url.rstrip("/") or known.address(settings.region)


def service_provider(settings: HttpSettings) -> Provider | None:
    """The mail company whose service it is; None where that is not known."""
    known = HTTP_SERVICES.get(settings.kind)
    return None if known is None or known.provider is None else provider_by_id(known.provider)
