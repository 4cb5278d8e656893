"""Pointers to what a rule speaks of."""

from pathlib import PurePath

from maild.rules.pointing import reference_pointer
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference
from tests.rows import each_row


@each_row(
    ("reference", "pointer"),
    [
        (EnvRef(name="A"), "/password/env"),
        (FileRef(path=PurePath("a")), "/password/file"),
        (CredentialRef(name="a"), "/password/credential"),
        (CommandRef(argv=("pass", "show")), "/password/command/0"),
    ],
)
def test_of_a_reference_what_names_the_place_is_meant(reference: SecretReference, pointer: str) -> None:
    assert reference_pointer(reference) == pointer
