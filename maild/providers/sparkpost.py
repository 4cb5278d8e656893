"""SparkPost; Europe has a server of its own."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import STARTTLS, Provider, ProviderLimits, SenderRule, ServerPort, Source, UsernameForm

SPARKPOST: Final = Provider(
    id="sparkpost",
    title="SparkPost",
    hosts=("smtp.sparkpostmail.com", "smtp.eu.sparkpostmail.com"),
    ports=(ServerPort(port=587, mode=STARTTLS), ServerPort(port=2525, mode=STARTTLS)),
    username=UsernameForm.FIXED,
    fixed_username="SMTP_Injection",
    mechanisms=("login", "plain"),
    sender=SenderRule.VERIFIED,
    api_hosts=MappingProxyType(
        {
            "api.sparkpost.com": "the United States",
            "api.eu.sparkpost.com": "Europe",
            "*.e.sparkpost.com": "companies with servers of their own",
        }
    ),
    password_advice=(
        "SparkPost wants the word SMTP_Injection as username and an API key with the permission Send via SMTP "
        "as password."
    ),
    limits=ProviderLimits(per_session=100, session_idle_s=60),
    sources=(Source(url="https://developers.sparkpost.com/api/smtp/", checked=date(2026, 11, 24)),),
)
