"""Apple's iCloud Mail."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    STARTTLS,
    Aspect,
    OtherHost,
    Provider,
    ProviderLimits,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)
from maild.providers.signing_keys import SigningKeys

ICLOUD: Final = Provider(
    id="icloud",
    title="iCloud Mail",
    hosts=("smtp.mail.me.com",),
    ports=(ServerPort(port=587, mode=STARTTLS),),
    username=UsernameForm.ADDRESS,
    other_hosts=(OtherHost.for_reading("imap.mail.me.com", "smtp.mail.me.com"),),
    mistaken_hosts=MappingProxyType({"smtp.icloud.com": "smtp.mail.me.com"}),
    other_names=("icloud",),
    password_advice=(
        "iCloud takes no Apple Account password here. Sign in at https://account.apple.com, choose Sign-In and "
        "Security, App-Specific Passwords, generate one and use it. With a domain of your own the username is "
        "still the iCloud address."
    ),
    limits=ProviderLimits(per_day=1000, message_megabytes=20, per_message=500),
    sources=(
        Source(url="https://support.apple.com/102525", checked=date(2026, 11, 23)),
        Source(url="https://support.apple.com/en-ca/102198", checked=date(2026, 11, 24)),
    ),
    sender=SenderRule.ACCOUNT,
    mail_domains=("icloud.com", "me.com", "mac.com"),
    spf_include="icloud.com",
    signing_keys=SigningKeys(
        selectors=("sig1",),
        source=Source(url="https://support.apple.com/102374", checked=date(2026, 11, 24)),
    ),
    password_shape=SecretShape(
        pattern=r"[A-Za-z]{4}(?:-?[A-Za-z]{4}){3}", what="an app-specific password of 16 letters"
    ),
    codes=MappingProxyType({Aspect.PORT: "ML419", Aspect.PASSWORD: "ML420"}),
)
