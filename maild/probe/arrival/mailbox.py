"""Where a message is waited for: a Maildir on this machine, or a mailbox by IMAP. Shell; blocking: in a thread.

What was found is removed, since it is a test and nobody's mail; nothing else in the mailbox is touched. IMAP is the
standard library's client, over TLS with a verified certificate; unencrypted on this machine only (RFC 8314 §3).
"""

import contextlib
import imaplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

from maild.errors import PermanentError
from maild.secret import Secret

MAX_HEAD_BYTES: Final = 256 * 1024
MAX_FILES: Final = 10_000
TIMEOUT_S: Final = 20.0
_FORM: Final = "Write the mailbox as imaps://USER@HOST, with %40 for an @ in USER and without a password."
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class ArrivalError(PermanentError):
    """The mailbox cannot be looked into; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaildirPlace:
    """A Maildir: the folder with `new` and `cur`."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    def take(self, mark: str) -> bytes | None:
        """The header of the message with this mark in it, which is removed; None: it is not there yet.

        Raises:
            ArrivalError: this is no Maildir that can be read.
        """
        wanted = mark.encode()
        try:
            files = [file for name in ("new", "cur") for file in (self.folder / name).iterdir()]
            for file in sorted(files, key=lambda one: one.name, reverse=True)[:MAX_FILES]:
                head = _head_of(file)
                if wanted in head:
                    file.unlink()
                    return head
        except OSError as error:
            raise ArrivalError(f"The Maildir {self.folder} cannot be read: {error.strerror}.") from None
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapPlace:
    """A mailbox at an IMAP server."""

    host: str
    port: int
    user: str
    folder: str
    is_encrypted: bool
    password: Secret | None = None

    def __str__(self) -> str:
        return f"the mailbox of {self.user} at {self.host}"

    def take(self, mark: str) -> bytes | None:
        """As of a Maildir; the mark stands in the subject or in the Message-ID.

        Raises:
            ArrivalError: the server cannot be reached or refuses.
        """
        if self.password is None:
            raise ArrivalError(f"There is no password for {self}.")
        try:
            connection = self._connect()
            try:
                self._log_in(connection, self.password.reveal())
                return self._found(connection, mark)
            finally:
                with contextlib.suppress(imaplib.IMAP4.error, OSError):
                    connection.logout()
        except ssl.SSLCertVerificationError as error:
            raise ArrivalError(f"The certificate of {self.host} was not accepted: {error.verify_message}.") from None
        except imaplib.IMAP4.error:
            # Its text may quote what was sent.
            raise ArrivalError(f"The server refused {self}: login, folder or search.") from None
        except UnicodeError:
            raise ArrivalError(
                f"{self.host} takes no user, password or folder with other letters than ASCII."
            ) from None
        except OSError as error:
            raise ArrivalError(f"{self.host} cannot be reached: {error.strerror or type(error).__name__}.") from None

    def _connect(self) -> imaplib.IMAP4:
        if self.is_encrypted:
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=TIMEOUT_S)
        return imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT_S)

    def _log_in(self, connection: imaplib.IMAP4, password: str) -> None:
        """By PLAIN, which knows all letters (RFC 4616), where it is offered."""
        if "AUTH=PLAIN" in connection.capabilities:
            connection.authenticate("PLAIN", lambda _: f"\0{self.user}\0{password}".encode())
        else:
            connection.login(self.user, password)

    def _found(self, connection: imaplib.IMAP4, mark: str) -> bytes | None:
        _wanted(connection.select(_quoted(self.folder)))
        wanted = _quoted(mark)
        numbers = _wanted(connection.search(None, "OR", "SUBJECT", wanted, "HEADER", "Message-ID", wanted))[0]
        if not isinstance(numbers, bytes) or not numbers.split():
            return None
        number = numbers.split()[-1].decode("ascii", "replace")
        answer = _wanted(connection.fetch(number, "(BODY.PEEK[HEADER])"))
        head = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        connection.store(number, "+FLAGS", "(\\Deleted)")
        connection.expunge()
        return bytes(head)[:MAX_HEAD_BYTES]


ArrivalPlace: TypeAlias = MaildirPlace | ImapPlace


def parse_place(text: str, password: Secret | None = None) -> ArrivalPlace:
    """A folder, or `imaps://user@host[:port][/folder]`; `imap://` on this machine only.

    Raises:
        ArrivalError: it is none of these.
    """
    if not text.startswith(("imap://", "imaps://")):
        return MaildirPlace(folder=Path(text.removeprefix("maildir:")))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ArrivalError(_FORM) from None
    if not host or not parts.username or parts.password is not None:
        raise ArrivalError(_FORM)
    is_encrypted = parts.scheme == "imaps"
    if not is_encrypted and host not in _LOOPBACK:
        raise ArrivalError("imap:// is not encrypted and is for this machine only: write imaps://.")
    return ImapPlace(
        host=host,
        port=port or (993 if is_encrypted else 143),
        user=unquote(parts.username),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_encrypted=is_encrypted,
        password=password,
    )


def _head_of(file: Path) -> bytes:
    """The header; empty for what is no readable file, for others may clean up meanwhile."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_HEAD_BYTES)
    except OSError:
        return b""
    return data.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"


def _wanted(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    word, data = answer
    if word != "OK":
        raise imaplib.IMAP4.error(word)
    return data


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
