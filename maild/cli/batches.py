"""Which files `maild check` looks at, and what each is judged by. Shell code: it lists folders and reads files.

A file named alone is judged as it would be with its folder: by the lint settings of the maild.yaml it belongs to, and
by what the accounts beside it say. So an editor that checks one file and a hook that checks all come to the same. Of
the accounts beside it only those are read as YAML that can matter: that have the same reference to a password in them,
or a name that occurs in maild.yaml.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, assert_never

from maild.config.folder import (
    ACCOUNTS_FOLDER,
    SITE_NAMES,
    FileKind,
    SourceError,
    SourceFile,
    find_files,
    is_file_name,
    read_source,
)
from maild.config.lint import LintSettings
from maild.config.load import LoadedAccount, LoadedSite, account_name, load_account, load_site
from maild.diagnostics import Diagnostic
from maild.errors import UsageError
from maild.rules.census import Census
from maild.rules.engine import duplicate_file, unreadable_file
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference

STDIN: Final = Path("-")
BYTE_ORDER_MARK: Final = "\ufeff".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Files that are judged by the same settings.

    Attributes:
        loaded: those that could be read.
        unreadable: a diagnostic for each that could not.
        duplicates: a diagnostic for each that means the same as another one.
        lint: the settings of the maild.yaml that they belong to.
        accounts: the names of the accounts that there are.
        around: accounts of which nothing is said, but which decide what is said of the others.
        mark: what stood before the text of standard input: a byte order mark, or nothing.
    """

    loaded: tuple[LoadedAccount | LoadedSite, ...]
    unreadable: tuple[Diagnostic, ...] = ()
    duplicates: tuple[Diagnostic, ...] = ()
    lint: LintSettings = field(default_factory=LintSettings)
    accounts: tuple[str, ...] | None = None
    around: tuple[LoadedAccount | LoadedSite, ...] = ()
    mark: bytes = b""

    @property
    def census(self) -> Census:
        """What is known of all accounts together."""
        return Census.of([*self.around, *self.loaded], self.accounts)


def read_batches(paths: Sequence[Path]) -> Iterator[Batch]:
    """The files of these paths, each file once.

    Raises:
        UsageError: a path does not exist, or there is no configuration in it.
    """
    seen: set[Path] = set()
    lints: dict[Path, LintSettings] = {}
    for path in paths:
        sources = tuple(source for source in _sources(path) if source.path.absolute() not in seen)
        seen.update(source.path.absolute() for source in sources)
        yield _folder_batch(sources) if path.is_dir() else _file_batch(sources, lints)


def stdin_batch(data: bytes, name: Path) -> Batch:
    """Text from standard input, judged as if it stood in the file of this name."""
    kind = FileKind.SITE if name.name in SITE_NAMES else FileKind.ACCOUNT
    source = SourceFile(path=name, file=str(name), kind=kind)
    loaded = load_source(source, data)
    return Batch(
        loaded=(loaded,),
        duplicates=tuple(_double_of(source)),
        lint=_site_lint(site_folder(name)),
        accounts=_accounts_beside(source),
        around=tuple(_around(source, loaded)),
        mark=BYTE_ORDER_MARK if data.startswith(BYTE_ORDER_MARK) else b"",
    )


def _sources(path: Path) -> tuple[SourceFile, ...]:
    try:
        sources = find_files(path)
    except FileNotFoundError:
        raise UsageError(f"There is no file or folder {path}.") from None
    if not sources:
        raise UsageError(f"There are no configuration files in {path}: no maild.yaml and no {ACCOUNTS_FOLDER}/*.yaml.")
    return sources


def _folder_batch(sources: Sequence[SourceFile]) -> Batch:
    loaded, unreadable = _read(sources)
    return Batch(
        loaded=loaded,
        unreadable=unreadable,
        duplicates=tuple(duplicates_among(sources)),
        lint=lint_among(loaded),
        accounts=account_names(sources),
    )


def lint_among(loaded: Iterable[LoadedAccount | LoadedSite]) -> LintSettings:
    """The lint settings of the first maild.yaml; the usual ones where there is none or it has errors of its own."""
    site = next((file.site for file in loaded if isinstance(file, LoadedSite)), None)
    return LintSettings() if site is None else site.lint


def duplicates_among(sources: Sequence[SourceFile]) -> Iterator[Diagnostic]:
    """Of files that mean the same, all but the first."""
    first: dict[tuple[FileKind, str], str] = {}
    for source in sources:
        meaning = (source.kind, "" if source.kind is FileKind.SITE else account_name(source.file))
        stays = first.setdefault(meaning, source.file)
        if stays != source.file:
            yield duplicate_file(source.file, stays)


