"""The faults for addresses and server names that are none, with what was probably meant. Pure."""

from typing import Final

from maild.config.fault import InvalidEmail, InvalidHostname, Pointer
from maild.config.schema.kind import shown
from maild.mail.address import AddressError
from maild.mail.address_list import parse_address_list

MAX_LIST_CHARS: Final = 4000
"""What is longer is not looked at for several addresses, which nobody wants to be told of a mebibyte."""

_USERNAME: Final = Pointer("/username")
_HOST: Final = Pointer("/smtp/host")


def bad_address(pointer: Pointer, text: str, error: AddressError) -> InvalidEmail:
    """The fault for text that is no single address."""
    from maild.config.pasted import meant_address  # noqa: PLC0415 -- few files have such a text

    meant = meant_address(text)
    problem = meant.why if meant is not None else _address_problem(text, error)
    suggestion = "" if meant is None else meant.text
    return InvalidEmail(pointer=pointer, found=shown(text), problem=problem, suggestion=suggestion)


def bad_login(username: str) -> InvalidEmail | None:
    """The fault for a user name that is to be the sender's address, too; None where it only looks a little like one."""
    from maild.config.pasted import has_other_at, meant_address, several_addresses  # noqa: PLC0415 -- likewise

    if "@" not in username and not has_other_at(username):
        return None
    meant = meant_address(username)
    problem, suggestion = ("", "") if meant is None else (meant.why, meant.text)
    if several_addresses(username):
        problem = "these are several addresses"
    return InvalidEmail(pointer=_USERNAME, found=shown(username), problem=problem, suggestion=suggestion)


def bad_host(text: str, problem: str) -> InvalidHostname:
    """The fault for text that is no name of a server."""
    from maild.config.pasted import meant_host  # noqa: PLC0415 -- likewise

    meant = meant_host(text)
    suggestion = "" if meant is None else meant.text
    return InvalidHostname(
        pointer=_HOST, found=shown(text), problem=problem if meant is None else meant.why, suggestion=suggestion
    )


def _address_problem(text: str, error: AddressError) -> str:
    try:
        addresses = parse_address_list(text) if len(text) <= MAX_LIST_CHARS else ()
    except AddressError:
        addresses = ()
    match addresses:
        case ():
            return str(error)
        case (alone,):
            return f"only the address stands here, without a name or brackets: {alone.mailbox}"
        case _:
            return "these are several addresses, and a single one stands here"
