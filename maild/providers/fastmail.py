"""Fastmail."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    Aspect,
    Provider,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

FASTMAIL: Final = Provider(
    id="fastmail",
    title="Fastmail",
    hosts=("smtp.fastmail.com", "smtp.messagingengine.com"),
    ports=(ServerPort(port=465, mode=IMPLICIT),),
    username=UsernameForm.ADDRESS,
    mechanisms=("plain",),
    password_advice=(
        "Fastmail takes no normal account password here. In Settings, Privacy and Security, make an app password "
        "that may send mail, and use it. The username is the whole address with its domain."
    ),
    sources=(
        Source(url="https://www.fastmail.com/help/technical/servernamesandports.html", checked=date(2026, 11, 24)),
    ),
    sender=SenderRule.ACCOUNT,
    mail_domains=("fastmail.com", "fastmail.fm"),
    spf_include="spf.messagingengine.com",
    password_shape=SecretShape(
        pattern=r"[A-Za-z0-9]{4}(?: ?[A-Za-z0-9]{4}){3}", what="an app password of 16 letters and digits"
    ),
    codes=MappingProxyType({Aspect.PASSWORD: "ML421"}),
)
