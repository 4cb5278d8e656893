"""Mailtrap: live streams that deliver, and a sandbox that only shows mail."""

from datetime import date
from typing import Final

from maild.providers.provider import STARTTLS, Provider, SenderRule, ServerPort, Source, UsernameForm

MAILTRAP: Final = Provider(
    id="mailtrap",
    title="Mailtrap",
    hosts=("live.smtp.mailtrap.io", "bulk.smtp.mailtrap.io"),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.FIXED,
    fixed_username="api",
    # For programs that want an address there.
    other_usernames=("smtp@mailtrap.io",),
    sender=SenderRule.VERIFIED,
    sandbox_hosts=("sandbox.smtp.mailtrap.io", "smtp.mailtrap.io"),
    spf_include="_spf.smtp.mailtrap.live",
    password_advice=(
        "Mailtrap wants the word api as username and an API token as password: both are shown under Sending "
        "Domains, Integrations, SMTP."
    ),
    sources=(
        Source(url="https://docs.mailtrap.io/email-api-smtp/setup/smtp-integration", checked=date(2026, 11, 24)),
        Source(url="https://mailtrap.io/smtp-service/", checked=date(2026, 11, 23)),
    ),
)
