"""Amazon Simple Email Service; each region has a server and credentials of its own."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, ServerPort, Source, UsernameForm

AMAZON_SES: Final = Provider(
    id="amazon-ses",
    title="Amazon SES",
    hosts=("email-smtp.*.amazonaws.com", "email-smtp-fips.*.amazonaws.com"),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2587, mode=STARTTLS),
        ServerPort(port=2465, mode=IMPLICIT),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    mechanisms=("plain", "login"),
    password_advice=(
        "Amazon SES wants SMTP credentials, made in the SES console under SMTP settings, and only in the region "
        "of this server. An AWS access key and its secret do not work as user name and password."
    ),
    null_sender=False,
    sources=(
        Source(url="https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html", checked=date(2026, 11, 23)),
        Source(url="https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html", checked=date(2026, 11, 23)),
        # MAIL FROM:<> is answered with 501 Invalid MAIL FROM address provided.
        Source(url="https://github.com/docker-mailserver/docker-mailserver/issues/2403", checked=date(2026, 11, 24)),
    ),
)
