"""Ethereal, a mail server for tests that delivers nothing."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, ServerPort, Source, UsernameForm

ETHEREAL: Final = Provider(
    id="ethereal",
    title="Ethereal",
    hosts=("smtp.ethereal.email",),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    sandbox_hosts=("smtp.ethereal.email",),
    password_advice=("Ethereal makes a name and a password for a test at https://ethereal.email."),
    sources=(Source(url="https://ethereal.email/help", checked=date(2026, 11, 24)),),
)
