"""A server's habit as text: one JSON object, read back with suspicion. Pure."""

import json
from datetime import datetime
from typing import Final

from maild.errors import PermanentError
from maild.probe.downgrade import MOST_KEYS, Habit

MOST_MECHANISMS: Final = 100
MOST_CHARS: Final = 200


class HabitError(PermanentError):
    """The text is no habit that this maild wrote."""


def format_habit(habit: Habit) -> str:
    """As it is kept."""
    return json.dumps(
        {
            "starttls": habit.has_starttls,
            "mechanisms": None if habit.mechanisms is None else [one[:MOST_CHARS] for one in habit.mechanisms],
            "tls": habit.tls_version,
            "keys": list(habit.keys),
            "weaker_since": None if habit.weaker_since is None else habit.weaker_since.isoformat(),
        }
    )


def parse_habit(text: str) -> Habit:
    """What was kept.

    Raises:
        HabitError: it cannot be read.
    """
    try:
        data = json.loads(text)
        starttls, mechanisms, tls, keys = data["starttls"], data["mechanisms"], data["tls"], data["keys"]
        since = data["weaker_since"]
        weaker_since = None if since is None else datetime.fromisoformat(since)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise HabitError(type(error).__name__) from error
    is_fine = (
        (starttls is None or isinstance(starttls, bool))
        and (mechanisms is None or _are_words(mechanisms, MOST_MECHANISMS))
        and isinstance(tls, str)
        and _are_words(keys, MOST_KEYS)
        and (weaker_since is None or weaker_since.tzinfo is not None)
    )
    if not is_fine:
        raise HabitError("wrong types")
    return Habit(
        has_starttls=starttls,
        mechanisms=None if mechanisms is None else tuple(mechanisms),
        tls_version=tls,
        keys=tuple(keys),
        weaker_since=weaker_since,
    )


def _are_words(value: object, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(isinstance(one, str) for one in value)
