"""Secrets that can be told by their form alone: keys of services, and private keys. Pure.

Forms that also mean something harmless are left out: the user name of Amazon SES is an access key's ID, for `key_id`.
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.rules.word_lines import lines_with

TOKENS: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"  # SendGrid
    r"|x(?:key|smtp)sib-[A-Za-z0-9-]{16,120}"  # Brevo
    r"|key-[0-9a-f]{32}(?![0-9a-f])"  # Mailgun
    r"|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,32}"  # Resend
    r"|md-[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])"  # Mailchimp Transactional
    r"|gh[pousr]_[A-Za-z0-9]{36}"  # GitHub
    r"|AIza[A-Za-z0-9_-]{35}"  # Google
    r"|GOCSPX-[A-Za-z0-9_-]{20,40}"  # Google, of an OAuth client
    r"|ya29\.[A-Za-z0-9_-]{20,400}"  # Google, an access token
    r")|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
)
"""Each as its maker writes it, with lengths from the rules of gitleaks (https://github.com/gitleaks/gitleaks)."""

KEY_END: Final = re.compile(r"-----END (?:[A-Z]+ )*PRIVATE KEY-----")
"""Where the block ends that begins with BEGIN PRIVATE KEY."""
_KEY_BEGIN: Final = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
_KEY_LAST: Final = re.compile(rf"{KEY_END.pattern}[^\r\n]*")

_MARKS: Final = (
    *("SG.", "sib-", "key-", "re_", "md-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "AIza", "GOCSPX-", "ya29."),
    "PRIVATE KEY",
)


def may_hold_token(text: str) -> bool:
    """Whether a closer look is worth its time: nearly every file has none of these."""
    return any(mark in text for mark in _MARKS)


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends; of a private key its first line."""
    for start, end in lines_with(text, _MARKS):
        for found in TOKENS.finditer(text, start, end):
            yield found.span()


def private_keys(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends: with its last line, or with the text."""
    at = 0
    while (first := _KEY_BEGIN.search(text, at)) is not None:
        last = _KEY_LAST.search(text, first.end())
        at = len(text) if last is None else last.end()
        yield first.start(), at
