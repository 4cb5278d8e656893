"""AOL Mail, which Yahoo runs."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, Provider, SenderRule, ServerPort, Source, UsernameForm

AOL: Final = Provider(
    id="aol",
    title="AOL Mail",
    hosts=("smtp.aol.com",),
    ports=(ServerPort(port=465, mode=IMPLICIT),),
    username=UsernameForm.ADDRESS,
    password_advice=(
        "AOL takes no normal account password here. Sign in to the Account Security page, generate an app "
        "password, and use that code as the password."
    ),
    sources=(Source(url="https://autoconfig.thunderbird.net/v1.1/aol.com", checked=date(2026, 11, 23)),),
    also_serves=("yahoo",),
    sender=SenderRule.ACCOUNT,
    mail_domains=("aol.com", "aim.com"),
)
