"""Brevo, formerly Sendinblue."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Aspect,
    Provider,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

BREVO: Final = Provider(
    id="brevo",
    title="Brevo",
    hosts=("smtp-relay.brevo.com", "smtp-relay.sendinblue.com"),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2525, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    login_domains=("smtp-brevo.com",),
    other_names=("sendinblue",),
    password_advice=(
        "Brevo wants the SMTP login and an SMTP key, both on the page SMTP and API under the tab SMTP. An API key "
        "and the account's own password do not work."
    ),
    sources=(Source(url="https://developers.brevo.com/docs/smtp-integration", checked=date(2026, 11, 24)),),
    sender=SenderRule.VERIFIED,
    spf_include="spf.brevo.com",
    foreign_passwords=(SecretShape(pattern=r"xkeysib-.+", what="an API key"),),
    codes=MappingProxyType({Aspect.FOREIGN_PASSWORD: "ML434"}),
)
