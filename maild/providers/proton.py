"""Proton Mail, for addresses at a domain of one's own; others send through Proton Mail Bridge on their machine."""

from datetime import date
from typing import Final

from maild.providers.provider import STARTTLS, Provider, SenderRule, ServerPort, Source, UsernameForm
from maild.providers.signing_keys import SigningKeys

PROTON: Final = Provider(
    id="proton",
    title="Proton Mail",
    hosts=("smtp.protonmail.ch",),
    ports=(ServerPort(port=587, mode=STARTTLS),),
    username=UsernameForm.ADDRESS,
    sender=SenderRule.ACCOUNT,
    mail_domains=("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    spf_include="_spf.protonmail.ch",
    signing_keys=SigningKeys(
        selectors=("protonmail", "protonmail2", "protonmail3"),
        source=Source(url="https://domainsecurityscanner.com/guides/proton-mail", checked=date(2026, 11, 24)),
    ),
    wants_own_domain=True,
    other_names=("proton", "protonmail"),
    password_advice=(
        "Proton wants an SMTP token as password, made for one address at your own domain under Settings, "
        "IMAP/SMTP, SMTP tokens. Without a domain of your own, run Proton Mail Bridge and use host 127.0.0.1, "
        "port 1025 and the username and password that Bridge shows, with `ca_file` naming the certificate "
        "that Bridge exports."
    ),
    sources=(
        Source(url="https://proton.me/support/smtp-submission", checked=date(2026, 11, 24)),
        Source(url="https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/8079", checked=date(2026, 11, 24)),
        Source(url="https://xenocept.com/docs/email-setup/proton.html", checked=date(2026, 11, 24)),
    ),
)
