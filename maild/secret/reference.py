"""Where a secret is to be found: the values that stand in a configuration instead of a password.

Pure: nothing is read here. `maild.secret.resolve` follows a reference.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, TypeAlias, assert_never

_APP_PASSWORD: Final = re.compile(r"(?!.*(?:pass|pw|mail|smtp|secret|token|key))[a-z]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvRef:
    """An environment variable of the process."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file; a relative path counts from the folder of the file that names it. One trailing newline is dropped."""

    path: PurePath


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRef:
    """A systemd credential: the file of this name in $CREDENTIALS_DIRECTORY (systemd.exec(5), LoadCredential=)."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRef:
    """A program whose first line of output is the secret; run without a shell."""

    argv: tuple[str, ...]


SecretReference: TypeAlias = EnvRef | FileRef | CredentialRef | CommandRef


def describe(reference: SecretReference) -> str:
    """The reference in words for a message, such as "environment variable SMTP_PASSWORD". Holds no secret.

    A command is named by its program alone: people do pass tokens as arguments. Nor is a variable named whose name
    may be a password that was put there by mistake.
    """
    match reference:
        case EnvRef(name=name) if is_app_password(name):
            return "environment variable ••••"
        case EnvRef(name=name):
            return f"environment variable {name}"
        case FileRef(path=path):
            return f"file {path}"
        case CredentialRef(name=name):
            return f"systemd credential {name}"
        case CommandRef(argv=argv):
            return f"command {argv[0]}"
        case _:
            assert_never(reference)


def is_app_password(name: str) -> bool:
    """Whether what stands as a variable's name has the form of an app password: sixteen letters that say nothing."""
    return _APP_PASSWORD.fullmatch(name) is not None
