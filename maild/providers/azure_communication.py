"""Azure Communication Services, Email."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    STARTTLS,
    Provider,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

AZURE_COMMUNICATION: Final = Provider(
    id="azure-communication",
    title="Azure Communication Services",
    hosts=("smtp.azurecomm.net",),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    sender=SenderRule.VERIFIED,
    password_advice=(
        "Azure wants the SMTP username that is made in the Communication Services resource, and as password a "
        "client secret of the Entra application that it belongs to."
    ),
    sources=(
        Source(
            url="https://learn.microsoft.com/azure/communication-services/quickstarts/email/send-email-smtp/send-email-smtp",
            checked=date(2026, 11, 24),
        ),
        Source(
            url="https://developer.konghq.com/how-to/configure-azure-smtp-for-kong-gateway", checked=date(2026, 11, 24)
        ),
    ),
)
