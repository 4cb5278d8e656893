"""One of the two sides of `maild diff`: the configuration on the disk, or as it was at a git revision. Shell code.

A name that is there on the disk is a path; what is not is `REVISION:PATH` with the path counted from the top of the
work tree, or a revision alone, of which the folder is meant that the other side names. What can go wrong is a
`UsageError`: it is neither, or holds no configuration.
"""

import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from maild.cli.batches import duplicates_among, lint_among, load_source, read_batches
from maild.cli.revision import blobs_at, top_of
from maild.config.compare import Configuration
from maild.config.folder import find_files
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.model import Account, Site
from maild.config.place import LOCAL_FOLDER, config_folder
from maild.diagnostics import Diagnostic, Report, Severity
from maild.errors import UsageError
from maild.rules.engine import check_files, unreadable_file
from maild.rules.mask import mask_text
from maild.rules.masked import Masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side.

    Attributes:
        name: as it was asked for.
        folder: where it is on the disk; None for a revision.
        configuration: as far as it has no errors.
        report: what `maild check` says of its files, without looking for passwords.
        masks: what must not be shown of each file.
        is_file: whether one file is meant.
    """

    name: str
    folder: Path | None
    configuration: Configuration
    report: Report
    masks: tuple[Masked, ...] = field(repr=False)
    is_file: bool = False

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors in its files."""
        return tuple(found for found in self.report.diagnostics if found.severity is Severity.ERROR)


Loaded: TypeAlias = LoadedAccount | LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFiles:
    """What a side is made of. `others` are accounts that there are besides, which are not compared."""

    name: str
    folder: Path | None
    loaded: tuple[Loaded, ...]
    strays: tuple[Diagnostic, ...]
    is_file: bool
    others: tuple[str, ...] = ()


def read_sides(old: str, new: str, *, now: datetime) -> tuple[Side, Side]:
    """Both sides.

    Raises:
        UsageError: one of them is not there, or holds no configuration.
    """
    folders = [Path(name) for name in (old, new) if os.path.lexists(name)]
    beside = folders[-1] if folders else _usual_folder()
    first, second = (_side(name, beside, now) for name in (old, new))
    if first.is_file and second.is_file:
        first = _renamed(first, second)
    return first, second


def _usual_folder() -> Path:
    given = os.environ.get("MAILD_CONFIG")
    usual = config_folder(Path(given) if given else None, Path())
    # What there was at a revision need not be here any more; what is outside of the work tree is in none.
    return usual if given else Path(LOCAL_FOLDER)


def _side(name: str, beside: Path, now: datetime) -> Side:
    if os.path.lexists(name):
        return _of_disk(name, now)
    revision, colon, place = name.partition(":")
    start = _nearest_folder(Path() if colon else beside)
    top = top_of(start)
    path = _below(top, Path(place)) if place.startswith("./") else PurePosixPath(place or ".")
    if not colon:
        path = _below(top, _config_in(beside))
    blobs = blobs_at(top, revision, path)
    if not blobs:
        raise UsageError(f"There are no configuration files in {name}: no maild.yaml and no accounts/*.yaml.")
    strays = [unreadable_file(blob.source.file, "it is no regular file") for blob in blobs if blob.data is None]
    files = SideFiles(
        name=name,
        folder=None,
        loaded=tuple(load_source(blob.source, blob.data) for blob in blobs if blob.data is not None),
        strays=(*strays, *duplicates_among([blob.source for blob in blobs])),
        is_file=len(blobs) == 1 and PurePosixPath(blobs[0].source.file.partition(":")[2]) == path,
    )
    return make_side(files, now)


def _of_disk(name: str, now: datetime) -> Side:
    path = _config_in(Path(name))
    batch = next(iter(read_batches([path])))
    files = SideFiles(
        name=name,
        folder=path if path.is_dir() else path.parent,
        loaded=batch.loaded,
        strays=(*batch.unreadable, *batch.duplicates),
        is_file=not path.is_dir(),
    )
    return make_side(files, now)


def _config_in(path: Path) -> Path:
    """The folder itself, or the `configs` in it where it is a whole project."""
    inner = path / LOCAL_FOLDER
    return inner if path.is_dir() and inner.is_dir() and not find_files(path) else path


def _nearest_folder(path: Path) -> Path:
    here = path.absolute()
    return next(folder for folder in (here, *here.parents) if folder.is_dir())


def _below(top: Path, path: Path) -> PurePosixPath:
    # A name in it need not exist; the top that git tells has no links in it.
    whole = Path(os.path.normpath(path.parent.resolve() / path.name))
    try:
        return PurePosixPath(whole.relative_to(top.resolve()))
    except ValueError:
        raise UsageError(f"{path} is not in the work tree {top}, so no revision holds it.") from None


def make_side(files: SideFiles, now: datetime) -> Side:
    """The side that these files make, with the findings in them as of `now`."""
    loaded = files.loaded
    # Of one file alone nobody knows what else there is.
    own = tuple(file.name for file in loaded if isinstance(file, LoadedAccount))
    names = None if files.is_file else (*own, *files.others)
    checked = check_files(loaded, now=now, lint=lint_among(loaded), secrets=None, accounts=names)
    report = Report.of(
        [*checked.diagnostics, *files.strays], sources=checked.sources, files_checked=checked.files_checked
    )
    errors = (found for found in report.diagnostics if found.severity is Severity.ERROR)
    wrong = {found.location.file for found in errors if found.location is not None}
    return Side(
        name=files.name,
        folder=files.folder,
        configuration=_configuration(loaded, wrong),
        report=report,
        masks=tuple(mask_text(file.text, file.document, file.faults) for file in loaded),
        is_file=files.is_file,
    )


def _configuration(files: tuple[Loaded, ...], wrong: set[str]) -> Configuration:
    accounts: dict[str, Account] = {}
    broken: set[str] = set()
    site: Site | None = Site()
    for file in files:
        if isinstance(file, LoadedSite):
            site = None if file.file in wrong else file.site
        elif file.account is None or file.file in wrong:
            broken.add(file.name)
        else:
            accounts.setdefault(file.name, file.account)
    return Configuration(site=site, accounts=accounts, broken=frozenset(broken - accounts.keys()))


def _renamed(side: Side, other: Side) -> Side:
    """Two account files that are named one by one are two versions of one account."""
    names = [[*one.configuration.accounts, *one.configuration.broken] for one in (side, other)]
    if [len(one) for one in names] != [1, 1]:
        return side
    (new,) = names[1]
    renamed = [replace(one, name=new) for one in side.configuration.accounts.values()]
    known = {one.name: one for one in renamed}
    broken = frozenset({new}) if side.configuration.broken else frozenset[str]()
    return replace(side, configuration=replace(side.configuration, accounts=known, broken=broken))


def new_errors(old: Side, new: Side) -> tuple[Diagnostic, ...]:
    """The errors of the new side that the old one has not, wherever in the file they stand."""
    known = {_identity(found) for found in old.errors}
    return tuple(found for found in new.errors if _identity(found) not in known)


def _identity(found: Diagnostic) -> tuple[str, str, str]:
    file = "" if found.location is None else found.location.file.replace("\\", "/").rpartition("/")[2]
    return file, found.code, found.message
