"""Fastmail."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Aspect,
    OtherHost,
    Provider,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)
from maild.providers.signing_keys import SigningKeys

FASTMAIL: Final = Provider(
    id="fastmail",
    title="Fastmail",
    hosts=("smtp.fastmail.com", "smtp.messagingengine.com"),
    # On 587, too, though Fastmail advises against it.
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    mechanisms=("plain",),
    other_hosts=(
        OtherHost.for_reading("imap.fastmail.com", "smtp.fastmail.com"),
        OtherHost.for_reading("pop.fastmail.com", "smtp.fastmail.com"),
    ),
    password_advice=(
        "Fastmail takes no normal account password here. In Settings, Privacy and Security, make an app password "
        "that may send mail, and use it. The username is the whole address with its domain."
    ),
    sources=(
        Source(url="https://www.fastmail.com/help/technical/servernamesandports.html", checked=date(2026, 11, 24)),
        # Port 587, the form of the password, and that the login stays the registered address where an alias sends.
        Source(
            url="https://github.com/chatmail/provider-db/blob/master/_providers/fastmail.md", checked=date(2026, 11, 24)
        ),
    ),
    sender=SenderRule.ACCOUNT,
    mail_domains=("fastmail.com", "fastmail.fm"),
    spf_include="spf.messagingengine.com",
    signing_keys=SigningKeys(
        selectors=("fm1", "fm2", "fm3"),
        source=Source(url="https://www.fastmail.help/hc/en-us/articles/360060591153", checked=date(2026, 11, 24)),
    ),
    password_shape=SecretShape(
        pattern=r"[A-Za-z0-9]{4}(?: ?[A-Za-z0-9]{4}){3}", what="an app password of 16 letters and digits"
    ),
    codes=MappingProxyType({Aspect.PASSWORD: "ML421"}),
)
