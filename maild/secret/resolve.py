"""Follows a secret reference: the environment, a file, a systemd credential, a command's output.

Shell code: it reads the outside and may block for as long as a command runs (10 s at most), so callers on an event
loop use a thread. What can go wrong: the thing named is not there, is not readable, is empty, is not UTF-8, is larger
than a secret can be, or the command fails; each is a `SecretError` that names the reference and never shows content,
not even a command's error output, because programs print what they were given.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final, assert_never

from maild.errors import TemporaryError
from maild.secret.reference import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference, describe
from maild.secret.value import Secret

MAX_SECRET_BYTES: Final = 64 * 1024
"""Larger than any password, key or token; a reference to a disk image is a mistake, not a secret."""

COMMAND_TIMEOUT_S: Final = 10.0
_LINE_ENDS: Final = frozenset("\n\r\0")
"""What no password holds: a second line means a file of name and password, or a blank line too much."""


class SecretError(TemporaryError):
    """The secret cannot be had now. Temporary: the file may be written, the credential loaded, the vault opened."""

    def __init__(self, reference: SecretReference, reason: str) -> None:
        super().__init__(f"the password's {describe(reference)} {reason}")
        self.reference = reference
        self.reason = reason


def resolve_secret(
    reference: SecretReference,
    *,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    is_one_line: bool = True,
) -> Secret:
    """The secret that the reference points to.

    Args:
        reference: where to look.
        folder: what a relative file path counts from; the working directory when None.
        environ: the environment to read; the process's own when None.
        is_one_line: False for a secret of more lines, such as a key file; of a command all of them are taken then.

    Raises:
        SecretError: it is not there, not readable, empty, too large, not UTF-8 text or more than one line.
    """
    environment = os.environ if environ is None else environ
    match reference:
        case EnvRef(name=name):
            text = environment.get(name)
            if text is None:
                raise SecretError(reference, "is not set")
        case FileRef(path=path):
            text = _read(reference, (folder or Path()) / path)
        case CredentialRef(name=name):
            directory = environment.get("CREDENTIALS_DIRECTORY")
            if directory is None:
                raise SecretError(
                    reference, "is not available: this process was not started by systemd with LoadCredential="
                )
            text = _read(reference, Path(directory) / name)
        case CommandRef(argv=argv):
            text = _run(reference, argv, folder, is_one_line=is_one_line)
        case _:
            assert_never(reference)
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise SecretError(reference, "is empty")
    if is_one_line and not _LINE_ENDS.isdisjoint(text):
        # RFC 4013 §2.3 allows no control characters in a password. Trying such a one would only be a refused login.
        raise SecretError(reference, "holds more than one line, so it is not the password alone")
    return Secret(text)


def _read(reference: SecretReference, path: Path) -> str:
    try:
        # O_NONBLOCK so that a FIFO put in the file's place cannot hang the daemon.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(MAX_SECRET_BYTES + 1) or b""
    except FileNotFoundError:
        raise SecretError(reference, "does not exist") from None
    except OSError as error:
        raise SecretError(reference, f"cannot be read: {error.strerror}") from None
    return _decode(reference, data)


def _run(reference: CommandRef, argv: tuple[str, ...], folder: Path | None, *, is_one_line: bool) -> str:
    try:
        done = subprocess.run(  # noqa: S603 -- the command is the administrator's own, and no shell sees it
            argv, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise SecretError(reference, f"did not end within {COMMAND_TIMEOUT_S:.0f} seconds") from None
    except OSError as error:
        raise SecretError(reference, f"cannot be run: {error.strerror}") from None
    if done.returncode != 0:
        raise SecretError(reference, f"ended with status {done.returncode}")
    return _decode(reference, done.stdout.split(b"\n", 1)[0] if is_one_line else done.stdout)


def _decode(reference: SecretReference, data: bytes) -> str:
    if len(data) > MAX_SECRET_BYTES:
        raise SecretError(reference, f"holds more than {MAX_SECRET_BYTES // 1024} KiB, so it is no password")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretError(reference, "is not UTF-8 text") from None
