"""KPN, in the Netherlands."""

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

KPN: Final = Provider(
    id="kpn",
    title="KPN",
    hosts=("smtp.kpnmail.nl",),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    mail_domains=("kpnmail.nl", "kpnplanet.nl"),
    other_hosts=(
        OtherHost.for_reading("imap.kpnmail.nl", "smtp.kpnmail.nl"),
        OtherHost.for_reading("pop.kpnmail.nl", "smtp.kpnmail.nl"),
    ),
    password_advice=("The password is that of the e-mail address, set in MijnKPN."),
    sources=(
        Source(
            url="https://github.com/thunderbird/autoconfig/blob/master/ispdb/kpnmail.nl.xml", checked=date(2026, 11, 24)
        ),
    ),
)
