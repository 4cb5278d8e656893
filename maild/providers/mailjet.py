"""Mailjet."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Provider,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

MAILJET: Final = Provider(
    id="mailjet",
    title="Mailjet",
    hosts=(
        "in-v3.mailjet.com",
        "in.mailjet.com",
    ),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=588, mode=STARTTLS),
        ServerPort(port=80, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    username_shape=SecretShape(pattern=r"[^@\s]+", what="the API key"),
    sender=SenderRule.VERIFIED,
    api_hosts=MappingProxyType(
        {"api.mailjet.com": "Europe, the default", "api.us.mailjet.com": "accounts in the United States"}
    ),
    spf_include="spf.mailjet.com",
    password_advice=(
        "Mailjet wants the API key as username and the secret key as password: both are under Account, API "
        "Key Management."
    ),
    sources=(
        Source(
            url="https://www.mailjet.com/blog/email-best-practices/which-smtp-port-mailjet/", checked=date(2026, 11, 24)
        ),
        Source(url="https://smtptester.org/guides/mailjet-smtp-test/", checked=date(2026, 11, 24)),
        # The hosts of the HTTP interface.
        Source(url="https://github.com/mailjet/mailjet-apiv3-nodejs", checked=date(2026, 11, 24)),
    ),
)
