"""Mailchimp Transactional, formerly Mandrill."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, SenderRule, ServerPort, Source, UsernameForm

MANDRILL: Final = Provider(
    id="mandrill",
    title="Mailchimp Transactional",
    hosts=("smtp.mandrillapp.com",),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    sender=SenderRule.VERIFIED,
    spf_include="spf.mandrillapp.com",
    password_advice=(
        "Mailchimp Transactional wants an API key as password, made on the page SMTP and API Info; the "
        "username may be any, best the account's address."
    ),
    sources=(
        Source(url="https://mailchimp.com/developer/transactional/docs/smtp-integration/", checked=date(2026, 11, 24)),
    ),
)
