"""Zoho Mail; each region has servers of its own, and paid domains use `smtppro`."""

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
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

ZOHO: Final = Provider(
    id="zoho",
    title="Zoho Mail",
    hosts=(
        "smtp.zoho.com",
        "smtp.zoho.eu",
        "smtp.zoho.in",
        "smtp.zoho.com.au",
        "smtp.zoho.jp",
        "smtp.zohocloud.ca",
        "smtppro.zoho.com",
        "smtppro.zoho.eu",
        "smtppro.zoho.in",
        "smtppro.zoho.com.au",
        "smtppro.zoho.jp",
        "smtppro.zohocloud.ca",
    ),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    other_hosts=(
        OtherHost.for_reading("imap.zoho.com", "smtp.zoho.com"),
        OtherHost.for_reading("imappro.zoho.com", "smtppro.zoho.com"),
        OtherHost.for_reading("imappro.zoho.eu", "smtppro.zoho.eu"),
        OtherHost.for_reading("imappro.zoho.in", "smtppro.zoho.in"),
        OtherHost.for_browsers("mail.zoho.com", "smtp.zoho.com"),
        OtherHost.for_browsers("mail.zoho.eu", "smtp.zoho.eu"),
        OtherHost.for_browsers("mail.zoho.in", "smtp.zoho.in"),
        OtherHost.for_browsers("mail.zoho.com.au", "smtp.zoho.com.au"),
        OtherHost.for_browsers("mail.zoho.jp", "smtp.zoho.jp"),
        OtherHost.for_browsers("mail.zohocloud.ca", "smtp.zohocloud.ca"),
    ),
    other_names=("zoho",),
    mechanisms=("login", "plain"),
    password_advice=(
        "With two-factor authentication Zoho wants an application-specific password: in Zoho Accounts choose "
        "Security, App Passwords, Generate New Password. The sender must be the account's own address or one of "
        "its aliases."
    ),
    # Of an hour it says 50 to 500 messages, by the account's reputation: no number that maild could go by.
    # Each region's SPF record has a name of its own, so none is given here.
    limits=ProviderLimits(per_message=150),
    sources=(
        Source(url="https://www.zoho.com/mail/help/zoho-smtp.html", checked=date(2026, 11, 23)),
        Source(url="https://www.zoho.com/mail/help/adminconsole/rates-and-limits.html", checked=date(2026, 11, 24)),
    ),
    sender=SenderRule.ACCOUNT,
    other_senders=OtherSenders(
        beyond="address",
        fate="Zoho takes mail from this address only if it is an alias of the account that logs in; else it refuses "
        "it with 553.",
        advice="If it is an alias, nothing is to be done. Otherwise add it as one, or log in with the account of this "
        "address.",
    ),
    mail_domains=("zohomail.com", "zohomail.eu", "zohomail.in", "zoho.com", "zoho.eu", "zoho.in"),
    own_domain_hosts=MappingProxyType(
        {
            "smtp.zoho.com": "smtppro.zoho.com",
            "smtp.zoho.eu": "smtppro.zoho.eu",
            "smtp.zoho.in": "smtppro.zoho.in",
            "smtp.zoho.com.au": "smtppro.zoho.com.au",
            "smtp.zoho.jp": "smtppro.zoho.jp",
            "smtp.zohocloud.ca": "smtppro.zohocloud.ca",
        }
    ),
    # Those at zoho.com are of many regions: for years there was no other name.
    home_hosts=MappingProxyType(
        {
            "zohomail.eu": "smtp.zoho.eu",
            "zoho.eu": "smtp.zoho.eu",
            "zohomail.in": "smtp.zoho.in",
            "zoho.in": "smtp.zoho.in",
        }
    ),
    codes=MappingProxyType({Aspect.REGION: "ML422", Aspect.SENDER: "ML423"}),
)
