"""Google Workspace's relay: a whole domain's mail, allowed by address of the sending machine or by login."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Aspect,
    Provider,
    ProviderLimits,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)
from maild.providers.signing_keys import SigningKeys

GOOGLE_RELAY: Final = Provider(
    id="google-relay",
    title="Google Workspace SMTP relay",
    hosts=("smtp-relay.gmail.com",),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS,
    password_advice=(
        "The relay lets a machine in by its IP address or by a login, as the administrator set it under Apps, "
        "Google Workspace, Gmail, Routing, SMTP relay service. With a login it wants an app password of the "
        "Workspace account (https://myaccount.google.com/apppasswords), not its normal password."
    ),
    limits=ProviderLimits(per_day=10000),
    sources=(Source(url="https://support.google.com/a/answer/2956491", checked=date(2026, 11, 24)),),
    sender=SenderRule.DOMAIN,
    spf_include="_spf.google.com",
    signing_keys=SigningKeys(
        selectors=("google",),
        source=Source(url="https://support.google.com/a/answer/11611356", checked=date(2026, 11, 24)),
    ),
    wants_own_domain=True,
    codes=MappingProxyType({Aspect.OWN_DOMAIN: "ML408"}),
)
