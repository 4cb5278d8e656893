"""Secrets: never text in a file, always a reference that is resolved at the moment of use.

`value` and `reference` are pure and re-exported here; `resolve` reads the environment, files and commands and is
imported by its own name, so that the core never depends on it.
"""

from maild.secret.reference import (
    CommandRef,
    CredentialRef,
    EnvRef,
    FileRef,
    SecretReference,
    describe,
    is_app_password,
)
from maild.secret.value import Secret

__all__ = [
    "CommandRef",
    "CredentialRef",
    "EnvRef",
    "FileRef",
    "Secret",
    "SecretReference",
    "describe",
    "is_app_password",
]
