"""Which words of a sentence about a password may be the password: of most sentences none is. Pure.

the password is rotated monthly by Ann      no word
the password is Hunter2 since last week     the second one
password correct horse battery staple       all: no sentence is without its small words

What looks like nothing that anybody says is taken for a password, and so is an unknown word right behind "is".
"""

import re
from typing import Final

_IS: Final = re.compile(r"(?:is|ist|lautet|est|es)\b[ \t]*")
_WORD: Final = re.compile(r"\S+")
_EDGES: Final = "\"'`*()[]{}.,;:!?\u2026\u201c\u201d\u201e\u2018\u2019"
_SMALL_WORDS: Final = """
    a an and are as at be been before by can did do does each every for from had has have if in into is it its may
    must need needs no not of off on or out per should since so than that the their then there they this to under
    until via was we were when where which who will with without you your der die das den dem des ein eine einer und
    oder ist sind war wird werden wurde nicht mit von vom zu zum zur im am auf aus bei für durch nach über unter
    muss kann soll hat seit beim wie le la les un une du de et est sont pas par pour dans avec sur sous depuis que
    qui el los las una y es por para con en sin desde het een op van voor niet door
"""
_SMALL: Final = frozenset(_SMALL_WORDS.split())
"""Words that make a sentence of others; passphrases have none."""
_SAID_WORDS: Final = """
    also always available back below above changed correct created deleted different expired fetched gone generated
    given here invalid issued kept known left long made managed missing necessary needed never new now old only
    optional read ready required reset revoked right rotated safe saved secret set shared shown sent still stored
    taken there too unknown unchanged used valid wanted weak written wrong abgelaufen alt aufbewahrt falsch gemerkt
    gespeichert geändert hier hinterlegt immer neu nie nötig nur richtig anders changé enregistré ici stocké valable
"""
_SAID_OF_ONE: Final = frozenset(_SAID_WORDS.split())
"""What is said of a password behind "is"."""
_PLAIN: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_INNER_CAPITAL: Final = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]")
_KNOWN: Final = re.compile(
    r"[0-9]{1,4}|[0-9]{1,2}-[A-Za-z]+|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|https?://[^\s@]+|~?/[\w./-]+"
    r"|[\w.+-]+@[\w-]+(?:\.[a-z-]+)+|ML[0-9]{3}|[-\u2013\u2014&/|#+>=]*"
)
"""Days, small numbers, addresses, paths and codes."""
_LONGEST: Final = 400
"""Nobody says as much of a password on one line; a hostile file has a line of a million characters."""


def words_like_secrets(text: str, *, is_told: bool) -> tuple[tuple[int, int], ...] | None:
    """Where the words begin and end that may be a password; None where the text is no sentence: all of it may be.

    Args:
        text: what stands behind the word "password" on its line.
        is_told: whether "is" stands between the two, so that the first word says which one it is, or how.
    """
    words = list(_WORD.finditer(text)) if len(text) <= _LONGEST else []
    if _SMALL.isdisjoint(_bare(word[0]).lower() for word in words):
        return None
    found = [word.span() for word in words if not _is_said(_bare(word[0]))]
    first = words[0]
    if is_told and first.span() not in found and _bare(first[0]).lower() not in _SAID_OF_ONE | _SMALL:
        found.insert(0, first.span())
    return tuple(found)


def secrets_behind(text: str) -> tuple[tuple[int, int], ...] | None:
    """The same where "is" may stand before it."""
    copula = _IS.match(text)
    start = 0 if copula is None else copula.end()
    found = words_like_secrets(text[start:], is_told=bool(start))
    return None if found is None else tuple((start + first, start + last) for first, last in found)


def _bare(word: str) -> str:
    return word.strip(_EDGES)


def _is_said(word: str) -> bool:
    if _KNOWN.fullmatch(word) is not None:
        return True
    return _PLAIN.fullmatch(word) is not None and _INNER_CAPITAL.search(word) is None
