"""The accounts that the routes of maild.yaml name, each with its place. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from maild.config.fault import Pointer
from maild.rules.subject import Subject

_ROUTES = Pointer("/routes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An account in a route; `name` as written, `pointer` its place, `route` the number of the route."""

    route: int
    name: str
    pointer: Pointer


def ways(subject: Subject) -> Iterator[Way]:
    """Each of them, in the order of the file, whether it stands alone or with a weight."""
    routes = subject.value(_ROUTES)
    for route in range(len(routes) if isinstance(routes, list) else 0):
        accounts = Pointer(f"{_ROUTES}/{route}/accounts")
        entries = subject.value(accounts)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            match entry:
                case str():
                    yield Way(route=route, name=entry, pointer=Pointer(f"{accounts}/{index}"))
                case {"account": str(name)}:
                    yield Way(route=route, name=name, pointer=Pointer(f"{accounts}/{index}/account"))
                case _:
                    pass
