"""STRATO."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    OtherHost,
    Provider,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

STRATO: Final = Provider(
    id="strato",
    title="STRATO",
    hosts=("smtp.strato.de", "smtp.strato.com"),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    other_hosts=(
        OtherHost.for_reading("imap.strato.de", "smtp.strato.de"),
        OtherHost.for_reading("pop3.strato.de", "smtp.strato.de"),
    ),
    password_advice=(
        "The password is that of the mailbox, set in the customer area under E-Mail; the password of the "
        "customer area does not work."
    ),
    sources=(Source(url="https://autoconfig.thunderbird.net/v1.1/strato.de", checked=date(2026, 11, 24)),),
)
