"""A secret of a known form stands in the file.

## What it finds
API keys and private keys that can be told by their form, such as `SG.` of SendGrid, `xkeysib-` of Brevo, `GOCSPX-` of
Google or a block `BEGIN PRIVATE KEY`: anywhere in the file, comments too. The ID of an access key to Amazon's cloud
(`AKIA`) as well, unless it is the username of an account that may log in with it, as at Amazon SES.

## Why it matters
Configuration files are kept under version control, copied and shown to others. Programs look for such keys in public
places and use them within minutes. Once it was in a file, change it: deleting the line does not delete the history.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
# old key: xkeysib-0123456789abcdef0123456789abcdef
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML501`: the ways to refer to a password
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import Final

from maild.config.fault import LiteralSecret, UnknownKey
from maild.diagnostics import Severity, Span
from maild.diagnostics.fix import index_of
from maild.providers import owner_of
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.key_id import USERNAME, key_ids, value_around
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.tokens import tokens

INFO: Final = RuleInfo(
    code="ML502",
    name="known-token-in-config",
    severity=Severity.ERROR,
    summary="A secret of a known form stands in the file.",
    is_fixed=True,
)

_KEY: Final = "This looks like a secret key, and whoever sees a copy of this file has it."
_NEW_KEY: Final = (
    "Make a new key at the provider, delete this one there and here, and refer to the new one: `password: {env: NAME}`."
)
_MOST_IDS: Final = 50
"""No file has as many; a hostile one has ten thousand."""
_ID: Final = "This looks like the ID of an access key to Amazon's cloud, and whoever sees a copy of this file has it."
_NEW_PAIR: Final = (
    "Delete it here. If its secret half was written down, too, delete the key in Amazon's console and make a new one."
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such secret; where the whole value of a password is one, another rule says so."""
    document, text = subject.loaded.document, subject.loaded.text
    known = {
        line
        for fault in subject.faults(LiteralSecret)
        if document is not None
        for line in range(document.value_span(fault.pointer).line, document.value_span(fault.pointer).end_line + 1)
    }
    starts = index_of(text).starts
    places = dict.fromkeys(tokens(text), (_KEY, _NEW_KEY))
    places |= {place: (_ID, _NEW_PAIR) for place in islice(key_ids(text), _MOST_IDS) if not _is_in_use(subject, *place)}
    for (start, end), (message, advice) in sorted(places.items()):
        number = bisect_right(starts, start)
        if number not in known:
            before = starts[number - 1] - 1
            span = Span(line=number, column=start - before, end_line=number, end_column=end - before)
            yield Finding(message=message, place=AtSpan(span=span), help=advice)


def _is_in_use(subject: Subject, start: int, end: int) -> bool:
    """Whether an ID may be the login of an account: at Amazon's mail service, or at a server that nobody here knows."""
    document, draft, text = subject.loaded.document, subject.draft, subject.loaded.text
    holder = None if document is None else value_around(document, start)
    if document is None or holder is None:
        # Of a file that cannot be read, and of a key, nobody can tell; a comment is none of both.
        return "#" not in text[text.rfind("\n", 0, start) + 1 : start]
    if holder != USERNAME:
        return any(fault.pointer == holder for fault in subject.faults(UnknownKey))
    provider = subject.provider or (None if draft.host is None else owner_of(draft.host))
    shape = None if provider is None else provider.username_shape
    return provider is None or (shape is not None and re.fullmatch(shape.pattern, text[start:end]) is not None)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")
