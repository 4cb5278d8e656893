"""Gmail and Google Workspace mailboxes, logging in as a person."""

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
from maild.providers.signing_keys import SigningKeys

GMAIL: Final = Provider(
    id="gmail",
    title="Gmail",
    hosts=("smtp.gmail.com", "smtp.googlemail.com"),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    mechanisms=("plain", "login", "xoauth2", "oauthbearer"),
    other_names=("googlemail", "google"),
    password_advice=(
        "Gmail takes no normal account password here. Switch on 2-Step Verification for the Google account, then "
        "make an app password at https://myaccount.google.com/apppasswords and use its 16 letters as the "
        "password. Google revokes all app passwords when the account's own password changes. Work and school "
        "accounts may have app passwords switched off by their administrator."
    ),
    # 500 a day for gmail.com addresses, 2000 for Workspace: the same host serves both.
    # What its server announces (SIZE): 35882577 bytes.
    limits=ProviderLimits(per_day=2000, message_megabytes=35),
    sources=(
        Source(url="https://support.google.com/accounts/answer/185833", checked=date(2026, 11, 23)),
        Source(url="https://developers.google.com/workspace/gmail/imap/imap-smtp", checked=date(2026, 11, 23)),
        # Since August 2014 other companies' addresses need a server of their own under "Send mail as".
        Source(url="https://support.google.com/mail/answer/22370", checked=date(2026, 11, 24)),
        Source(
            url="https://googleblogsystem.blogspot.com/2014/08/external-addresses-no-longer-use-gmail.html",
            checked=date(2026, 11, 24),
        ),
        Source(url="https://developer.nylas.com/docs/cookbook/email/gmail-smtp-settings/", checked=date(2026, 11, 24)),
    ),
    sender=SenderRule.ACCOUNT,
    other_senders=OtherSenders(
        beyond="domain",
        fate='Gmail sends under this address only if the account of the username has it under "Send mail as"; else '
        "it puts the account's own in its place.",
        advice="Send from the account's own address, or through the server of the sender's domain, or add the address "
        "in Gmail's settings (Accounts, Send mail as), which asks for that server where the domain is not at Google.",
    ),
    mail_domains=("gmail.com", "googlemail.com"),
    spf_include="_spf.google.com",
    signing_keys=SigningKeys(
        selectors=("google",),
        source=Source(url="https://support.google.com/a/answer/11611356", checked=date(2026, 11, 24)),
    ),
    password_shape=SecretShape(pattern=r"[A-Za-z]{4}(?: ?[A-Za-z]{4}){3}", what="an app password of 16 letters"),
    other_hosts=(
        OtherHost(host="imap.gmail.com", purpose="is for reading mail (IMAP)", instead="smtp.gmail.com"),
        OtherHost(host="pop.gmail.com", purpose="is for reading mail (POP3)", instead="smtp.gmail.com"),
        OtherHost(host="smtp.google.com", purpose="takes mail from other servers only", instead="smtp.gmail.com"),
        OtherHost(host="mail.google.com", purpose="is the web page", instead="smtp.gmail.com"),
        OtherHost(host="gmail.com", purpose="is the domain of the addresses", instead="smtp.gmail.com"),
    ),
    # Some of these domains are somebody else's, who would be handed the password.
    mistaken_hosts=MappingProxyType(
        {
            f"smtp.gmail.{end}": "smtp.gmail.com"
            for end in ("at", "be", "ch", "co.uk", "de", "es", "eu", "fr", "it", "net", "nl", "org", "pl", "se")
        }
    ),
    codes=MappingProxyType(
        {
            Aspect.PORT: "ML401",
            Aspect.PASSWORD: "ML402",
            Aspect.PASSWORD_BLANKS: "ML407",
            Aspect.USERNAME: "ML404",
            Aspect.LIMIT: "ML406",
            Aspect.HOST: "ML409",
            Aspect.SENDER: "ML405",
        }
    ),
)
