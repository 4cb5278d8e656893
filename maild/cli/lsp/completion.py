"""What could be typed at a place: the keys of the mapping there, the values of the key, servers of providers. Pure.

Keys that the mapping has already are left out; required ones come first. Nothing is proposed below `password`: what
belongs there is known to the person alone, and an example would look like a password.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from maild.cli.lsp.lexicon import Choice, Lexicon, Schema, choices, is_mapping, written
from maild.cli.lsp.page import described, key_page, provider_page
from maild.cli.lsp.spot import Role, Scene, Spot, scene_at
from maild.config.document import join_pointer
from maild.config.fault import Pointer
from maild.config.folder import FileKind
from maild.diagnostics import Edit, Span
from maild.providers import PROVIDERS, Provider, provider_of
from maild.rules.catalogue import INFOS
from maild.rules.pointing import path_of, pattern_of

_HOST: Final = Pointer("/smtp/host")
_PORT: Final = Pointer("/smtp/port")
_USERNAME: Final = Pointer("/username")
_ACCOUNTS: Final = frozenset({"/default_account", "/routes/*/accounts/*"})
_CODES: Final = frozenset({"/lint/ignore/*", "/lint/paths/*/ignore/*"})
_SEVERITIES: Final = frozenset({"/lint/severity", "/lint/paths/*/severity"})


class Sort(StrEnum):
    """What is proposed; editors show a sign for it."""

    KEY = "key"
    CHOICE = "choice"
    EXAMPLE = "example"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something that could stand there; `edit` puts it there, `detail` is half a line about it."""

    label: str
    sort: Sort
    edit: Edit
    detail: str
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known beside the text: the accounts that there are, and the day."""

    accounts: Sequence[str]
    today: date


def proposals_at(
    lines: tuple[str, ...], place: tuple[int, int], kind: FileKind, around: Surroundings
) -> tuple[Proposal, ...]:
    """What could be typed at a place (line and column), in the order in which it is most likely."""
    scene = scene_at(lines, place)
    if scene is None:
        return ()
    lexicon = Lexicon.of(kind, scene.values)
    schema = lexicon.topic(scene.spot.pointer)
    if schema is None:
        return ()
    if scene.spot.role is Role.KEY and is_mapping(schema):
        return tuple(_keys(scene, lexicon))
    # An entry of a list that is no mapping, though it might have become one.
    found: dict[str, Proposal] = {}
    for proposal in _values(scene, schema, kind, around):
        found.setdefault(proposal.label, proposal)
    return tuple(found.values())


def _keys(scene: Scene, lexicon: Lexicon) -> Iterator[Proposal]:
    spot = scene.spot
    there = {key for key in scene.keys.get(spot.pointer, ()) if key != spot.word}
    for key, schema in lexicon.keys(spot.pointer):
        if key not in there:
            path = path_of(join_pointer(spot.pointer, key))
            # Behind the colon of a section a new line is to follow, no blank.
            colon = ":" if is_mapping(schema) and not spot.is_in_flow else ": "
            ending = "" if spot.has_colon else colon
            yield _proposal(spot, key, Sort.KEY, ending=ending, detail=schema["title"], markdown=key_page(path, schema))
    if pattern_of(spot.pointer) in _SEVERITIES:
        ending = "" if spot.has_colon else ": "
        for code, info in INFOS.items():
            if code not in there and not info.is_fixed:
                yield _proposal(spot, code, Sort.KEY, ending=ending, detail=info.name, markdown=info.summary)


def _values(scene: Scene, schema: Schema, kind: FileKind, around: Surroundings) -> Iterator[Proposal]:
    spot = scene.spot
    if kind is FileKind.ACCOUNT:
        yield from _by_provider(scene, around.today)
    elif pattern_of(spot.pointer) in _ACCOUNTS:
        for name in around.accounts:
            yield _proposal(spot, name, Sort.NAME, detail="an account", markdown="")
    elif pattern_of(spot.pointer) in _CODES:
        for code, info in INFOS.items():
            if not info.is_fixed:
                yield _proposal(spot, code, Sort.NAME, detail=info.name, markdown=info.summary)
    for choice in choices(schema):
        if not isinstance(choice.value, list | dict) and _is_worth_it(choice, spot.pointer):
            sort = Sort.EXAMPLE if choice.is_example else Sort.CHOICE
            text = described(choice) if choice.description else ""
            yield _proposal(spot, written(choice.value), sort, detail=choice.title, markdown=text)


def _is_worth_it(choice: Choice, pointer: Pointer) -> bool:
    """Whether it could be meant as it is: `billing@example.com` never is."""
    is_about_secret = pointer.startswith("/password/")
    return not choice.is_example or not (is_about_secret or "example" in written(choice.value) or pointer == _USERNAME)


def _by_provider(scene: Scene, today: date) -> Iterator[Proposal]:
    spot = scene.spot
    if spot.pointer == _HOST:
        for provider in PROVIDERS:
            page = provider_page(provider, today=today)
            for host in _hosts(provider):
                yield _proposal(spot, host, Sort.NAME, detail=provider.title, markdown=page)
        return
    named = provider_of(scene.values.get(_HOST, ""))
    if named is None:
        return
    if spot.pointer == _PORT:
        for known in named.ports:
            detail = f"{named.title}: {known.mode}"
            yield _proposal(spot, str(known.port), Sort.CHOICE, detail=detail, markdown="")
    elif spot.pointer == _USERNAME and named.fixed_username is not None:
        yield _proposal(spot, named.fixed_username, Sort.CHOICE, detail=f"{named.title}, for everybody", markdown="")


def _hosts(provider: Provider) -> Iterator[str]:
    for host in provider.hosts:
        yield from (host.replace("*", region) for region in provider.regions) if "*" in host else (host,)


def _proposal(  # noqa: PLR0913 -- the parts of one proposal
    spot: Spot, label: str, sort: Sort, *, detail: str, markdown: str, ending: str = ""
) -> Proposal:
    blank = " " if spot.needs_blank else ""
    span = Span(line=spot.line, column=spot.start, end_line=spot.line, end_column=spot.end)
    return Proposal(
        label=label,
        sort=sort,
        edit=Edit(span=span, text=f"{blank}{label}{ending}"),
        detail=detail,
        markdown=markdown,
    )
