from pathlib import PurePath

from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference, describe
from tests.rows import each_row


@each_row(
    ("reference", "words"),
    [
        (EnvRef(name="SMTP_PASSWORD"), "environment variable SMTP_PASSWORD"),
        (EnvRef(name="abcdefghijklmnop"), "environment variable ••••"),
        (EnvRef(name="gmailapppassword"), "environment variable gmailapppassword"),
        (FileRef(path=PurePath("keys/billing")), "file keys/billing"),
        (CredentialRef(name="billing"), "systemd credential billing"),
        (CommandRef(argv=("pass", "show", "token-in-argument")), "command pass"),
    ],
)
def test_a_reference_is_described_without_anything_secret(reference: SecretReference, words: str) -> None:
    assert describe(reference) == words
