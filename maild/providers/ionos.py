"""IONOS, formerly 1&1; each country has a name for the server."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    OtherHost,
    OtherSenders,
    Provider,
    ProviderLimits,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

IONOS: Final = Provider(
    id="ionos",
    title="IONOS",
    hosts=(
        "smtp.ionos.de",
        "smtp.ionos.com",
        "smtp.ionos.co.uk",
        "smtp.ionos.fr",
        "smtp.ionos.es",
        "smtp.ionos.it",
        "smtp.ionos.at",
        "smtp.1und1.de",
    ),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.DOMAIN,
    # In force since 29 January 2024, and for the empty sender, too.
    other_senders=OtherSenders(
        beyond="domain",
        fate='IONOS takes mail only from the domain of the mailbox that logs in, and refuses this one: "Sender address '
        'is not allowed".',
        advice="Log in with a mailbox at the sender's domain, or send from an address at the domain of the username; "
        "what stands before the @ is free.",
        has_exceptions=False,
    ),
    null_sender=False,
    # Of an hour it says 5000 recipients, fewer of a young contract. The SPF record of its European servers has another
    # name than that of the American ones, so none is given here.
    limits=ProviderLimits(per_message=200),
    other_hosts=(
        OtherHost.for_reading("imap.ionos.de", "smtp.ionos.de"),
        OtherHost.for_reading("imap.ionos.com", "smtp.ionos.com"),
        OtherHost.for_reading("imap.ionos.fr", "smtp.ionos.fr"),
        OtherHost.for_reading("imap.ionos.es", "smtp.ionos.es"),
        OtherHost.for_reading("imap.1und1.de", "smtp.1und1.de"),
        OtherHost.for_reading("pop.1und1.de", "smtp.1und1.de"),
    ),
    other_names=("1und1",),
    password_advice=(
        "The password is that of the e-mail address, set in the IONOS account under Email; the password of "
        "the IONOS account does not work."
    ),
    sources=(
        Source(
            url="https://www.ionos.de/hilfe/e-mail/allgemeine-themen/"
            "welche-beschraenkungen-gibt-es-beim-versand-von-massenmails/",
            checked=date(2026, 11, 24),
        ),
        Source(
            url="https://www.ionos.de/hilfe/e-mail/allgemeine-themen/"
            "wichtige-aenderung-fuer-das-versenden-von-e-mails-mit-abweichender-absenderadresse/",
            checked=date(2026, 11, 24),
        ),
        Source(
            url="https://github.com/thunderbird/autoconfig/blob/master/ispdb/1und1.de.xml", checked=date(2026, 11, 24)
        ),
        Source(url="https://sendsmartly.site/ionos-smtp-settings", checked=date(2026, 11, 24)),
    ),
)
