"""Which names of keys say that a secret stands behind them, in this program and in others. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from maild.rules.spelling import distance, fold

_LONGEST: Final = 80
_MANY: Final = 1_000
"""So many keys that are like a word nobody has, and to compare all of a hostile file's takes seconds."""
_LETTERS: Final = frozenset("password")
_ENDINGS: Final = (
    "pwd",
    *("secret", "token", "apikey", "accesskey", "privatekey", "secretkey", "authorization", "bearer"),
)
_NAMED: Final = re.compile("password|passwd|passphrase|passwort|kennwort|motdepasse|contrasena|wachtwoord")
"""Whatever else stands around them: `passwort_neu`, `passwordeval`."""
_WHERE: Final = ("file", "path", "command", "cmd", "env", "variable")
"""What a name ends with whose value says where the secret is."""
_DIGITS: Final = "0123456789"
_PASS: Final = re.compile(r"(?:^|[_.-])(?i:pass)$|[a-z]Pass$")
"""`db_pass` and `dbPass`, but not `compass`."""
_WORDS: Final = frozenset(
    fold(word)
    for word in [
        "pw",
        "key",
        "credentials",
        "passeval",
        "mot_de_passe",
        "passe",
        "contraseña",
        "clave",
        "wachtwoord",
        "senha",
        "palavra_passe",
        "hasło",
        "haslo",
        "lösenord",
        "parola",
        "adgangskode",
        "密码",
        "授权码",
        "パスワード",
        "пароль",
    ]
)


def means_secret(key: str) -> bool:
    """Whether a key's name says that its value is a secret, be it misspelt."""
    return _means_secret(_without_number(key[-_LONGEST:]))


def secret_names(keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys that say so; of thousands like the word `password`, all without a closer look."""
    names = frozenset(keys)
    if len(names) > _MANY:
        like = frozenset(name for name in names if _is_like(fold(_without_number(name[-_LONGEST:]))))
        if len(like) > _MANY:
            return like | secret_names(names - like)
    return frozenset(filter(means_secret, names))


def _without_number(key: str) -> str:
    """`password2` and `password_2` are passwords as well."""
    word = key.rstrip(_DIGITS)
    return key if len(word) == len(key) else word.rstrip(" \t_.-")


@lru_cache(maxsize=4096)
def _means_secret(key: str) -> bool:
    # The same few keys are asked for in every file.
    word = fold(key)
    is_misspelt = _is_like(word) and distance(word, "password") <= 2
    is_named = _NAMED.search(word) is not None and not word.endswith(_WHERE)
    return is_misspelt or is_named or word in _WORDS or word.endswith(_ENDINGS) or _PASS.search(key) is not None


def _is_like(word: str) -> bool:
    # With two mistakes in it, five of the word's seven letters are left: most keys need no closer look.
    return 6 <= len(word) <= 10 and len(_LETTERS.intersection(word)) >= 5
