"""Secrets that can be told by their form alone: keys of services, and private keys. Pure data.

Forms that also mean something harmless are left out: the user name of Amazon SES looks like an AWS access key id.
"""

import re
from typing import Final

TOKENS: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"  # SendGrid
    r"|x(?:key|smtp)sib-[A-Za-z0-9-]{16,120}"  # Brevo
    r"|key-[0-9a-f]{32}(?![0-9a-f])"  # Mailgun
    r"|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,32}"  # Resend
    r"|md-[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])"  # Mailchimp Transactional
    r"|gh[pousr]_[A-Za-z0-9]{36}"  # GitHub
    r"|AIza[A-Za-z0-9_-]{35}"  # Google
    r")|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
)
"""Each as its maker writes it, with lengths from the rules of gitleaks (https://github.com/gitleaks/gitleaks)."""

KEY_END: Final = re.compile(r"-----END (?:[A-Z]+ )*PRIVATE KEY-----")
"""Where the block ends that begins with BEGIN PRIVATE KEY."""

_MARKS: Final = ("SG.", "sib-", "key-", "re_", "md-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "AIza", "PRIVATE KEY")


def may_hold_token(text: str) -> bool:
    """Whether a closer look is worth its time: nearly every file has none of these."""
    return any(mark in text for mark in _MARKS)
