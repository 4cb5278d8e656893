"""The programs whose settings people bring along, and what gives each away. Pure data.

A mark is a regular expression for a whole key, in small letters; the first program with a mark in the file counts.
"""

import re
from collections.abc import Iterable
from typing import Final

from maild.rules.foreign.pair import Form
from maild.rules.foreign.reading import Settings

_PROGRAMS: Final = tuple(
    (title, re.compile(marks))
    for title, marks in (
        ("Django", r"email_host|email_backend|email_use_tls|email_use_ssl|email_host_user|email_host_password"),
        ("Laravel", r"mail_mailer|mail_driver|mail_encryption|mail_from_address|mail_from_name"),
        ("Postfix", r"relayhost|smtp_sasl_\w+|smtp_tls_\w+|mydestination|mynetworks|smtpd_\w+"),
        ("sSMTP", r"mailhub|usestarttls|authuser|authpass|fromlineoverride"),
        ("Spring", r"(?:.*\.)?spring\.mail\..*"),
        ("Alertmanager", r"(?:.*\.)?smtp_(?:smarthost|auth_username|auth_password|require_tls)"),
        ("Symfony", r"mailer_dsn"),
        ("Ruby on Rails", r"(?:.*\.)?(?:enable_starttls_auto|enable_starttls)"),
        ("msmtp", r"passwordeval|tls_trust_file|tls_starttls|tls_certcheck|tls_fingerprint"),
        ("nodemailer", r"(?:.*\.)?auth\.(?:user|pass)"),
    )
)


def program_of(settings: Settings, text: str) -> str:
    """The program's name, or what kind of file it is; empty where nothing gives it away."""
    keys = [pair.key.lower() for pair in settings.pairs]
    forms = {pair.form for pair in settings.pairs}
    named = next((title for title, marks in _PROGRAMS if _has(keys, marks)), "")
    if named:
        return named
    if "createTransport" in text:
        return "nodemailer"
    if "$mail->" in text:
        return "PHPMailer"
    if Form.CALLED in forms:
        return "WordPress"
    if Form.TAGGED in forms:
        return "Thunderbird"
    return "msmtp" if Form.SPOKEN in forms and "account" in keys else ""


def _has(keys: Iterable[str], marks: re.Pattern[str]) -> bool:
    return any(marks.fullmatch(key) is not None for key in keys)
