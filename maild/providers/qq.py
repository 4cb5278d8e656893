"""QQ Mail of Tencent."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    OtherHost,
    Provider,
    ProviderLimits,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

QQ: Final = Provider(
    id="qq",
    title="QQ Mail",
    hosts=("smtp.qq.com",),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS_OR_LOCAL_PART,
    sender=SenderRule.ACCOUNT,
    mail_domains=("qq.com", "foxmail.com"),
    limits=ProviderLimits(message_megabytes=70),
    other_hosts=(
        OtherHost.for_reading("imap.qq.com", "smtp.qq.com"),
        OtherHost.for_reading("pop.qq.com", "smtp.qq.com"),
    ),
    other_names=("qq",),
    spf_include="spf.mail.qq.com",
    mechanisms=("login", "plain", "xoauth2"),
    password_advice=(
        "QQ Mail takes no normal account password here. In the mailbox under Settings, Account, switch SMTP "
        "on and make an authorization code; it is the password."
    ),
    sources=(
        Source(url="https://koishi.chat/en-US/plugins/adapter/mail", checked=date(2026, 11, 24)),
        Source(url="https://github.com/chatmail/provider-db/blob/master/_providers/qq.md", checked=date(2026, 11, 24)),
        Source(
            url="https://github.com/thunderbird/autoconfig/blob/master/ispdb/qq.com.xml", checked=date(2026, 11, 24)
        ),
    ),
)
