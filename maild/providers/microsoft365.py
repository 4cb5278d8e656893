"""Microsoft 365 (Exchange Online) mailboxes of companies."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    STARTTLS,
    Aspect,
    Change,
    OtherHost,
    OtherSenders,
    Provider,
    ProviderLimits,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)
from maild.providers.signing_keys import SigningKeys

MICROSOFT365: Final = Provider(
    id="microsoft365",
    title="Microsoft 365",
    hosts=("smtp.office365.com",),
    # Exchange Online has no port with TLS from the first byte.
    ports=(ServerPort(port=587, mode=STARTTLS), ServerPort(port=25, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    mechanisms=("login", "xoauth2"),
    password_advice=(
        "Microsoft 365 takes a password only while SMTP AUTH is switched on for the mailbox: an administrator "
        "does that in the admin center under Active users, Mail, Manage email apps, Authenticated SMTP, and "
        "security defaults must not block it. Accounts with multi-factor authentication need an app password. "
        "Microsoft switches passwords off by default for existing customers at the end of December 2026; after "
        "that use OAuth."
    ),
    limits=ProviderLimits(per_minute=30, per_day=10000, connections=3, message_megabytes=150),
    sources=(
        Source(
            url="https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
            checked=date(2026, 11, 23),
        ),
        Source(
            url="https://techcommunity.microsoft.com/blog/exchange/"
            "updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835",
            checked=date(2026, 11, 23),
        ),
        Source(url="https://learn.microsoft.com/en-us/answers/questions/2258712/", checked=date(2026, 11, 23)),
        # 35 MB, which an administrator can raise to 150 MB.
        Source(
            url="https://developer.nylas.com/docs/v3/email/send-large-attachments/",
            checked=date(2026, 11, 24),
        ),
    ),
    sender=SenderRule.ACCOUNT,
    other_senders=OtherSenders(
        beyond="address",
        fate="Microsoft 365 takes mail from this address only if the mailbox of the username may send as it "
        '(permission "Send As"); else it refuses it with 5.7.60 or SendAsDenied.',
        advice="If an administrator has given the permission, nothing is to be done. Otherwise ask for it (Exchange "
        "admin center, Recipients, Mailboxes, Mailbox delegation), or log in with the mailbox of this address.",
    ),
    also_serves=("outlook-com",),
    spf_include="spf.protection.outlook.com",
    signing_keys=SigningKeys(
        selectors=("selector1", "selector2"),
        source=Source(
            url="https://learn.microsoft.com/en-us/defender-office-365/email-authentication-dkim-configure",
            checked=date(2026, 11, 24),
        ),
    ),
    other_hosts=(
        OtherHost(
            host="outlook.office365.com", purpose="is for reading mail and for the web", instead="smtp.office365.com"
        ),
        OtherHost(
            host="*.mail.protection.outlook.com",
            purpose="takes mail for one domain from other servers",
            instead="smtp.office365.com",
        ),
    ),
    mistaken_hosts=MappingProxyType(
        {
            "*.microsoft365.com": "smtp.office365.com",
            "*.outlook365.com": "smtp.office365.com",
            "smtp.office.com": "smtp.office365.com",
        }
    ),
    other_names=("outlook365", "office365"),
    changes=(
        Change(
            day=date(2026, 12, 31),
            mechanisms=("plain", "login", "cram-md5"),
            what="Microsoft 365 switches passwords for sending off by default",
            advice="Use an access token (`auth: xoauth2`), or send through another provider. An administrator can "
            "switch passwords on again for a while.",
        ),
    ),
    codes=MappingProxyType(
        {
            Aspect.PORT: "ML411",
            Aspect.LIMIT: "ML412",
            Aspect.HOST: "ML416",
            Aspect.CHANGE: "ML410",
            Aspect.SENDER: "ML414",
        }
    ),
)
