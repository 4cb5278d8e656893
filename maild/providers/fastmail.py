"""Fastmail."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, Provider, ServerPort, Source, UsernameForm

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
)
