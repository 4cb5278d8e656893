"""In which order the accounts of a route are tried for one message, where they have shares of the mail. Pure.

By weighted rendezvous hashing: each account draws a number from the message's id and its own name, and the order is
that of the numbers. So a message has the same order at every attempt and after every restart, without anything being
remembered; over many messages each account comes first as often as its weight says; and an account that is added or
gone moves only the messages that it gets or had.
"""

from hashlib import sha256
from math import log
from typing import Final

from maild.config.route import Route

_SCALE: Final = 2**64


def ordered_accounts(route: Route, message_id: str) -> tuple[str, ...]:
    """The accounts of a route, the one to try first in front.

    Without weights that is the order of preference. An account of weight 0 comes after all that have one, so that it
    only gets what nobody else can take.

    Args:
        route: the route.
        message_id: what tells the message from all others and never changes, such as its id in the queue.
    """
    if not route.weights:
        return route.accounts
    drawn = sorted(
        (name for name in dict.fromkeys(route.accounts) if route.weight_of(name) > 0),
        key=lambda name: _lot(message_id, name, route.weight_of(name)),
    )
    return (*drawn, *(name for name in dict.fromkeys(route.accounts) if route.weight_of(name) == 0))


def _lot(message_id: str, account: str, weight: int) -> float:
    """Exponentially distributed with the weight as its rate; the smallest of several is an account's as often as its
    share of the weights.
    """
    digest = sha256(f"{message_id}\0{account}".encode()).digest()
    # Strictly between 0 and 1: the logarithm of 0 is none.
    uniform = (int.from_bytes(digest[:8]) + 0.5) / _SCALE
    return -log(uniform) / weight
