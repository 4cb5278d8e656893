"""One setting of a file in whatever notation: a key, a value, where the key stands, and what it means. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from maild.config.fault import Pointer
from maild.config.schema import Shape, known_keys
from maild.diagnostics import Span
from maild.rules.spelling import fold
from maild.rules.vocabulary import foreign_places

HOST: Final = Pointer("/smtp/host")
PORT: Final = Pointer("/smtp/port")
MODE: Final = Pointer("/smtp/tls/mode")
USERNAME: Final = Pointer("/username")
PASSWORD: Final = Pointer("/password")
EMAIL: Final = Pointer("/email")
NAME: Final = Pointer("/name")

_TOLD: Final = (
    HOST,
    PORT,
    MODE,
    USERNAME,
    PASSWORD,
    EMAIL,
    NAME,
    Pointer("/protocol"),
    Pointer("/smtp/auth"),
    Pointer("/reply_to"),
    Pointer("/copy_to"),
)
"""The settings that an account is made of. Of others a person is told when these are right."""


class Form(StrEnum):
    """How a setting is written."""

    YAML = "yaml"
    ASSIGNED = "assigned"
    """`key = value`"""
    SPOKEN = "spoken"
    """`key value`"""
    CALLED = "called"
    """`define('KEY', 'value')`"""
    TAGGED = "tagged"
    """`<key>value</key>`"""
    PREFERENCE = "preference"
    """`user_pref("mail.smtpserver.smtp1.port", 465);`"""
    TABLE = "table"
    """`| key | value |`"""
    TABBED = "tabbed"
    """A key and a value with a tab between them."""
    MAPPED = "mapped"
    """`[host]:port login:password`"""
    MACHINE = "machine"
    """`machine host login name password word`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A setting.

    Attributes:
        key: as written, with the keys around it before a dot.
        value: a text, a number or a flag.
        span: where the key stands.
        form: how it is written.
        other_word: what the key means, where the program means something of its own by it, or writes none.
    """

    key: str
    value: object
    span: Span
    form: Form
    other_word: str = ""

    @property
    def word(self) -> str:
        """The key alone."""
        return self.key.rpartition(".")[2]

    @property
    def service(self) -> str:
        """The company that is named instead of its server, as nodemailer has it; empty where there is none."""
        is_named = isinstance(self.value, str) and self.form is Form.YAML and fold(self.word) == "service"
        return str(self.value) if is_named else ""

    @property
    def is_own_word(self) -> bool:
        """Whether maild has a key of this name, be it in capital letters."""
        return fold(self.word) in _own_words()

    @property
    def is_written(self) -> bool:
        """Whether the key stands in the file, and not only its value."""
        return self.form not in {Form.MAPPED, Form.MACHINE}

    @property
    def place(self) -> Pointer | None:
        """What the key is called here."""
        parts = (self.other_word or self.key).split(".")
        words = [fold(".".join(parts[-count:])) for count in (len(parts), 2, 1)]
        found = (_own_words().get(word) or next(iter(foreign_places(word)), None) for word in words)
        place = next((place for place in found if place is not None), None)
        return place if place in _TOLD else None


@cache
def _own_words() -> Mapping[str, Pointer]:
    """The last words of maild's own keys. `tls` is what others call the mode."""
    own = {fold("tls"): MODE, fold("smtp"): Pointer("/smtp")}
    for level, keys in known_keys(Shape.SMTP).items():
        for key in keys:
            own.setdefault(fold(key), Pointer(f"{level}/{key}"))
    return MappingProxyType(own)
