"""mailbox.org."""

from datetime import date
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    OtherHost,
    Provider,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

MAILBOX_ORG: Final = Provider(
    id="mailbox-org",
    title="mailbox.org",
    hosts=("smtp.mailbox.org",),
    ports=(
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=587, mode=STARTTLS),
    ),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    mail_domains=("mailbox.org",),
    other_hosts=(OtherHost.for_reading("imap.mailbox.org", "smtp.mailbox.org"),),
    spf_include="mailbox.org",
    password_advice=(
        "The username is the primary address of the account. With two-factor authentication mailbox.org wants "
        "an application password, made in the account's security settings; without, the password of the "
        "mailbox."
    ),
    # It says of its limits that they depend on the account and are not told.
    sources=(
        Source(url="https://kb.mailbox.org/en/private/e-mail/sending-limits-for-emails", checked=date(2026, 11, 24)),
        Source(
            url="https://github.com/thunderbird/autoconfig/blob/master/ispdb/mailbox.org.xml",
            checked=date(2026, 11, 24),
        ),
    ),
)
