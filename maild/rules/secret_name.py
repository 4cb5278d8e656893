"""Which names of keys say that a secret stands behind them, in this program and in others. Pure."""

from functools import lru_cache
from typing import Final

from maild.rules.spelling import distance, fold

_LONGEST: Final = 80
_LETTERS: Final = frozenset("password")
_ENDINGS: Final = ("password", "passwd", "passphrase", "secret", "token", "apikey", "passwort", "kennwort")
_WORDS: Final = frozenset(
    fold(word)
    for word in [
        "pass",
        "pwd",
        "pw",
        "credentials",
        "smtp_pass",
        "mail_pass",
        "email_pass",
        "auth_pass",
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
    return _means_secret(key[-_LONGEST:])


@lru_cache(maxsize=4096)
def _means_secret(key: str) -> bool:
    # The same few keys are asked for in every file.
    word = fold(key)
    # With two mistakes in it, five of the word's seven letters are left: most keys need no closer look.
    is_like = 6 <= len(word) <= 10 and len(_LETTERS.intersection(word)) >= 5
    is_misspelt = is_like and distance(word, "password") <= 2
    return is_misspelt or word in _WORDS or word.endswith(_ENDINGS)
