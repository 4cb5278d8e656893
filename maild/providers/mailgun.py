"""Mailgun; the European region has a server of its own."""

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

MAILGUN: Final = Provider(
    id="mailgun",
    title="Mailgun",
    hosts=("smtp.mailgun.org", "smtp.eu.mailgun.org"),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS,
    password_advice=(
        "Mailgun wants the SMTP password of the sending domain, set in its control panel under Domain settings, "
        "SMTP credentials. An API key and the control panel's own password do not work. Domains of the European "
        "region use smtp.eu.mailgun.org."
    ),
    sources=(
        Source(
            url="https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp",
            checked=date(2026, 11, 23),
        ),
        Source(
            url="https://documentation.mailgun.com/docs/mailgun/api-reference/api-overview", checked=date(2026, 11, 24)
        ),
        # 25 MB.
        Source(url="https://documentation.mailgun.com/en/latest/api-sending.html", checked=date(2026, 11, 24)),
    ),
    limits=ProviderLimits(message_megabytes=25),
    sender=SenderRule.DOMAIN,
    spf_include="mailgun.org",
    foreign_passwords=(SecretShape(pattern=r"key-[0-9a-f]{32}", what="an API key"),),
    mistaken_hosts=MappingProxyType(
        {
            "*.eu.mailgun.net": "smtp.eu.mailgun.org",
            "*.eu.mailgun.com": "smtp.eu.mailgun.org",
            "*.mailgun.net": "smtp.mailgun.org",
            "*.mailgun.com": "smtp.mailgun.org",
        }
    ),
    region_names=MappingProxyType(
        {
            **dict.fromkeys(("europe", "europa", "europeanunion", "ue", "de", "germany", "frankfurt"), "eu"),
            **dict.fromkeys(("eucentral1", "euwest1"), "eu"),
            **dict.fromkeys(("usa", "unitedstates", "america", "northamerica", "useast1", "uswest2"), "us"),
        }
    ),
    api_hosts=MappingProxyType(
        {"api.mailgun.net": "the United States", "api.eu.mailgun.net": "the European Union"},
    ),
    codes=MappingProxyType({Aspect.FOREIGN_PASSWORD: "ML429", Aspect.USERNAME: "ML430"}),
)
