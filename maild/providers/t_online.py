"""T-Online, the mailboxes of Deutsche Telekom."""

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

T_ONLINE: Final = Provider(
    id="t-online",
    title="T-Online",
    hosts=("securesmtp.t-online.de",),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    mail_domains=("t-online.de", "magenta.de"),
    other_hosts=(
        OtherHost.for_reading("secureimap.t-online.de", "securesmtp.t-online.de"),
        OtherHost.for_reading("securepop.t-online.de", "securesmtp.t-online.de"),
    ),
    password_advice=(
        "T-Online wants the e-mail password, which is set at https://www.telekom.de/hilfe/apps- "
        "dienste/e-mail/programme/passwort-verwalten; the password of the web page does not work."
    ),
    sources=(
        Source(
            url="https://github.com/thunderbird/autoconfig/blob/master/ispdb/t-online.de.xml",
            checked=date(2026, 11, 24),
        ),
    ),
)
