"""Queue ids: a time and random bits in 26 characters (the ULID form). Pure.

Time first, so that names and keys sort by age; 80 random bits, so that an id is never reused (Postfix warns that its
short ones are, and that `postsuper` may then hit another message) and never guessed. Crockford's base 32 has no I, L,
O and U, so an id survives being read out on the telephone.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from maild.spool.queue import QueueId

RANDOM_BYTES: Final = 10
"""How many random bytes an id takes."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_SHIFTS: Final = tuple(range(120, -1, -10))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def make_queue_id(now: datetime, random: bytes) -> QueueId:
    """The id of a message that arrives now.

    Args:
        now: the present; its milliseconds since 1970 take 48 bits, enough until the year 10889.
        random: `RANDOM_BYTES` random bytes.
    """
    milliseconds = (now - _EPOCH) // _MILLISECOND
    number = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(random[:RANDOM_BYTES], "big")
    return QueueId("".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS]))
