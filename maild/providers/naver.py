"""Naver Mail."""

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

NAVER: Final = Provider(
    id="naver",
    title="Naver Mail",
    hosts=("smtp.naver.com",),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS_OR_LOCAL_PART,
    sender=SenderRule.ACCOUNT,
    mail_domains=("naver.com",),
    other_hosts=(
        OtherHost.for_reading("imap.naver.com", "smtp.naver.com"),
        OtherHost.for_reading("pop.naver.com", "smtp.naver.com"),
    ),
    other_names=("naver",),
    password_advice=(
        "Sending from programs must be switched on first: in the mailbox under Settings, POP3/IMAP. With two- "
        "step verification Naver wants an application password."
    ),
    sources=(
        Source(
            url="https://github.com/thunderbird/autoconfig/blob/master/ispdb/naver.com.xml", checked=date(2026, 11, 24)
        ),
        Source(
            url="https://github.com/deltachat/provider-db/blob/master/_providers/naver.md", checked=date(2026, 11, 24)
        ),
    ),
)
