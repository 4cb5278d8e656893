"""Infomaniak."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, ProviderLimits, ServerPort, Source, UsernameForm

INFOMANIAK: Final = Provider(
    id="infomaniak",
    title="Infomaniak",
    hosts=("mail.infomaniak.com",),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    mechanisms=("plain", "login"),
    limits=ProviderLimits(per_day=1440, per_message=100),
    spf_include="spf.infomaniak.ch",
    password_advice=(
        "The password is that of the e-mail address, or of a device, made in the Infomaniak Manager; the "
        "password of the Infomaniak account does not work."
    ),
    sources=(
        # Ports and mechanisms, the number of messages a day, the SPF record, and the recipients of one message.
        Source(url="https://infomaniak.com/en/support/faq/admin2/email-service?i=2", checked=date(2026, 11, 24)),
        Source(url="https://www.infomaniak.com/en/support/faq/admin2/email-service?i=6", checked=date(2026, 11, 24)),
        Source(url="https://infomaniak.com/fr/support/faq/admin2/service-mail?i=7", checked=date(2026, 11, 24)),
        Source(url="https://infomaniak.com/en/support/faq/admin2/email-service?i=8", checked=date(2026, 11, 24)),
    ),
)
