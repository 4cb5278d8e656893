"""GMX, free and paid mailboxes."""

from datetime import date
from types import MappingProxyType
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

GMX: Final = Provider(
    id="gmx",
    title="GMX",
    hosts=("mail.gmx.net", "mail.gmx.com", "smtp.gmx.net", "smtp.gmx.com"),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    mail_domains=("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "gmx.eu", "gmx.org", "gmx.us"),
    other_hosts=(
        OtherHost.for_reading("imap.gmx.net", "mail.gmx.net"),
        OtherHost.for_reading("pop.gmx.net", "mail.gmx.net"),
        OtherHost.for_reading("imap.gmx.com", "mail.gmx.com"),
        OtherHost.for_reading("pop.gmx.com", "mail.gmx.com"),
    ),
    mistaken_hosts=MappingProxyType({"smtp.gmx.de": "mail.gmx.net"}),
    password_advice=(
        "Sending from programs must be switched on first: in the mailbox under Settings, POP3 and IMAP. With "
        "two-factor authentication GMX wants an application-specific password from the same account's "
        "security settings."
    ),
    sources=(
        Source(url="https://autoconfig.thunderbird.net/v1.1/gmx.net", checked=date(2026, 11, 24)),
        Source(url="https://autoconfig.thunderbird.net/v1.1/gmx.com", checked=date(2026, 11, 24)),
    ),
)
