"""Resend."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, SenderRule, ServerPort, Source, UsernameForm

RESEND: Final = Provider(
    id="resend",
    title="Resend",
    hosts=("smtp.resend.com",),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=2465, mode=IMPLICIT),
        ServerPort(port=2587, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.FIXED,
    fixed_username="resend",
    mechanisms=("plain", "login"),
    password_advice=(
        "Resend wants the word resend as username and an API key as password: make one in the dashboard under API "
        "Keys. It is shown only once. The sender's domain must be verified."
    ),
    sources=(Source(url="https://resend.com/docs/send-with-smtp", checked=date(2026, 11, 24)),),
    # Bounces go to a subdomain that it gives the customer, and SPF is asked of that: the sender's own needs nothing.
    sender=SenderRule.VERIFIED,
)
