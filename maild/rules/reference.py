"""How a password is referred to, in words; and what was meant by text that only looks like a reference. Pure.

Nothing of the text is repeated: it may be the password all the same.
"""

import re
from typing import Final

from maild.config.password import REFERENCE_KEYS

WAYS: Final = "`{env: NAME}`, `{file: PATH}`, `{credential: NAME}` or `{command: [PROGRAM]}`"
REFER: Final = f"The password itself never stands in this file. Say where it is: {WAYS}."

_VARIABLE: Final = re.compile(
    r"\$\{?\w+\}?|\$\{?env[:.]\w+\}?|%\w+%|\{\{.*\}\}|env[:.= ]\w+|process\.env\.\w+|"
    r"(?:os\.)?(?:getenv|environ|env)[(\[]['\"]?\w+['\"]?[)\]]",
    re.IGNORECASE | re.DOTALL,
)
_PATH: Final = re.compile(r"(?:file:(?://)?)?(?:~|\.{0,2})/[\w.@/~-]+|file:\S+", re.IGNORECASE)
_IN_QUOTES: Final = re.compile(r"\{\s*(?:env|file|credential|command)\s*:.*\}", re.DOTALL)
_GLUED: Final = re.compile(r"(env|file|credential|command)[:=].*", re.DOTALL)


def meant_reference(value: object) -> str | None:
    """What to write for text or a group that was to be a reference; None where it seems to be the password."""
    match value:
        case str() if _VARIABLE.fullmatch(value):
            return "For a variable write `password: {env: NAME}`, its name without $, braces or percent signs."
        case str() if _PATH.fullmatch(value):
            return "For a file write `password: {file: PATH}`."
        case str() if _IN_QUOTES.fullmatch(value):
            return "Delete the quotes around the braces: with them it is a text."
        case [{**members}] if len(members) == 1 and not REFERENCE_KEYS.isdisjoint(members):
            return "Write braces instead of the brackets: `{env: NAME}`."
        case {**members} if len(members) == 1:
            (key,) = members
            found = _GLUED.fullmatch(str(key)) if members[key] is None else None
            return None if found is None else f"Write a blank behind the colon: `{{{found[1]}: …}}`."
        case _:
            return None
