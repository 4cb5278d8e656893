"""A file as it stands in an editor, saved or not, and whether it is one of maild's at all. Pure.

An editor hands over every YAML file that is opened, and most of them are none of our business. Ours are maild.yaml,
what lies in a folder `accounts`, and what says itself that it is: by naming our schema, or by its `protocol`.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from maild.cli.lsp.ruler import BYTE_ORDER_MARK
from maild.config.folder import ACCOUNTS_FOLDER, SITE_NAMES, FileKind

_HEAD_CHARS: Final = 4000
"""So much of a file is looked at to tell what it is."""
_SITE_SCHEMA: Final = re.compile(r"^#.*\$schema=\S*maild\.schema\.json", re.MULTILINE)
_ACCOUNT: Final = re.compile(
    r"""^#.*\$schema=\S*account\.schema\.json|^(?:"protocol"|'protocol'|protocol)[ \t]*:[ \t]+["']?(?:smtp|http)\b""",
    re.MULTILINE,
)
_SUFFIXES: Final = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """An open file.

    Attributes:
        uri: what the editor calls it.
        path: where it is, or will be when it is saved; None for one that has no name yet.
        text: without byte order mark.
        has_mark: whether the editor's text begins with one.
        version: the editor's number of this state.
        kind: what it is; None: none of ours.
    """

    uri: str
    path: PurePosixPath | None
    text: str
    has_mark: bool
    version: int | None
    kind: FileKind | None

    @classmethod
    def of(cls, uri: str, text: str, version: int | None) -> "Buffer":
        """What an editor sent; half a character in it, which no file can hold, becomes U+FFFD."""
        whole = text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        bare = whole.removeprefix(BYTE_ORDER_MARK)
        path = path_of(uri)
        return cls(
            uri=uri,
            path=path,
            text=bare,
            has_mark=len(bare) < len(whole),
            version=version,
            kind=_kind(path, bare[:_HEAD_CHARS]),
        )

    @property
    def file(self) -> str:
        """Its name for diagnostics."""
        return self.uri if self.path is None else str(self.path)


def path_of(uri: str) -> PurePosixPath | None:
    """The path that a `file:` URI means (RFC 8089); None for every other one."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path, errors="surrogateescape")
    return PurePosixPath(path) if parts.scheme == "file" and path.startswith("/") else None


def uri_of(file: str) -> str:
    """The `file:` URI of a path."""
    return f"file://{quote(file.encode('utf-8', 'surrogateescape'))}"


def _kind(path: PurePosixPath | None, head: str) -> FileKind | None:
    if path is not None and path.suffix not in _SUFFIXES:
        return None
    if (path is not None and path.name in SITE_NAMES) or _SITE_SCHEMA.search(head) is not None:
        return FileKind.SITE
    is_in_place = path is not None and path.parent.name == ACCOUNTS_FOLDER
    return FileKind.ACCOUNT if is_in_place or _ACCOUNT.search(head) is not None else None
