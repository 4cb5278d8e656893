"""What to do about a key that nothing reads: the key that was meant, with the value that it then has. Pure.

`suggestion` finds the key. Here are the words and the edits, and what several such keys can have in common.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from maild.config.fault import Pointer, UnknownKey
from maild.config.password import PASSWORD
from maild.config.schema import Shape, known_keys
from maild.diagnostics import Fix
from maild.providers.naming import CompanyServer
from maild.rules.encryption import MODE, is_off, meant_mode
from maild.rules.pointing import key_of, parent, path_of
from maild.rules.ports import fitting_mode
from maild.rules.reference import REFER
from maild.rules.repair import rename_key, split_key, unquote_value
from maild.rules.spelling import fold, nearest
from maild.rules.subject import Subject
from maild.rules.suggestion import glued_key, level_of, named_company, names_company, wrapped_keys
from maild.rules.vocabulary import NEEDLESS, foreign_places
from maild.rules.words import code, listed

_OPPOSITE: Final = ("insecure", "skip", "disable")
_MARKED: Final = re.compile(r"(?:[0-9]+[.)]|[^\w\s'\"]+)\s+")
_NAME: Final = re.compile(r"[A-Za-z_/][\w./-]*")
"""A variable or a path that needs no quotes."""
_LIMITS: Final = Pointer("/limits")
_HOURLY: Final = frozenset({"perhour", "hourly", "hour", "maxperhour", "perh", "hourlimit", "messagesperhour"})
_OF_LOGIN: Final = frozenset({"username", "password", "name", "email"})
"""Of these alone a group is no account, but a login."""
_TLS: Final = Pointer("/smtp/tls")


class Mistake(StrEnum):
    """A mistake that nobody makes with one key by chance, so that several of them are one."""

    GLUED = "glued"
    """The key is one word with its value."""
    CASE = "case"
    """The key is written in capital letters."""
    MARK = "mark"
    """Something stands before the key: a number, a dash or a dot of a printed list."""
    FILE = "file"
    """The key belongs into the other kind of file."""
    PLACE = "place"
    """The key has another name and belongs to another level."""
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A key that nothing reads, and the place of the key that was meant."""

    fault: UnknownKey
    meant: Pointer | None

    @property
    def key(self) -> str:
        """The key that was meant, else the one that is written."""
        return self.fault.key if self.meant is None else key_of(self.meant)

    @property
    def is_at_its_level(self) -> bool:
        """Whether only the name is wrong."""
        return self.meant is not None and parent(self.meant) == parent(self.fault.pointer)

    @property
    def mistake(self) -> Mistake:
        """What it may have in common with others."""
        if glued_key(self.fault) is not None:
            return Mistake.GLUED
        if self.meant is None and not parent(self.fault.pointer):
            others = _keys_of_other_file(is_account="protocol" in self.fault.allowed)
            return Mistake.FILE if self.fault.key in others else Mistake.NONE
        if not self.is_at_its_level:
            return Mistake.NONE if self.meant is None or self.meant == MODE else Mistake.PLACE
        if _MARKED.sub("", self.fault.key) == self.key != self.fault.key:
            return Mistake.MARK
        return Mistake.CASE if self.fault.key.lower() == self.key else Mistake.NONE


def advise(subject: Subject, unknown: Unknown) -> str:
    """What to write instead."""
    fault, meant = unknown.fault, unknown.meant
    needless = NEEDLESS.get(fold(fault.key)) if subject.is_account and not parent(fault.pointer) else None
    if needless is not None:
        return needless
    wrapped = wrapped_keys(subject, fault)
    if wrapped and wrapped <= _OF_LOGIN:
        return (
            f"Delete the line {code(f'{fault.key}:')}: {code('username:')} and {code('password:')} stand at the margin."
        )
    if wrapped:
        return (
            f"A file is one account and named by its file: delete the line {code(f'{fault.key}:')} and any name below "
            f"it, and let the account's own lines begin at the margin."
        )
    special = _advise_special(subject, fault, meant)
    if special is not None:
        return special
    if meant is None:
        keys = f"The keys that can stand here are {listed(map(code, fault.allowed), 'and')}." if fault.allowed else ""
        return _advise_nothing_near(subject, unknown) or keys
    return _advise_other_name(subject, unknown, meant)


def _advise_special(subject: Subject, fault: UnknownKey, meant: Pointer | None) -> str | None:
    """What another name alone would not do: a reference to a password, a limit of an hour, a company's name."""
    here = parent(fault.pointer)
    if here == PASSWORD and (meant is None or parent(meant) != PASSWORD):
        return REFER
    if meant is not None and not here and parent(meant) == PASSWORD:
        return f"Write {code(f'password: {{{key_of(meant)}: …}}')} instead, with the same value."
    if here == _LIMITS and fold(fault.key) in _HOURLY:
        return _by_the_minute(subject.value(fault.pointer))
    if not names_company(subject, fault):
        return None
    company = named_company(subject, fault)
    instead = f"instead of {code(fault.key)}"
    if company is None:
        return f"Write {code('smtp: {host: smtp.example.com, port: 465}')} {instead}, with the company's own server."
    return f"Write {code(_server(company))} {instead}."


def _advise_nothing_near(subject: Subject, unknown: Unknown) -> str:
    """Where a key belongs that has no place in this file; empty where nobody can tell."""
    if unknown.mistake is Mistake.FILE:
        return f"Move it: {code(unknown.fault.key)} belongs into {other_file(is_account=subject.is_account)}."
    is_of_account = not subject.is_account and bool(foreign_places(fold(unknown.fault.key)))
    return f"Servers and logins stand in {other_file(is_account=False)}." if is_of_account else ""


