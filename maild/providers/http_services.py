"""Where the HTTP interfaces of mail companies are, as data: the address by kind and region, and whose limits hold.

`url` may hold `{region}`. The kinds are those of `http.kind` in an account file; what they send is
`delivery.transports.services`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpServiceFacts:
    """One company's interface.

    Attributes:
        url: where it is, without a final slash.
        provider: the id of the mail company, whose limits hold here too; None where there is none.
        regions: other addresses by region; None: the region is a part of `url`.
    """

    url: str
    provider: str | None
    sources: tuple[Source, ...]
    regions: Mapping[str, str] = field(default_factory=dict)

    def address(self, region: str | None) -> str:
        """Where it is for that region."""
        if region is None:
            return self.url
        return self.regions.get(region, self.url.replace("{region}", region))


HTTP_SERVICES: Final[Mapping[str, HttpServiceFacts]] = MappingProxyType(
    {
        "graph": HttpServiceFacts(
            url="https://graph.microsoft.com/v1.0",
            provider="microsoft365",
            sources=(
                Source(
                    url="https://learn.microsoft.com/graph/api/user-sendmail?view=graph-rest-1.0",
                    checked=date(2026, 11, 24),
                ),
            ),
        ),
        "gmail": HttpServiceFacts(
            url="https://gmail.googleapis.com",
            provider="gmail",
            sources=(
                Source(
                    url="https://developers.google.com/gmail/api/reference/rest/v1/users.messages/send",
                    checked=date(2026, 11, 24),
                ),
            ),
        ),
        "mailgun": HttpServiceFacts(
            url="https://api.mailgun.net",
            provider="mailgun",
            regions=MappingProxyType({"eu": "https://api.eu.mailgun.net", "us": "https://api.mailgun.net"}),
            sources=(
                Source(
                    url="https://documentation.mailgun.com/docs/mailgun/api-reference/api-overview",
                    checked=date(2026, 11, 24),
                ),
            ),
        ),
        "resend": HttpServiceFacts(
            url="https://api.resend.com",
            provider="resend",
            sources=(
                Source(url="https://resend.com/docs/api-reference/emails/send-email", checked=date(2026, 11, 24)),
                Source(url="https://resend.com/docs/dashboard/emails/idempotency-keys", checked=date(2026, 11, 24)),
            ),
        ),
        "ses": HttpServiceFacts(
            url="https://email.{region}.amazonaws.com",
            provider="amazon-ses",
            sources=(
                Source(
                    url="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html",
                    checked=date(2026, 11, 24),
                ),
            ),
        ),
        "jmap": HttpServiceFacts(
            url="https://api.fastmail.com/jmap/session",
            provider="fastmail",
            sources=(
                Source(url="https://www.fastmail.com/dev/", checked=date(2026, 11, 24)),
                Source(url="https://www.rfc-editor.org/rfc/rfc8621", checked=date(2026, 11, 24)),
            ),
        ),
    }
)
"""By kind."""
