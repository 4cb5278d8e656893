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
_NAME: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
"""What variables are called, and passwords hardly ever are."""
_GLUED: Final = re.compile(r"(env|file|credential|command)[:=].*", re.DOTALL)


def meant_reference(value: object, *, is_in_brackets: bool = True) -> str | None:
    """What to write for text or a group that was to be a reference; None where it seems to be the password."""
    match value:
        case str() if _VARIABLE.fullmatch(value):
            return "For a variable write `password: {env: NAME}`, its name without $, braces or percent signs."
        case str() if _PATH.fullmatch(value):
            return "For a file write `password: {file: PATH}`."
        case str() if _IN_QUOTES.fullmatch(value):
            return "Delete the quotes around the braces: with them it is a text."
        case [{**members}] if len(members) == 1 and not REFERENCE_KEYS.isdisjoint(members):
            # A list is one by its brackets, or else by its dash.
            in_brackets = "Write braces instead of the brackets: `{env: NAME}`."
            return in_brackets if is_in_brackets else "Delete the dash `-` before the key: it makes a list of it."
        case {**members} if len(members) == 1:
            ((key, content),) = members.items()
            return None if content is not None else _of_lone_word(str(key))
        case _:
            return None


def _of_lone_word(word: str) -> str | None:
    """What stands alone in the braces."""
    if _NAME.fullmatch(word) is not None:
        return "For a variable write `password: {env: NAME}`: in the braces `env:` belongs before its name."
    found = _GLUED.fullmatch(word)
    return None if found is None else f"Write a blank behind the colon: `{{{found[1]}: …}}`."
