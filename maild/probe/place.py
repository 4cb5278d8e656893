"""Where in an account's file the values stand that a check blames. Pure."""

from collections.abc import Sequence

from maild.config.fault import Pointer
from maild.config.load import LoadedAccount
from maild.diagnostics import Location


def place_of(account: LoadedAccount, pointers: Sequence[Pointer]) -> Location:
    """Where these values stand: the first that the file has, else where the first one would stand."""
    if account.document is None or not pointers:
        return Location(file=account.file)
    written = (pointer for pointer in pointers if pointer in account.document.marks)
    pointer = next(written, pointers[0])
    return Location(file=account.file, span=account.document.key_span(pointer), pointer=pointer)
