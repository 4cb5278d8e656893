from pathlib import PurePath

import pytest

from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference, describe


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (EnvRef(name="SMTP_PASSWORD"), "environment variable SMTP_PASSWORD"),
        (FileRef(path=PurePath("keys/billing")), "file keys/billing"),
        (CredentialRef(name="billing"), "systemd credential billing"),
        (CommandRef(argv=("pass", "show", "token-in-argument")), "command pass"),
    ],
)
def test_a_reference_is_described_without_anything_secret(reference: SecretReference, words: str) -> None:
    assert describe(reference) == words
