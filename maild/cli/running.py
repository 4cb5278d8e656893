"""What is in force beside what is on the disk, as two sides of a comparison. Shell code: it reads files.

What is in force is read from the versions that the daemon keeps to fall back on, so nothing secret crosses its port. A
file of which no version is kept, since something in it looks like a secret, is on neither side and named. What can go
wrong: the kept versions are not there (`UsageError`), may not be read (`PermanentError`) or cannot (`LastGoodError`).
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Final

from maild.cli.batches import load_source, read_batches
from maild.cli.presence import has_daemon
from maild.cli.side import Loaded, Side, SideFiles, make_side
from maild.cli.site import Place
from maild.cli.unapplied import Unapplied
from maild.config.folder import SITE_NAMES, FileKind, SourceError, SourceFile, find_files, read_source
from maild.config.load import LoadedAccount, LoadedSite, load_site
from maild.config.place import spool_root
from maild.config.sight import real_path
from maild.daemon.earlier import Kept, is_public
from maild.daemon.lastgood import LastGoodError, LastGoodStore, last_good_file
from maild.daemon.signpost import Signpost
from maild.daemon.whereabouts import likely_spools
from maild.diagnostics import Diagnostic
from maild.errors import PermanentError, UsageError
from maild.rules.mask import mask_text
from maild.spool.layout import Layout

IN_FORCE: Final = "what is in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Both sides.

    Attributes:
        unknown: the files that are on neither, because no version of them is kept.
        unapplied: those that have errors on the disk, and how they differ from what is in force instead.
    """

    before: Side
    after: Side
    unknown: tuple[str, ...]
    unapplied: tuple[Unapplied, ...] = ()


def running_sides(place: Place, in_force: Collection[str], *, now: datetime) -> Running:
    """What is in force and what is on the disk.

    Args:
        place: the folder of the configuration, and the spool in whose state the versions are kept.
        in_force: the files of which the daemon says that a version is in force, by their names below the folder.
        now: what rules with a date go by.

    Raises:
        UsageError: nothing is kept, or there is no configuration in the folder.
        PermanentError: what is kept may not be read.
        LastGoodError: it cannot be read.
    """
    kept = _kept(place)
    batch = next(iter(read_batches([place.folder])))
    unknown = {file.file for file in batch.loaded if _is_unknown(_name(file.file, place.folder), file, kept, in_force)}
    others = tuple(file.name for file in batch.loaded if isinstance(file, LoadedAccount) and file.file in unknown)
    before = SideFiles(
        name=IN_FORCE,
        folder=place.folder,
        loaded=tuple(load_source(_source(place.folder, name), one.data) for name, one in sorted(kept.items())),
        strays=(),
        is_file=False,
        others=others,
    )
    after = SideFiles(
        name=str(place.folder),
        folder=place.folder,
        loaded=tuple(file for file in batch.loaded if file.file not in unknown),
        strays=(*batch.unreadable, *batch.duplicates),
        is_file=False,
        others=others,
    )
    sides = make_side(before, now), make_side(after, now)
    return Running(
        before=sides[0],
        after=sides[1],
        unknown=tuple(sorted(unknown)),
        unapplied=tuple(_unapplied(before, after, {file for error in sides[1].errors if (file := _file_of(error))})),
    )


def place_in_use(folder: Path, environ: Mapping[str, str], home: Path, *, is_running: bool = False) -> Place | None:
    """The place where a daemon keeps versions of this folder's files, though maild.yaml does not tell any more.

    With `is_running` only one where a daemon runs now: maild.yaml may tell already where the next one will be.
    """
    last = Signpost(spool_root(None, folder, environ, home), folder).read()
    for spool in likely_spools(_sites(folder), folder, environ, home, last=last):
        if is_running and not has_daemon(Layout(spool)):
            continue
        with suppress(LastGoodError, OSError):
            if LastGoodStore(last_good_file(spool), folder).read():
                return Place(folder=folder, spool=real_path(spool), is_bare=True)
    return None


def _sites(folder: Path) -> list[LoadedSite]:
    """What there is of maild.yaml; nothing where it may not be read."""
    try:
        files = [source for source in find_files(folder) if source.kind is FileKind.SITE]
        return [load_site(source.file, read_source(source.path)) for source in files]
    except (OSError, SourceError):
        return []


def _kept(place: Place) -> Mapping[str, Kept]:
    store = LastGoodStore(last_good_file(place.spool), place.folder)
    try:
        if not store.path.exists():
            raise UsageError(f"No daemon that uses the spool {place.spool} has accepted any file yet.")
        kept = store.read()
    except PermissionError:
        raise PermanentError(f"{store.path} may not be read: ask as the user whom the daemon runs as.") from None
    if not kept:
        raise UsageError(f"No daemon that uses the spool {place.spool} has accepted a file of {place.folder} yet.")
    return kept


def _is_unknown(name: str, file: Loaded, kept: Mapping[str, Kept], in_force: Collection[str]) -> bool:
    return name not in kept and (name in in_force or not is_public(file))


def _unapplied(before: SideFiles, after: SideFiles, wrong: Collection[str]) -> Iterator[Unapplied]:
    known = {file.file: file for file in before.loaded}
    for file in after.loaded:
        kept = known.get(file.file)
        if file.file in wrong and kept is not None and kept.text != file.text:
            yield Unapplied.of(file.file, *(mask_text(one.text, one.document, one.faults) for one in (kept, file)))


def _file_of(error: Diagnostic) -> str:
    return "" if error.location is None else error.location.file


def _name(file: str, folder: Path) -> str:
    return PurePath(file).relative_to(folder).as_posix()


def _source(folder: Path, name: str) -> SourceFile:
    kind = FileKind.SITE if name in SITE_NAMES else FileKind.ACCOUNT
    return SourceFile(path=folder / name, file=str(folder / name), kind=kind)
