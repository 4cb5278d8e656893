"""NetEase: 163.com, 126.com, yeah.net and its mailboxes for companies."""

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

NETEASE: Final = Provider(
    id="netease",
    title="NetEase Mail",
    hosts=(
        "smtp.163.com",
        "smtp.126.com",
        "smtp.yeah.net",
        "smtp.vip.163.com",
        "smtp.ym.163.com",
        "smtp.qiye.163.com",
        "smtphz.qiye.163.com",
    ),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=994, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS_OR_LOCAL_PART,
    sender=SenderRule.ACCOUNT,
    mail_domains=("163.com", "126.com", "yeah.net", "vip.163.com"),
    other_hosts=(
        OtherHost.for_reading("imap.163.com", "smtp.163.com"),
        OtherHost.for_reading("pop.163.com", "smtp.163.com"),
        OtherHost.for_reading("imap.126.com", "smtp.126.com"),
        OtherHost.for_reading("pop.126.com", "smtp.126.com"),
    ),
    other_names=("163", "126"),
    spf_include="spf.163.com",
    mechanisms=("login", "plain"),
    password_advice=(
        "NetEase takes no normal account password here. In the mailbox under Settings, POP3/SMTP/IMAP, switch "
        "SMTP on and make an authorization code; it is the password."
    ),
    sources=(
        Source(url="https://koishi.chat/en-US/plugins/adapter/mail", checked=date(2026, 11, 24)),
        Source(url="https://github.com/chatmail/provider-db/blob/master/_providers/163.md", checked=date(2026, 11, 24)),
        # The servers for reading.
        Source(url="https://note.lispstudio.com/dacaf276000eb6a58da4f0ecc45cd0e2", checked=date(2026, 11, 24)),
        Source(url="https://redmaomail.com/ask/post/7262.html", checked=date(2026, 11, 24)),
    ),
)
