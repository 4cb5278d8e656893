"""Scaleway Transactional Email."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Provider,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

SCALEWAY_TEM: Final = Provider(
    id="scaleway-tem",
    title="Scaleway Transactional Email",
    hosts=(
        "smtp.tem.scaleway.com",
        "smtp.tem.scw.cloud",
    ),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2587, mode=STARTTLS),
        ServerPort(port=2465, mode=IMPLICIT),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    username_shape=SecretShape(pattern=r"[^@\s]+", what="the Project ID"),
    sender=SenderRule.VERIFIED,
    mechanisms=("plain", "login"),
    other_names=("scaleway",),
    spf_include="_spf.tem.scaleway.com",
    password_advice=(
        "Scaleway wants the Project ID as username and the secret key of an API key, made under IAM, as password."
    ),
    sources=(
        Source(url="https://github.com/scaleway/docs-content/pull/3718", checked=date(2026, 11, 24)),
        Source(url="https://github.com/scaleway/docs-content/pull/3840", checked=date(2026, 11, 24)),
    ),
)