def _file_batch(sources: Sequence[SourceFile], lints: dict[Path, LintSettings]) -> Batch:
    loaded, unreadable = _read(sources)
    if not sources:
        return Batch(loaded=())
    folder = site_folder(sources[0].path)
    if folder not in lints:
        # A maild.yaml that was named itself is not read a second time.
        is_own = sources[0].path.absolute() == folder / min(SITE_NAMES)
        lints[folder] = lint_among(loaded) if is_own else _site_lint(folder)
    return Batch(
        loaded=loaded,
        unreadable=unreadable,
        duplicates=tuple(_double_of(sources[0])),
        lint=lints[folder],
        accounts=_accounts_beside(sources[0]),
        around=tuple(around for file in loaded for around in _around(sources[0], file)),
    )


def _read(
    sources: Sequence[SourceFile],
) -> tuple[tuple[LoadedAccount | LoadedSite, ...], tuple[Diagnostic, ...]]:
    loaded: list[LoadedAccount | LoadedSite] = []
    unreadable: list[Diagnostic] = []
    for source in sources:
        try:
            loaded.append(load_source(source, read_source(source.path)))
        except OSError as error:
            unreadable.append(unreadable_file(source.file, error.strerror or type(error).__name__))
        except SourceError:
            unreadable.append(unreadable_file(source.file, "it is no regular file"))
    return tuple(loaded), tuple(unreadable)


def load_source(source: SourceFile, data: bytes) -> LoadedAccount | LoadedSite:
    """The file with these bytes as its content."""
    if source.kind is FileKind.SITE:
        return load_site(source.file, data)
    return load_account(source.file, data)


def site_folder(path: Path) -> Path:
    """The folder of the maild.yaml that a file belongs to, whether there is one or not."""
    folder = path.absolute().parent
    return folder.parent if folder.name == ACCOUNTS_FOLDER else folder


def _site_lint(folder: Path) -> LintSettings:
    """The lint settings of a folder's maild.yaml; the usual ones where it is missing or has errors of its own."""
    for name in sorted(SITE_NAMES):
        try:
            site = load_site(name, read_source(folder / name)).site
        except (OSError, SourceError):
            continue
        return LintSettings() if site is None else site.lint
    return LintSettings()


def _accounts_beside(source: SourceFile) -> tuple[str, ...] | None:
    """The accounts that a maild.yaml can name; None for an account, which names none, and where nobody can tell."""
    if source.kind is not FileKind.SITE:
        return None
    try:
        return account_names(find_files(source.path.absolute().parent))
    except OSError:
        return None


def _double_of(source: SourceFile) -> Iterator[Diagnostic]:
    """A file of the same name with the suffix that goes before the own one: only that one can be in force."""
    first = source.path.with_suffix(".yaml")
    if source.path.suffix == ".yml" and is_file_name(first.name) and first.is_file():
        yield duplicate_file(source.file, str(first))


def _around(source: SourceFile, loaded: LoadedAccount | LoadedSite) -> Iterator[LoadedAccount | LoadedSite]:
    """The accounts beside a file that decide what is said of it.

    Of those with the same password only the first counts, so the others are not read: it may be the password of all.
    """
    reference = loaded.draft.password if isinstance(loaded, LoadedAccount) and loaded.draft is not None else None
    for other in _others(source):
        if isinstance(loaded, LoadedAccount) and (reference is None or account_name(other.file) > loaded.name):
            return
        try:
            data = read_source(other.path)
        except (OSError, SourceError):
            continue
        if not _matters(other, data, loaded):
            continue
        beside = load_source(other, data)
        yield beside
        if reference is not None and isinstance(beside, LoadedAccount) and _logs_in_with(beside, reference):
            return


def _logs_in_with(account: LoadedAccount, reference: SecretReference) -> bool:
    return Census.of([account]).first_with.get(reference) is not None


def _others(source: SourceFile) -> Iterator[SourceFile]:
    """The accounts beside a file, in the order of their names."""
    # Of a file that lies anywhere nobody knows what belongs to it.
    folder = site_folder(source.path)
    if source.kind is FileKind.ACCOUNT and source.path.absolute().parent.name != ACCOUNTS_FOLDER:
        return
    try:
        sources = find_files(folder)
    except OSError:
        return
    own = account_name(source.file) if source.kind is FileKind.ACCOUNT else None
    others = (one for one in sources if one.kind is FileKind.ACCOUNT and account_name(one.file) != own)
    yield from sorted(others, key=lambda one: account_name(one.file))


def _matters(other: SourceFile, data: bytes, loaded: LoadedAccount | LoadedSite) -> bool:
    match loaded:
        case LoadedSite():
            return account_name(other.file) in loaded.text
        case LoadedAccount(draft=draft):
            reference = None if draft is None else draft.password
            return reference is not None and _word_of(reference).encode() in data


def _word_of(reference: SecretReference) -> str:
    """What stands in every file that has this reference, however it is written there."""
    match reference:
        case EnvRef(name=name) | CredentialRef(name=name):
            return name
        case FileRef(path=path):
            return path.name
        case CommandRef(argv=argv):
            return argv[0]
        case _:
            assert_never(reference)


def account_names(sources: Iterable[SourceFile]) -> tuple[str, ...]:
    """The names of the accounts among these files."""
    return tuple(account_name(source.file) for source in sources if source.kind is FileKind.ACCOUNT)
