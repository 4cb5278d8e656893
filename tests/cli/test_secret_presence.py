from pathlib import Path, PurePath

from maild.cli.secret_presence import SecretPresence
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef


def presence(**environ: str) -> SecretPresence:
    return SecretPresence(environ={"PATH": "/usr/bin:/bin", **environ})


def test_an_environment_variable_is_there_or_not() -> None:
    assert presence(A="x").problem(EnvRef(name="A"), "a.yaml") is None
    assert presence().problem(EnvRef(name="A"), "a.yaml") == "is not set"
    assert presence(A="").problem(EnvRef(name="A"), "a.yaml") == "is empty"


def test_a_relative_file_counts_from_the_folder_of_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x\n")
    reference = FileRef(path=PurePath("secret"))

    assert presence().problem(reference, str(tmp_path / "account.yaml")) is None
    assert presence().problem(reference, str(tmp_path / "sub" / "account.yaml")) == "does not exist"


def test_a_credential_is_only_looked_for_where_there_are_any(tmp_path: Path) -> None:
    reference = CredentialRef(name="billing")

    assert presence().problem(reference, "a.yaml") is None
    assert presence(CREDENTIALS_DIRECTORY=str(tmp_path)).problem(reference, "a.yaml") == "does not exist"


def test_a_program_is_looked_for_and_not_run(tmp_path: Path) -> None:
    program = tmp_path / "give"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    program.chmod(0o755)

    assert presence().problem(CommandRef(argv=("./give",)), str(tmp_path / "a.yaml")) is None
    assert presence().problem(CommandRef(argv=("true",)), "a.yaml") is None
    assert presence().problem(CommandRef(argv=("no-such-program",)), "a.yaml") == "is not installed here"
    assert not (tmp_path / "was-run").exists()


def test_a_folder_in_the_files_place_is_a_problem(tmp_path: Path) -> None:
    problem = presence().problem(FileRef(path=PurePath(tmp_path)), "a.yaml")

    assert problem is not None
    assert problem.startswith("cannot be read")
