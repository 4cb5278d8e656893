"""Mail.ru, and the addresses at its other domains."""

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

MAIL_RU: Final = Provider(
    id="mail-ru",
    title="Mail.ru",
    hosts=("smtp.mail.ru",),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    mail_domains=("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"),
    spf_include="_spf.mail.ru",
    other_hosts=(OtherHost.for_reading("imap.mail.ru", "smtp.mail.ru"),),
    password_advice=(
        "Mail.ru takes no normal account password from programs. Under Account security, Passwords for "
        "external applications, make a password for mail and use it."
    ),
    sources=(Source(url="https://autoconfig.thunderbird.net/v1.1/mail.ru", checked=date(2026, 11, 24)),),
)
