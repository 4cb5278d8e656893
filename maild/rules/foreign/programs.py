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

_BY_FORM: Final = (
    (Form.CALLED, "WordPress"),
    (Form.TAGGED, "Thunderbird"),
    (Form.PREFERENCE, "Thunderbird"),
    (Form.MAPPED, "Postfix"),
    (Form.MACHINE, "a .netrc file"),
    (Form.TABLE, "a table"),
    (Form.TABBED, "a table"),
)
"""Forms that one program has alone."""
_BY_TEXT: Final = (("gitlab_rails[", "GitLab"), ("createTransport", "nodemailer"), ("$mail->", "PHPMailer"))
_BY_WORD: Final = (("machine", "a .netrc file"), ("account", "msmtp"))
"""Words of programs that write no sign between a key and its value."""


def program_of(settings: Settings, text: str) -> str:
    """The program's name, or what kind of file it is; empty where nothing gives it away."""
    keys = [pair.key.lower() for pair in settings.pairs]
    forms = {pair.form for pair in settings.pairs}
    named = (
        *(title for title, marks in _PROGRAMS if _has(keys, marks)),
        *(title for mark, title in _BY_TEXT if mark in text),
        *(title for form, title in _BY_FORM if form in forms),
        *(title for word, title in _BY_WORD if Form.SPOKEN in forms and word in keys),
    )
    return next(iter(named), "")


def _has(keys: Iterable[str], marks: re.Pattern[str]) -> bool:
    return any(marks.fullmatch(key) is not None for key in keys)
