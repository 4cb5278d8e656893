"""Takes secrets out of log lines: the second line of defence, behind the rule that none gets into one. Pure.

Nothing of ours writes a secret. But a server may repeat in its refusal what was sent to it, and a library may put it
into a warning. So what an account logged in with last is looked for in the lines about that account, and in all that
are about none: as it is, in base64 and as it stands in a URL. Keys that can be told by their form, and what follows
the commands that carry passwords, are taken out whosoever they are.
"""

import re
from base64 import b64encode
from collections.abc import Collection, Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from maild.observe.lines.line import FieldValue, LogLine
from maild.rules.tokens import KEY_END, TOKENS
from maild.secret import Secret

HIDDEN: Final = "••••"
MIN_CHARS: Final = 8
"""A shorter secret is a word like others: to take it out would hide the log, and hardly the secret."""

_CARRIED: Final = re.compile(
    r"(?P<before>"
    # An initial response (RFC 4954 §4), and no name of the next mechanism.
    r"\bAUTH (?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5|SCRAM-[A-Z0-9-]+) (?=[A-Za-z0-9+/=]{12})"
    r"|\b(?:Bearer|Basic) (?=\S*[0-9=])(?=\S{8})"  # RFC 6750, RFC 7617; no such words in a sentence
    r"|\b(?:password|passwd|client_secret|access_token|refresh_token|assertion)[=:]\s?"
    r"|(?<=://)[^\s/:@]{1,100}:"  # the user of a URL
    r")(?P<secret>[^\s\"'&,;@]{4,4000})",
    re.IGNORECASE,
)
# In lower case, and looked for one by one: a pattern of all takes six times as long, for the line of each message.
_MARKS: Final = (
    *("auth ", "bearer", "basic", "passw", "secret=", "secret:", "token", "assertion", "://", "private key"),
    *("sg.", "sib-", "key-", "re_", "md-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "aiza", "gocspx-", "ya29."),
)
_KEY_BLOCK: Final = re.compile(rf"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.*?(?:{KEY_END.pattern}|\Z)", re.DOTALL)
_PLAIN: Final = frozenset({"account", "id", "file", "drop", "generation", "state", "to"})
"""Fields whose words are ours, or a person's own."""


class Hush:
    """What is to be hidden."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Secret, ...]] = {}

    def learn(self, account: str, secret: Secret) -> None:
        """This account logs in with this from now on."""
        forms = {secret.reveal(), *_forms(secret.reveal())}
        self._known[account] = tuple(Secret(form) for form in sorted(forms, key=len, reverse=True))

    def keep(self, accounts: Collection[str]) -> None:
        """Forget what any account but these logged in with."""
        self._known = {name: forms for name, forms in self._known.items() if name in accounts}

    def line(self, log_line: LogLine) -> LogLine:
        """The line without secrets; the very same where there are none."""
        account = log_line.fields.get("account")
        forms = self._known.get(account, ()) if isinstance(account, str) else self._all()
        known = [form.reveal() for form in forms]
        changed: dict[str, FieldValue] = {}
        for name, value in log_line.fields.items():
            if isinstance(value, str) and name not in _PLAIN:
                quiet = _without(value, known)
                if quiet is not value:
                    changed[name] = quiet
        return replace(log_line, fields=MappingProxyType({**log_line.fields, **changed})) if changed else log_line

    def _all(self) -> Iterable[Secret]:
        return (form for forms in self._known.values() for form in forms)


def _forms(text: str) -> Iterable[str]:
    if len(text) < MIN_CHARS:
        return
    yield b64encode(text.encode()).decode().rstrip("=")
    yield quote(text, safe="")


def _without(text: str, known: Iterable[str]) -> str:
    for form in known:
        if len(form) >= MIN_CHARS and form in text:
            text = text.replace(form, HIDDEN)
    if not _is_marked(text.lower()):
        return text
    text = _CARRIED.sub(lambda found: f"{found['before']}{HIDDEN}", text)
    if "PRIVATE KEY" in text:
        # The whole of what is there of it, to its end or to that of the text.
        text = _KEY_BLOCK.sub(HIDDEN, text)
    return TOKENS.sub(HIDDEN, text)


def _is_marked(text: str) -> bool:
    for mark in _MARKS:  # noqa: SIM110 -- any() takes twice as long
        if mark in text:
            return True
    return False
