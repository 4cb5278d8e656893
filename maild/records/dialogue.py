"""Judging with questions: a judgement that needs DNS says what it wants to know and is handed the answers. Pure.

A `Dialogue` is a generator: it yields questions that may be asked side by side, is sent as many replies in the same
order, and returns what it came to. So it computes and never waits; whoever drives it has the deadlines, and a test
drives it with a map. Silence is an answer of its own and is never taken for "there is none" (RFC 2308 §2).
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is wanted: the records of that type at that name. `server` is one name server's address; "": any."""

    name: str
    rdtype: str
    server: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """There are records.

    Attributes:
        values: in presentation format; of TXT the joined strings, without quotes.
        canonical_name: where aliases (CNAME) lead to, in lower case, without the final dot.
        is_secure: a trusted resolver vouches for the answer (DNSSEC).
    """

    values: tuple[str, ...]
    canonical_name: str = ""
    is_secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """There are none; `is_name_known` tells whether the name exists at all (NODATA) or not (NXDOMAIN)."""

    is_name_known: bool
    canonical_name: str = ""
    is_secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Nobody could tell; `is_bogus`: because signatures do not match, by what the resolver said (RFC 8914). `cause` is
    one word for it where the question has several.
    """

    detail: str
    is_bogus: bool = False
    cause: str = ""


Reply: TypeAlias = Found | Absent | Silent

Dialogue: TypeAlias = Generator[tuple[Question, ...], tuple[Reply, ...], T]


def ask(name: str, rdtype: str, *, server: str = "") -> Dialogue[Reply]:
    """One question."""
    (reply,) = yield (Question(name=name, rdtype=rdtype, server=server),)
    return reply


def drive(dialogue: Dialogue[T], answer: Callable[[Question], Reply]) -> T:
    """What the dialogue comes to when every question is answered at once by that function."""
    try:
        questions = next(dialogue)
        while True:
            questions = dialogue.send(tuple(answer(question) for question in questions))
    except StopIteration as end:
        value: T = end.value
        return value
