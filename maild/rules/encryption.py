"""What somebody meant who wrote a truth value, or another program's word, for the mode of encryption. Pure.

`ssl: true`, `tls: SSL/TLS`, `secure: false`, `starttls: yes`: encryption of whichever kind the port has, or none of its
own. maild takes the mode from the port, so hardly ever must one be written.
"""

from typing import Final

from maild.config.host import is_loopback
from maild.config.model import TlsMode
from maild.rules.ports import fitting_mode
from maild.rules.spelling import fold
from maild.rules.subject import Subject
from maild.rules.vocabulary import VALUE_SYNONYMS

MODE: Final = "/smtp/tls/mode"
_PORTS: Final = {465: TlsMode.IMPLICIT, 587: TlsMode.STARTTLS}


def meant_mode(subject: Subject, value: object) -> str | None:
    """The mode that a value names in its way; None where it names none that maild knows.

    No encryption is only believed of this machine's own server. Elsewhere the mode of the port is meant: programs that
    say `secure: false` begin with STARTTLS all the same.
    """
    match value:
        case bool():
            word = str(value)
        case int() if value in _PORTS:
            return _PORTS[value]
        case str():
            word = value
        case [str() | bool() as alone]:
            word = str(alone)
        case {**members} if len(members) == 1 and next(iter(members.values())) is not False:
            word = str(next(iter(members)))
        case _:
            return None
    meant = fold(word) if fold(word) in set(TlsMode) else VALUE_SYNONYMS[MODE].get(fold(word))
    if meant == TlsMode.NONE:
        return TlsMode.NONE if is_loopback(subject.draft.host or "") else fitting_mode(subject)
    # "ssl" and "tls" mean encryption of whichever kind the port has.
    return fitting_mode(subject) if meant == TlsMode.IMPLICIT and fold(word) != meant else meant


def is_off(value: object) -> bool:
    """Whether the value says that nothing is to be encrypted."""
    words = VALUE_SYNONYMS[MODE]
    return value is False or (isinstance(value, str) and words.get(fold(value), fold(value)) == TlsMode.NONE)
