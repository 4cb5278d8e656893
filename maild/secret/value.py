"""A secret in memory that cannot be printed by accident.

It does not protect memory against somebody who can read the process. What it prevents: a password in a log line, a
repr, an exception, a diagnostic, a metric or a pickle.
"""

from typing import Final, NoReturn

_MASK: Final = "••••"


class Secret:
    """Holds a secret text; only `reveal()` gives it out."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text: Final = text

    def reveal(self) -> str:
        """The secret itself. Call it at the last moment and keep the result in no variable that lives on."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, format_spec: str) -> str:
        return _MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never serialised: pass the reference to it instead")
