"""Twilio SendGrid."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Aspect,
    Provider,
    ProviderLimits,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)
from maild.providers.signing_keys import SigningKeys

SENDGRID: Final = Provider(
    id="sendgrid",
    title="SendGrid",
    hosts=("smtp.sendgrid.net",),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.FIXED,
    fixed_username="apikey",
    mechanisms=("plain", "login"),
    password_advice=(
        "SendGrid wants the word apikey as username and an API key with the Mail Send permission as password: "
        "make one under Settings, API Keys. It is shown only once."
    ),
    sources=(
        Source(
            url="https://www.twilio.com/docs/sendgrid/for-developers/sending-email/integrating-with-the-smtp-api",
            checked=date(2026, 11, 24),
        ),
        Source(url="https://docs.sendgrid.com/api-reference/mail-send/limitations", checked=date(2026, 11, 24)),
    ),
    limits=ProviderLimits(message_megabytes=30, per_session=5000),
    sender=SenderRule.VERIFIED,
    spf_include="sendgrid.net",
    signing_keys=SigningKeys(
        selectors=("s1", "s2"),
        source=Source(
            url="https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-domain-authentication",
            checked=date(2026, 11, 24),
        ),
    ),
    mistaken_hosts=MappingProxyType({"*.sendgrid.com": "smtp.sendgrid.net"}),
    api_hosts=MappingProxyType(
        {"api.sendgrid.com": "all of the world", "api.eu.sendgrid.com": "subusers of the European region"}
    ),
    password_shape=SecretShape(pattern=r"SG\.[A-Za-z0-9_.-]{60,80}", what="an API key, which begins with SG."),
    codes=MappingProxyType({Aspect.USERNAME: "ML424", Aspect.PASSWORD: "ML425"}),
)
