"""The files that accounts log in with: passwords, systemd credentials, certificates and their keys. Notices changes.

Shell code: it looks at each file's stat(2) and reads none; who uses a file finds out what is new in it. Versions of
accounts that are held back count beside those in force: a password that was missing may have been put in its place.
References that are no files, an environment variable or a command, change without a trace and are followed when used.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from maild.config.model import Account
from maild.config.sight import is_folder, is_link
from maild.daemon.generation import Generation
from maild.observe.events import CredentialsChanged
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference

MAX_FOLDERS: Final = 32
"""So many folders of credentials are watched for events; a rescan looks into all of them."""

_Stamp: TypeAlias = tuple[int, ...] | None


class CredentialFiles:
    """Those of the generation in force. `environ` tells where systemd put its credentials."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._directory = environ.get("CREDENTIALS_DIRECTORY")
        self._number = 0
        self._folder = Path()
        self._files: dict[str, tuple[str, ...]] = {}
        self._held: dict[str, tuple[str, ...]] = {}
        self._stamps: dict[str, _Stamp] = {}
        self._named: dict[str, list[str]] = {}
        """The same files by their last names: an edit that touches one file asks for no other."""
        self.folders: tuple[Path, ...] = ()
        """The folders that they lie in, the first ones."""

    def use(self, generation: Generation) -> None:
        """Look at the files of these accounts from now on; those of new accounts are as they are now. Blocking."""
        folder, accounts = generation.accounts_folder, generation.accounts
        follows = generation.number == self._number + 1 and folder == self._folder
        changed = generation.news if follows else accounts.keys() | self._files.keys()
        moved: set[str] = set()
        for name in changed:
            known, account = self._files.pop(name, None), accounts.get(name)
            if account is not None:
                self._files[name] = self._files_of(account, folder)
            if self._files.get(name) != known:
                moved.add(name)
        before = self._held
        self._held = {one.account.name: self._files_of(one.account, folder) for one in generation.candidates.values()}
        if moved or self._held != before:
            self._follow(moved)
        self._number, self._folder = generation.number, folder

    def changed(self, touched: Collection[Path] | None) -> CredentialsChanged | None:
        """The accounts of whose files one is another than at the last look; of the touched ones alone, None: of all.

        A link or a folder that was touched may be on the way to any of them, as `..data` of a mounted Secret is: then
        all are looked at. Blocking.
        """
        if touched is not None and any(is_link(path) or is_folder(path) for path in touched):
            touched = None
        looked_at = self._stamps if touched is None else self._of_names({path.name for path in touched})
        paths = _differing(self._stamps, looked_at)
        self._stamps |= paths
        in_force, held = (
            tuple(name for name, files in known.items() if not paths.keys().isdisjoint(files)) if paths else ()
            for known in (self._files, self._held)
        )
        return CredentialsChanged(accounts=in_force, on_trial=held) if in_force or held else None

    def _of_names(self, names: Collection[str]) -> Collection[str]:
        return [path for name in names for path in self._named.get(name, ())]

    def _follow(self, changed: Collection[str]) -> None:
        fresh = [*(self._files.get(name, ()) for name in changed), *self._held.values()]
        for path in {path for files in fresh for path in files} - self._stamps.keys():
            self._stamps[path] = _stamp_of(path)
        used = {path for files in (*self._files.values(), *self._held.values()) for path in files}
        self._stamps = {path: stamp for path, stamp in self._stamps.items() if path in used}
        self._named = {}
        for path in self._stamps:
            self._named.setdefault(os.path.basename(path), []).append(path)  # noqa: PTH119 -- of ten thousand
        folders = sorted({os.path.dirname(path) for path in used})  # noqa: PTH120 -- the same
        self.folders = tuple(Path(folder) for folder in folders[:MAX_FOLDERS])

    def _files_of(self, account: Account, folder: Path) -> tuple[str, ...]:
        proxy = account.transport.proxy
        login = None if proxy is None else proxy.login
        references = (account.password, None if login is None else login.password)
        found = [path for one in references if (path := self._file_of(one, folder)) is not None]
        tls = account.transport.tls
        files = (tls.ca_file, tls.cert_file, tls.key_file)
        return tuple(str(path) for path in (*found, *(folder / path for path in files if path is not None)))

    def _file_of(self, reference: SecretReference | None, folder: Path) -> Path | None:
        match reference:
            case FileRef(path=path):
                return folder / path
            case CredentialRef(name=name) if self._directory is not None:
                return Path(self._directory) / name
            case CredentialRef() | EnvRef() | CommandRef() | None:
                return None
            case _:
                assert_never(reference)


def _differing(stamps: Mapping[str, _Stamp], paths: Iterable[str]) -> Mapping[str, _Stamp]:
    """Those of the files that are others now, and how they are. Written out, for it is asked of ten thousand a look."""
    found: dict[str, _Stamp] = {}
    stat = os.stat
    for path in paths:
        before = stamps[path]
        try:
            now = stat(path)
        except OSError:
            if before is not None:
                found[path] = None
            continue
        if before != (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns):
            found[path] = now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns
    return found


def _stamp_of(path: str) -> _Stamp:
    return _differing({path: None}, (path,)).get(path)
