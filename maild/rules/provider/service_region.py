"""The region of an account at a mail company's HTTP interface, where the company has none of that name. Pure.

By the facts of providers alone. The name itself is not repeated: what stands there may be anything, a key too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from maild.config.fault import Pointer
from maild.providers import Provider, provider_by_id
from maild.providers.http_services import HTTP_SERVICES
from maild.rules.spelling import fold, nearest
from maild.rules.subject import Subject
from maild.rules.words import code, listed

REGION: Final = Pointer("/http/region")
_SHORTEST: Final = 3
"""Of two letters nearly every word is a slip of nearly every other: `uk` is not `us`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangeRegion:
    """A region that the company does not have.

    Attributes:
        message: that it has none by this name, and which ones, where these are few.
        help: what to write.
        meant: the one that was probably meant, None where nobody can tell.
        is_certain: whether all regions are known, so that it cannot be a new one.
    """

    message: str
    help: str
    meant: str | None
    is_certain: bool


def strange_region(subject: Subject) -> StrangeRegion | None:
    """What is wrong with the region; None for a right one, and at services that have none."""
    facts = HTTP_SERVICES.get(subject.draft.kind or "")
    written = subject.value(REGION)
    if facts is None or facts.provider is None or not isinstance(written, str) or not written.strip():
        return None
    has_regions = bool(facts.regions) or "{region}" in facts.url
    if not has_regions or written in facts.regions:
        return None
    provider = provider_by_id(facts.provider)
    if not facts.regions and provider.may_have_region(written):
        return None
    meant = meant_region(provider, written, facts.regions or provider.regions)
    few = f"; it has {listed(map(code, facts.regions), 'and')}" if facts.regions else ""
    return StrangeRegion(
        message=f"{provider.title} has no region by this name{few}.",
        help="Write the region in which your account or domain was made."
        if meant is None
        else f"Write {code(f'region: {meant}')}, if your account or domain was made there.",
        meant=meant,
        is_certain=bool(facts.regions),
    )


def meant_region(provider: Provider, written: str, known: Iterable[str]) -> str | None:
    """The region that was probably meant: what people call it, or one that is spelt nearly so."""
    word, regions = fold(written), tuple(known)
    called = provider.region_names.get(word)
    same = next((region for region in regions if fold(region) == word), None)
    near = nearest(written, regions) if len(word) >= _SHORTEST else None
    return called or same or near
