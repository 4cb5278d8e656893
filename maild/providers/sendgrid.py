"""Twilio SendGrid."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, ServerPort, Source, UsernameForm

SENDGRID: Final = Provider(
    id="sendgrid",
    title="SendGrid",
    hosts=("smtp.sendgrid.net",),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.FIXED,
    fixed_username="apikey",
    password_advice=(
        "SendGrid wants the word apikey as username and an API key with the Mail Send permission as password: "
        "make one under Settings, API Keys. It is shown only once."
    ),
    sources=(
        Source(
            url="https://www.twilio.com/docs/sendgrid/for-developers/sending-email/integrating-with-the-smtp-api",
            checked=date(2026, 11, 24),
        ),
    ),
)
