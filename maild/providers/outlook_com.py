"""Microsoft's mailboxes for private persons: outlook.com, hotmail.com, live.com."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    STARTTLS,
    Aspect,
    Change,
    OtherHost,
    Provider,
    ProviderLimits,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

OUTLOOK_COM: Final = Provider(
    id="outlook-com",
    title="Outlook.com",
    hosts=("smtp-mail.outlook.com", "smtp.live.com"),
    ports=(ServerPort(port=587, mode=STARTTLS),),
    username=UsernameForm.ADDRESS,
    mechanisms=("xoauth2",),
    password_advice=(
        "Outlook.com, Hotmail and Live take no passwords for sending since 16 September 2024, not even app "
        "passwords: only OAuth works. Use OAuth, or send through another provider."
    ),
    # For subscribers; it counts recipients a day, of which a message has one at least.
    limits=ProviderLimits(per_day=5000, per_message=500),
    sources=(
        Source(url="https://autoconfig.thunderbird.net/v1.1/hotmail.com", checked=date(2026, 11, 23)),
        Source(
            url="https://support.microsoft.com/office/sending-limits-in-outlook-com-279ee200-594c-40f0-9ec8-bb6af7735c2e",
            checked=date(2026, 11, 24),
        ),
    ),
    sender=SenderRule.ACCOUNT,
    mail_domains=("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "hotmail.de", "live.de"),
    other_hosts=(
        OtherHost(host="imap-mail.outlook.com", purpose="is for reading mail (IMAP)", instead="smtp-mail.outlook.com"),
        OtherHost(host="pop-mail.outlook.com", purpose="is for reading mail (POP3)", instead="smtp-mail.outlook.com"),
    ),
    mistaken_hosts=MappingProxyType(
        {"smtp.outlook.com": "smtp-mail.outlook.com", "smtp.hotmail.com": "smtp-mail.outlook.com"}
    ),
    other_names=("outlook", "hotmail", "live"),
    changes=(
        Change(
            day=date(2024, 9, 16),
            mechanisms=("plain", "login", "cram-md5"),
            what="Outlook.com takes no passwords for sending",
            advice="Use an access token (`auth: xoauth2`), or send through another provider.",
        ),
    ),
    codes=MappingProxyType({Aspect.HOST: "ML416", Aspect.CHANGE: "ML415"}),
)
