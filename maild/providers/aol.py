"""AOL Mail, which Yahoo runs."""

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

AOL: Final = Provider(
    id="aol",
    title="AOL Mail",
    hosts=("smtp.aol.com",),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    other_hosts=(
        OtherHost.for_reading("imap.aol.com", "smtp.aol.com"),
        OtherHost.for_reading("pop.aol.com", "smtp.aol.com"),
    ),
    other_names=("aol",),
    password_advice=(
        "AOL takes no normal account password here. Sign in to the Account Security page, generate an app "
        "password, and use that code as the password."
    ),
    sources=(
        Source(url="https://autoconfig.thunderbird.net/v1.1/aol.com", checked=date(2026, 11, 23)),
        # Port 587.
        Source(
            url="https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            checked=date(2026, 11, 24),
        ),
    ),
    also_serves=("yahoo",),
    sender=SenderRule.ACCOUNT,
    mail_domains=("aol.com", "aim.com"),
)
