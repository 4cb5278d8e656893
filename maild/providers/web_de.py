"""WEB.DE, free and paid mailboxes."""

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

WEB_DE: Final = Provider(
    id="web-de",
    title="WEB.DE",
    hosts=("smtp.web.de",),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.LOCAL_PART,
    sender=SenderRule.ACCOUNT,
    mail_domains=("web.de",),
    other_hosts=(
        OtherHost.for_reading("imap.web.de", "smtp.web.de"),
        OtherHost.for_reading("pop3.web.de", "smtp.web.de"),
    ),
    password_advice=(
        "Sending from programs must be switched on first: in the mailbox under Settings, POP3 and IMAP. With "
        "two-factor authentication WEB.DE wants an application-specific password."
    ),
    sources=(Source(url="https://autoconfig.thunderbird.net/v1.1/web.de", checked=date(2026, 11, 24)),),
)
