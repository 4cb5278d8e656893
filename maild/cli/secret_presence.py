"""Whether the passwords that files refer to can be had on this machine. Shell code; hands out no secret.

Looks only as far as looking does no harm: no program is run (a file from somebody else could name any), and what cannot
be told from here is not complained about, such as a file that only the service's user may read, or a credential that
systemd gives to the service alone.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, assert_never

from maild.cli.git_index import is_tracked
from maild.rules.subject import Exposure, PemKind
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference
from maild.secret.resolve import SecretError, resolve_secret

MAX_PEM_BYTES: Final = 4 * 1024 * 1024
"""The system's own bundle of authorities has a quarter of a megabyte."""

_PEM: Final = {
    PemKind.CERTIFICATE: re.compile(rb"^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----", re.MULTILINE),
    PemKind.KEY: re.compile(rb"^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----", re.MULTILINE),
}

# Groups are what people give files to on purpose: systemd, containers. Everybody is not.
_READ_BY_OTHERS: Final = stat.S_IROTH


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPresence:
    """Looks in this environment; implements `maild.rules.subject.SecretChecker`."""

    environ: Mapping[str, str]

    def problem(self, reference: SecretReference, file: str) -> str | None:
        """What keeps the secret from being had, as the end of a sentence, or None."""
        folder = Path(file).parent
        match reference:
            case EnvRef() | FileRef():
                return self._follow(reference, folder)
            case CredentialRef():
                return self._follow(reference, folder) if "CREDENTIALS_DIRECTORY" in self.environ else None
            case CommandRef(argv=argv):
                return None if self._has_program(argv[0], folder) else "is not installed here"
            case _:
                assert_never(reference)

    def matches(self, reference: SecretReference, file: str, pattern: str) -> bool | None:
        """Whether the whole secret has this form; None when it cannot be looked at without running a program."""
        if isinstance(reference, CommandRef):
            return None
        try:
            secret = resolve_secret(reference, folder=Path(file).parent, environ=self.environ)
        except SecretError:
            return None
        return re.fullmatch(pattern, secret.reveal(), re.DOTALL) is not None

    def exposure(self, reference: SecretReference, file: str) -> Exposure | None:
        """Whether the file of a secret can be read by others, or is under version control."""
        if not isinstance(reference, FileRef):
            return None
        path = Path(file).parent / reference.path
        try:
            mode = path.stat().st_mode
        except OSError:
            return None
        if is_tracked(path):
            return Exposure.TRACKED
        return Exposure.OTHERS if stat.S_ISREG(mode) and mode & _READ_BY_OTHERS else None

    def pem_problem(self, path: PurePath, file: str, kind: PemKind) -> str | None:
        """What is wrong with a file of certificates or of a key, or None."""
        try:
            with (Path(file).parent / path).open("rb") as stream:
                data = stream.read(MAX_PEM_BYTES)
        except PermissionError:
            return None
        except FileNotFoundError:
            return "does not exist"
        except OSError as error:
            return f"cannot be read ({(error.strerror or type(error).__name__).lower()})"
        if _PEM[kind].search(data) is None:
            begin = "CERTIFICATE" if kind is PemKind.CERTIFICATE else "PRIVATE KEY"
            return f"holds no {kind} in PEM form (-----BEGIN {begin}-----)"
        return None

    def _follow(self, reference: SecretReference, folder: Path) -> str | None:
        try:
            resolve_secret(reference, folder=folder, environ=self.environ)
        except SecretError as error:
            # Suppressed for tracebacks, but still there: what the operating system said.
            return None if isinstance(error.__context__, PermissionError) else error.reason
        return None

    def _has_program(self, program: str, folder: Path) -> bool:
        # With a slash it is a path, which counts from the file's folder as it will when it is run.
        path = self.environ.get("PATH", os.defpath)
        folders = [folder] if "/" in program else [Path(entry) for entry in path.split(os.pathsep)]
        return any((where / program).is_file() and os.access(where / program, os.X_OK) for where in folders)
