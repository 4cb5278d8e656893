"""Posteo."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, SenderRule, ServerPort, Source, UsernameForm

POSTEO: Final = Provider(
    id="posteo",
    title="Posteo",
    hosts=("posteo.de",),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    mail_domains=("posteo.de", "posteo.net", "posteo.org", "posteo.eu"),
    mistaken_hosts=MappingProxyType(
        {
            "*.posteo.de": "posteo.de",
            "*.posteo.net": "posteo.de",
            "*.posteo.org": "posteo.de",
            "*.posteo.eu": "posteo.de",
        }
    ),
    password_advice=(
        "The password is the one of the Posteo account. The username is the whole address, also when mail is "
        "sent under an alias."
    ),
    sources=(Source(url="https://autoconfig.thunderbird.net/v1.1/posteo.de", checked=date(2026, 11, 24)),),
)
