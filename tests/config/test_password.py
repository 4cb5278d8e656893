from pathlib import PurePath

from maild.config.document import parse_document
from maild.config.password import is_literal_secret, secret_reference
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference
from tests.rows import each_row


@each_row(
    ("written", "is_literal"),
    [
        ("hunter2", True),
        ("123456", True),
        ("true", True),
        ("[hunter2]", True),
        ("{hunter2}", True),
        ("{hunter2: }", True),
        ("{hunter2: x}", True),
        ("{Hunter: x}", True),
        ("{env: X, hunter2}", True),
        ("&hunter2", True),
        ("&hunter2 x", True),
        ("", False),
        ("{}", False),
        ("{env: X}", False),
        ("{env: }", False),
        ("{ENV: X}", False),
        ("{File: /x}", False),
        ("{ENV}", True),
        ("{files: x}", False),
        ("&anchor {env: X}", False),
    ],
)
def test_a_secret_in_the_file_is_known_in_whatever_yaml_makes_of_it(written: str, *, is_literal: bool) -> None:
    document = parse_document("x.yaml", f"password: {written}\n".encode()).document

    assert document is not None
    assert is_literal_secret(document) is is_literal


@each_row(
    ("value", "reference"),
    [
        ({"env": "X"}, EnvRef(name="X")),
        ({"file": "a/b"}, FileRef(path=PurePath("a/b"))),
        ({"credential": "x"}, CredentialRef(name="x")),
        ({"command": ["pass", "show"]}, CommandRef(argv=("pass", "show"))),
        ({"command": []}, None),
        ({"command": ["pass", 5]}, None),
        ({"env": 5}, None),
        ({}, None),
    ],
)
def test_a_mapping_is_a_reference_or_none(value: dict[str, object], reference: SecretReference | None) -> None:
    assert secret_reference(value) == reference
