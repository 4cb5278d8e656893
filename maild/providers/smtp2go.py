"""SMTP2GO; its regions have names of their own, and many ports, for networks that block the usual ones."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Provider,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

SMTP2GO: Final = Provider(
    id="smtp2go",
    title="SMTP2GO",
    hosts=(
        "mail.smtp2go.com",
        "mail-*.smtp2go.com",
    ),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=8025, mode=STARTTLS),
        ServerPort(port=8465, mode=IMPLICIT),
        ServerPort(port=443, mode=IMPLICIT),
        ServerPort(port=80, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    sender=SenderRule.VERIFIED,
    spf_include="spf.smtp2go.com",
    mechanisms=("cram-md5", "plain", "login"),
    password_advice=(
        "SMTP2GO wants the name and the password of an SMTP user, made under Sending, SMTP Users; the login "
        "of the web page does not work."
    ),
    sources=(
        # The ports, and which of them speak TLS at once.
        Source(url="https://github.com/bscott/subtrackr/pull/51", checked=date(2026, 11, 24)),
    ),
)
