import subprocess
from pathlib import Path, PurePath

from maild.cli.secret_presence import SecretPresence
from maild.rules.subject import Exposure, PemKind
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef
from tests.fakes.certificates import certificates


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


def test_a_secret_is_held_against_a_form_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("abcd\n")
    file = str(tmp_path / "account.yaml")

    assert presence(X="abcd").matches(EnvRef(name="X"), file, "[a-d]{4}") is True
    assert presence(X="abcd1").matches(EnvRef(name="X"), file, "[a-d]{4}") is False
    assert presence().matches(FileRef(path=PurePath("secret")), file, "abcd") is True
    assert presence().matches(EnvRef(name="X"), file, ".*") is None
    assert presence().matches(CommandRef(argv=("true",)), file, ".*") is None


def test_a_file_that_everybody_may_read_is_exposed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o640)
    file = str(tmp_path / "account.yaml")

    def exposure() -> Exposure | None:
        return presence().exposure(FileRef(path=PurePath("secret")), file)

    assert exposure() is None
    secret.chmod(0o644)
    assert exposure() is Exposure.OTHERS
    secret.unlink()
    assert exposure() is None
    assert presence(X="x").exposure(EnvRef(name="X"), file) is None


def test_a_file_in_the_list_of_git_is_exposed(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "init.defaultBranch=main"]
    (tmp_path / "folder").mkdir()
    for name in ("secret", "folder/secret", "other"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o600)
    subprocess.run([*git, "init", "-q"], check=True)

    def exposure(name: str) -> Exposure | None:
        return presence().exposure(FileRef(path=PurePath(name)), str(tmp_path / "account.yaml"))

    assert exposure("secret") is None
    subprocess.run([*git, "add", "folder/secret"], check=True)
    assert exposure("folder/secret") is Exposure.TRACKED
    assert exposure("secret") is None
    (tmp_path / ".git" / "index").write_bytes(b"no index")
    assert exposure("folder/secret") is None


def test_a_file_of_certificates_or_a_key_is_looked_at_as_it_will_be_used(tmp_path: Path) -> None:
    good = certificates().good
    (tmp_path / "folder").mkdir()
    (tmp_path / "der.pem").write_bytes(good.der)

    def problem(path: Path | str, kind: PemKind) -> str | None:
        return SecretPresence(environ={}).pem_problem(PurePath(path), str(tmp_path / "x.yaml"), kind)

    assert problem(certificates().ca_file, PemKind.CERTIFICATE) is None
    assert problem(good.key_file, PemKind.KEY) is None
    assert problem("gone.pem", PemKind.KEY) == "does not exist"
    assert problem("folder", PemKind.CERTIFICATE) == "cannot be read (is a directory)"
    assert problem("der.pem", PemKind.CERTIFICATE) == "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
    assert problem(good.cert_file, PemKind.KEY) == "holds no key in PEM form (-----BEGIN PRIVATE KEY-----)"
