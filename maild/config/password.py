"""The key `password`: a reference to a secret, or a secret that somebody wrote there, which is never kept."""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference

PASSWORD: Final = Pointer("/password")
REFERENCE_KEYS: Final = frozenset({"env", "file", "credential", "command"})

_WORD: Final = re.compile(r"[a-z][a-z_-]{1,20}")


def is_literal_secret(document: Document, pointer: Pointer = PASSWORD) -> bool:
    """Whether what stands at this `password` is, or may be, the secret itself.

    YAML makes other things of what people paste: `&secret` is an anchor before nothing, `{secret}` a mapping with that
    key and no value, `[secret]` a list.
    """
    value = document.value_at(pointer)
    if isinstance(value, dict):
        return any(not _is_key(key, content) for key, content in value.items())
    if value is None:
        mark = document.marks.get(pointer)
        return mark is not None and mark.is_anchored
    return True


def _is_key(key: str, content: object) -> bool:
    """Whether a key below `password` is a key, if perhaps a misspelt one, and not part of a secret."""
    if content is None:
        return key in REFERENCE_KEYS
    return key.lower() in REFERENCE_KEYS or _WORD.fullmatch(key) is not None


def secret_reference(value: Mapping[str, object]) -> SecretReference | None:
    """The reference that the mapping is, None when it is none."""
    match value:
        case {"env": str(name)}:
            return EnvRef(name=name)
        case {"file": str(path)}:
            return FileRef(path=PurePath(path))
        case {"credential": str(name)}:
            return CredentialRef(name=name)
        case {"command": [_, *_] as argv} if all(isinstance(word, str) for word in argv):
            return CommandRef(argv=tuple(str(word) for word in argv))
        case _:
            return None
