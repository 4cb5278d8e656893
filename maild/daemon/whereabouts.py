"""Where the spool of a site probably is, by a maild.yaml that may be broken. Pure.

What an earlier run left lies in the spool, and where that is follows from maild.yaml, which may be the very file that
is broken; so what it still says is read by eye, and else the usual place is meant. A wrong guess does no harm: what was
kept is told apart by the configuration folder that it came from.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from maild.config.load import LoadedSite
from maild.config.place import spool_root

_SPOOL: Final = re.compile(r"""^spool:(?:[ \t]*\{[^}\n]*?|[ \t]*\n[ \t]+)path:[ \t]*["']?([^"'\s,}#]+)""", re.MULTILINE)
"""The spool folder in a maild.yaml that is no YAML any more."""


def likely_spools(
    sites: Iterable[LoadedSite], folder: Path, environ: Mapping[str, str], home: Path, *, last: Path | None = None
) -> Iterator[Path]:
    """The spool folders that these files may mean, the likeliest first.

    Args:
        sites: what there is of maild.yaml; one file, or two where one is too many.
        folder: the configuration folder.
        environ: see `spool_root`.
        home: the user's home folder.
        last: where it was in an earlier run, if that is known and not the usual place.
    """
    for loaded in sites:
        if loaded.site is not None:
            yield spool_root(loaded.site, folder, environ, home)
        elif (found := _SPOOL.search(loaded.text)) is not None:
            yield folder / found[1]
    if last is not None:
        yield last
    yield spool_root(None, folder, environ, home)