def _by_the_minute(of_an_hour: object) -> str:
    number = of_an_hour if isinstance(of_an_hour, int) and not isinstance(of_an_hour, bool) else 60
    return (
        f"maild counts by the minute and by the day: write {code(f'per_minute: {max(1, number // 60)}')} or "
        f"{code(f'per_day: {max(1, number) * 24}')}."
    )


def _server(company: CompanyServer) -> str:
    return f"smtp: {{host: {company.host}, port: {company.port}}}"


def other_file(*, is_account: bool) -> str:
    """The other kind of file, in words."""
    return "`maild.yaml`" if is_account else "an account's file: `accounts/NAME.yaml`"


@cache
def _keys_of_other_file(*, is_account: bool) -> frozenset[str]:
    """The keys at the top of maild.yaml to an account, and the other way round."""
    shapes = (Shape.SITE,) if is_account else (Shape.SMTP, Shape.HTTP)
    return frozenset(key for shape in shapes for key in known_keys(shape)[Pointer("")])


def _advise_other_name(subject: Subject, unknown: Unknown, meant: Pointer) -> str:
    fault = unknown.fault
    if unknown.mistake is Mistake.GLUED:
        return f"Write {code(f'{unknown.key}:')}, a space, and then the value."
    if meant == MODE and nearest(fault.key, ("mode",)) is None:
        return _advise_mode(subject, fault)
    if subject.has(meant):
        return f"Delete {code(fault.key)}: {code(path_of(meant))} is there already."
    if unknown.is_at_its_level:
        return f"Write {code(unknown.key)} instead of {code(fault.key)}."
    return f"Write {code(unknown.key)} instead, {level_of(parent(meant))}."


def fix_of(subject: Subject, unknown: Unknown) -> Fix | None:
    """The edits that make the key the one that was meant."""
    fault, glued = unknown.fault, glued_key(unknown.fault)
    company = named_company(subject, fault)
    if company is not None:
        return _rewrite(subject, fault, "smtp", f"{{host: {company.host}, port: {company.port}}}")
    if glued is not None:
        return split_key(subject, fault.pointer, glued)
    if unknown.meant is not None and not parent(fault.pointer) and parent(unknown.meant) == PASSWORD:
        value = subject.value(fault.pointer)
        is_name = isinstance(value, str) and _NAME.fullmatch(value) is not None
        return _rewrite(subject, fault, "password", f"{{{unknown.key}: {value}}}") if is_name else None
    is_slip = nearest(fault.key, (unknown.key,)) is not None
    if unknown.meant == MODE and not is_slip:
        return _fix_mode(subject, fault)
    # A word of another program may come with values of that program: `insecure: true` would become `verify: true`.
    is_opposite = any(word in fold(fault.key) for word in _OPPOSITE)
    if not unknown.is_at_its_level or is_opposite:
        return None
    return rename_key(subject, fault.pointer, unknown.key, is_safe=is_slip)


def fix_of_several(subject: Subject, group: Sequence[Unknown]) -> Fix | None:
    """All of their edits; None where one of them has none."""
    fixes = [fix_of(subject, unknown) for unknown in group]
    made = [fix for fix in fixes if fix is not None]
    if len(made) < len(fixes):
        return None
    edits = tuple(edit for fix in made for edit in fix.edits)
    return Fix(edits=edits, is_safe=all(fix.is_safe for fix in made))


def _mode(subject: Subject, fault: UnknownKey) -> str | None:
    """The mode that the key's value stands for; None where it says nothing that the port does not."""
    value = subject.value(fault.pointer)
    mode = meant_mode(subject, value)
    return None if is_off(value) and mode == fitting_mode(subject) else mode


def _advise_mode(subject: Subject, fault: UnknownKey) -> str:
    mode, fitting = _mode(subject, fault), fitting_mode(subject)
    if mode is None and is_off(subject.value(fault.pointer)):
        port = subject.draft.effective_port
        return f"Delete the line: the port says how the connection is encrypted (port {port}: {fitting})."
    if parent(fault.pointer) == _TLS:
        return f"Write {code(f'mode: {mode or fitting}')} instead of {code(fault.key)}."
    where = "" if parent(fault.pointer) == parent(_TLS) else f", {level_of(parent(_TLS))}"
    return f"Write {code(f'tls: {{mode: {mode or fitting}}}')} instead{where}; without it, maild goes by the port."


def _fix_mode(subject: Subject, fault: UnknownKey) -> Fix | None:
    """`ssl: true` becomes `tls: {mode: implicit}`, and below `tls` the mode itself."""
    mode, here = _mode(subject, fault), parent(fault.pointer)
    if mode is None or here not in {_TLS, parent(_TLS)}:
        return None
    is_below = here == _TLS
    return _rewrite(subject, fault, "mode" if is_below else "tls", mode if is_below else f"{{mode: {mode}}}")


def _rewrite(subject: Subject, fault: UnknownKey, key: str, value: str) -> Fix | None:
    """Another key with another value, which cannot be safe."""
    edits = rename_key(subject, fault.pointer, key, is_safe=False)
    others = unquote_value(subject, fault.pointer, value, is_safe=False)
    return None if edits is None or others is None else Fix(edits=(*edits.edits, *others.edits), is_safe=False)
