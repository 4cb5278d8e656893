"""Elastic Email."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Provider,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

ELASTIC_EMAIL: Final = Provider(
    id="elastic-email",
    title="Elastic Email",
    hosts=(
        "smtp.elasticemail.com",
        "smtp25.elasticemail.com",
    ),
    ports=(
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    sender=SenderRule.VERIFIED,
    spf_include="_spf.elasticemail.com",
    password_advice=(
        "Elastic Email wants SMTP credentials, made under Settings, SMTP; the password is shown only once, "
        "and the account's own does not work."
    ),
    sources=(
        Source(url="https://help.elasticemail.com/en/articles/4803409-smtp-settings", checked=date(2026, 11, 24)),
    ),
)
