"""Postmark; broadcasts have a server of their own."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
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

POSTMARK: Final = Provider(
    id="postmark",
    title="Postmark",
    hosts=("smtp.postmarkapp.com", "smtp-broadcasts.postmarkapp.com"),
    # Port 465 is not offered: a connection to it hangs.
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=2525, mode=STARTTLS),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    username_shape=SecretShape(pattern=r"[^@\s]+", what="a Server API token"),
    password_advice=(
        "Postmark wants the Server API token both as username and as password, or an SMTP token pair: both are on "
        "the server's API Tokens page."
    ),
    limits=ProviderLimits(connections=10, message_megabytes=10, per_message=50),
    sources=(
        Source(url="https://postmarkapp.com/support/article/811", checked=date(2026, 11, 23)),
        Source(
            url="https://postmarkapp.com/support/article/1056-what-are-the-attachment-and-email-size-limits",
            checked=date(2026, 11, 24),
        ),
        Source(
            url="https://postmarkapp.com/support/article/do-we-have-rate-limits-for-smtp", checked=date(2026, 11, 24)
        ),
        Source(url="https://postmarkapp.com/llms.txt", checked=date(2026, 11, 24)),
    ),
    sender=SenderRule.VERIFIED,
    spf_include="spf.mtasv.net",
    codes=MappingProxyType({Aspect.PORT: "ML432", Aspect.TOKEN_TWICE: "ML433"}),
)
