import os
import sys
from pathlib import Path, PurePath

import pytest

from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, Secret, SecretReference
from maild.secret.resolve import MAX_SECRET_BYTES, SecretError, resolve_secret


def problem_with(reference: SecretReference, folder: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SecretError) as caught:
        resolve_secret(reference, folder=folder, environ=environ or {})
    return str(caught.value)


def test_an_environment_variable_is_read_as_it_is(tmp_path: Path) -> None:
    assert resolve_secret(EnvRef(name="P"), folder=tmp_path, environ={"P": " s p "}).reveal() == " s p "


def test_a_file_is_read_from_the_folder_of_the_configuration_without_its_last_newline(tmp_path: Path) -> None:
    (tmp_path / "unix").write_bytes(b"pass word\n")
    (tmp_path / "dos").write_bytes("pässword\r\n".encode())

    assert resolve_secret(FileRef(path=PurePath("unix")), folder=tmp_path).reveal() == "pass word"
    assert resolve_secret(FileRef(path=PurePath("dos")), folder=tmp_path).reveal() == "pässword"


@pytest.mark.parametrize("content", [b"one\n\n", b"user\npassword\n", b"one\r\n\r\n", b"a\0b"])
def test_a_file_that_holds_more_than_the_password_is_refused_before_the_server_refuses_it(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "more").write_bytes(content)

    assert problem_with(FileRef(path=PurePath("more")), tmp_path) == (
        "the password's file more holds more than one line, so it is not the password alone"
    )


def test_a_key_file_of_many_lines_is_read_whole_where_one_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_bytes(b'{\n  "a": 1\n}\n')
    script = [sys.executable, "-c", "print('one'); print('two')"]

    assert resolve_secret(FileRef(path=PurePath("key.json")), folder=tmp_path, is_one_line=False) == Secret(
        '{\n  "a": 1\n}'
    )
    assert resolve_secret(CommandRef(argv=tuple(script)), is_one_line=False) == Secret("one\ntwo")


def test_a_credential_is_read_from_the_folder_that_systemd_names(tmp_path: Path) -> None:
    (tmp_path / "billing").write_text("pw")

    secret = resolve_secret(CredentialRef(name="billing"), environ={"CREDENTIALS_DIRECTORY": str(tmp_path)})

    assert secret.reveal() == "pw"


def test_a_command_gives_the_first_line_of_its_output(tmp_path: Path) -> None:
    reference = CommandRef(argv=(sys.executable, "-c", "print('pw'); print('url: x')"))

    assert resolve_secret(reference, folder=tmp_path).reveal() == "pw"


def test_what_is_not_there_is_named_with_its_reason(tmp_path: Path) -> None:
    folder = tmp_path
    credential = CredentialRef(name="billing")

    assert problem_with(EnvRef(name="P"), folder) == "the password's environment variable P is not set"
    assert problem_with(EnvRef(name="P"), folder, {"P": ""}) == "the password's environment variable P is empty"
    assert problem_with(FileRef(path=PurePath("x")), folder) == "the password's file x does not exist"
    assert problem_with(FileRef(path=PurePath()), folder) == "the password's file . cannot be read: Is a directory"
    assert problem_with(credential, folder) == (
        "the password's systemd credential billing is not available: "
        "this process was not started by systemd with LoadCredential="
    )


def test_content_that_is_no_password_is_refused_without_being_shown(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (MAX_SECRET_BYTES + 1))
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    os.mkfifo(tmp_path / "pipe")

    large = problem_with(FileRef(path=PurePath("large")), tmp_path)
    latin = problem_with(FileRef(path=PurePath("latin")), tmp_path)
    pipe = problem_with(FileRef(path=PurePath("pipe")), tmp_path)

    assert large == "the password's file large holds more than 64 KiB, so it is no password"
    assert latin == "the password's file latin is not UTF-8 text"
    assert pipe == "the password's file pipe is empty"


def test_a_failing_command_is_named_by_its_program_and_its_words_are_not_repeated(tmp_path: Path) -> None:
    script = "import sys; print('the-secret', file=sys.stderr); sys.exit(3)"
    failing = CommandRef(argv=(sys.executable, "-c", script))
    missing = CommandRef(argv=("./no-such-program", "--token=the-secret"))

    assert problem_with(failing, tmp_path) == f"the password's command {sys.executable} ended with status 3"
    assert problem_with(missing, tmp_path) == (
        "the password's command ./no-such-program cannot be run: No such file or directory"
    )
