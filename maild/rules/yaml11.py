"""Values that YAML 1.1 reads otherwise than YAML 1.2, which maild reads; many other programs read 1.1. Pure."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from maild.rules.scalars import Scalar, scalars
from maild.rules.subject import Subject


class Reading(StrEnum):
    """What a YAML 1.1 program takes the value for."""

    BOOLEAN = "true or false"
    OCTAL = "an octal number"
    SEXAGESIMAL = "a number to the base of 60"
    UNDERSCORE = "a number"
    DATE = "a date"


# The grammars of the types in https://yaml.org/type/, without the one-letter booleans that hardly any program takes.
_GRAMMARS: Final = (
    (Reading.BOOLEAN, re.compile(r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF")),
    (Reading.OCTAL, re.compile(r"[-+]?0[0-9]+")),
    (Reading.SEXAGESIMAL, re.compile(r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")),
    (Reading.UNDERSCORE, re.compile(r"[-+]?[0-9]+(?:_[0-9]+)+")),
    (Reading.DATE, re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")),
)


def read_otherwise(subject: Subject, reading: Reading) -> Iterator[Scalar]:
    """The unquoted values that a YAML 1.1 program reads in this way and maild does not."""
    grammar = dict(_GRAMMARS)[reading]
    for scalar in scalars(subject):
        if scalar.is_plain and grammar.fullmatch(scalar.raw) is not None:
            yield scalar
