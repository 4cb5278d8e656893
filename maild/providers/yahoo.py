"""Yahoo Mail."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Aspect,
    OtherHost,
    OtherSenders,
    Provider,
    ProviderLimits,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

YAHOO: Final = Provider(
    id="yahoo",
    title="Yahoo Mail",
    hosts=("smtp.mail.yahoo.com", "smtp.mail.yahoo.co.uk", "smtp.bizmail.yahoo.com"),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    mechanisms=("plain", "login", "xoauth2", "oauthbearer"),
    other_hosts=(
        OtherHost.for_reading("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        OtherHost.for_reading("export.imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        OtherHost.for_reading("pop.mail.yahoo.com", "smtp.mail.yahoo.com"),
    ),
    mistaken_hosts=MappingProxyType({"smtp.yahoo.com": "smtp.mail.yahoo.com"}),
    other_names=("yahoo",),
    password_advice=(
        'Yahoo takes no normal account password here. Sign in to the Account Security page, choose "Create app '
        'password" (or "Generate app password", then "Other app"), give it a name, and paste the generated code '
        "as the password. An app password stays valid when the account's own password changes."
    ),
    sources=(
        Source(url="https://help.yahoo.com/kb/SLN15241.html", checked=date(2026, 11, 24)),
        Source(
            url="https://github.com/thunderbird/autoconfig/blob/master/ispdb/yahoo.com.xml", checked=date(2026, 11, 24)
        ),
        # Sixteen letters.
        Source(
            url="https://blog.tuttosemplice.com/en/yahoo-app-password-complete-generation-guide/",
            checked=date(2026, 11, 24),
        ),
        Source(url="https://xenocept.com/docs/email-setup/yahoo.html", checked=date(2026, 11, 24)),
    ),
    # What its server announces (SIZE): 41697280 bytes.
    limits=ProviderLimits(message_megabytes=40),
    also_serves=("aol",),
    sender=SenderRule.ACCOUNT,
    other_senders=OtherSenders(
        beyond="domain",
        fate="Yahoo takes mail from this address only if the account of the username has verified it as one of its "
        "own; and what Yahoo sends is signed for Yahoo's domains, not for this one.",
        advice="Send from the Yahoo address, or through the server of the sender's domain.",
    ),
    mail_domains=(
        "yahoo.com",
        "yahoo.de",
        "yahoo.co.uk",
        "yahoo.fr",
        "yahoo.it",
        "yahoo.es",
        "yahoo.ca",
        "yahoo.se",
        "yahoo.co.in",
        "yahoo.co.nz",
        "yahoo.com.au",
        "yahoo.com.ar",
        "yahoo.com.br",
        "yahoo.com.mx",
        "ymail.com",
        "myyahoo.com",
        "rocketmail.com",
    ),
    password_shape=SecretShape(pattern=r"[A-Za-z]{4}(?:[ -]?[A-Za-z]{4}){3}", what="an app password of 16 letters"),
    codes=MappingProxyType({Aspect.PASSWORD: "ML417", Aspect.SENDER: "ML418"}),
)
