"""The list of kinds. A new one is its file, its line here, its facts in `providers.http_services` and its tests."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from maild.config.model import HttpKind
from maild.delivery.transports.services.gmail import Gmail
from maild.delivery.transports.services.graph import Graph
from maild.delivery.transports.services.kind import ServiceKind
from maild.delivery.transports.services.mailgun import Mailgun
from maild.delivery.transports.services.raw import Raw
from maild.delivery.transports.services.resend import Resend
from maild.delivery.transports.services.ses import Ses

SERVICE_KINDS: Final[Mapping[HttpKind, ServiceKind]] = MappingProxyType(
    {
        HttpKind.RAW: Raw(),
        HttpKind.MAILGUN: Mailgun(),
        HttpKind.RESEND: Resend(),
        HttpKind.SES: Ses(),
        HttpKind.GRAPH: Graph(),
        HttpKind.GMAIL: Gmail(),
    }
)
"""By their names in an account file."""
