from pathlib import PurePosixPath

import pytest

from maild.cli.lsp.buffer import Buffer, path_of, uri_of
from maild.config.folder import FileKind
from tests.rows import each_row

ACCOUNT, SITE = FileKind.ACCOUNT, FileKind.SITE


@each_row(
    ("uri", "text", "kind"),
    [
        ("file:///c/maild.yaml", "", SITE),
        ("file:///c/accounts/a.yml", "", ACCOUNT),
        ("file:///c/accounts/README.md", "protocol: smtp\n", None),
        ("file:///c/accounts/maild.yaml", "protocol: smtp\n", SITE),
        ("file:///c/docker-compose.yaml", "services: {}\n", None),
        ("file:///c/x.yaml", "version: 1\nprotocol: http\n", ACCOUNT),
        ("file:///c/x.yaml", '"protocol": "smtp"\n', ACCOUNT),
        ("file:///c/x.yaml", "spec:\n  protocol: smtp\n", None),
        ("file:///c/x.yaml", "protocol: tcp\n", None),
        ("file:///c/x.yaml", "# yaml-language-server: $schema=../schemas/account.schema.json\n", ACCOUNT),
        ("file:///c/x.yaml", "# yaml-language-server: $schema=../schemas/maild.schema.json\n", SITE),
        ("untitled:Untitled-1", "protocol: smtp\n", ACCOUNT),
        ("untitled:Untitled-1", "a: b\n", None),
    ],
)
def test_what_is_ours_says_so_by_its_place_or_its_text(uri: str, text: str, kind: FileKind | None) -> None:
    assert Buffer.of(uri, text, 1).kind is kind


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    buffer = Buffer.of("file:///c/maild.yaml", "\ufeffversion: 1\n", 3)

    assert (buffer.text, buffer.has_mark, buffer.version) == ("version: 1\n", True, 3)


def test_half_a_character_becomes_one_that_a_file_can_hold() -> None:
    assert Buffer.of("file:///c/maild.yaml", "a: \ud83d", 1).text == "a: \ufffd"
    assert Buffer.of("file:///c/maild.yaml", "a: \ud83d\udc69", 1).text == "a: 👩"


def test_a_file_is_called_by_its_path_and_else_by_its_uri() -> None:
    assert Buffer.of("file:///c/mail%20d/a%C3%A4.yaml", "", 1).file == "/c/mail d/aä.yaml"
    assert Buffer.of("untitled:Untitled-1", "", 1).file == "untitled:Untitled-1"


@each_row("uri", ["http://x/a.yaml", "file:", "file://[", "nothing", ""])
def test_other_uris_are_no_paths(uri: str) -> None:
    assert path_of(uri) is None


@pytest.mark.parametrize("file", ["/c/a b.yaml", "/c/ä#?.yaml", "/c/\udcff.yaml"])
def test_a_path_survives_as_a_uri(file: str) -> None:
    assert path_of(uri_of(file)) == PurePosixPath(file)
