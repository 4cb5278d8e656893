"""Microsoft's mailboxes for private persons: outlook.com, hotmail.com, live.com."""

from datetime import date
from typing import Final

from maild.providers.provider import STARTTLS, Provider, ServerPort, Source, UsernameForm

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
    sources=(Source(url="https://autoconfig.thunderbird.net/v1.1/hotmail.com", checked=date(2026, 11, 23)),),
)
