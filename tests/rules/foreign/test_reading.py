from maild.config.load import load_account
from maild.rules.foreign.reading import read_document, read_lines


def keys(text: str) -> list[tuple[str, object]]:
    return [(pair.key, pair.value) for pair in read_lines(text).pairs]


def test_each_notation_is_a_key_and_a_value() -> None:
    text = """
export SMTP_HOST="a.example"; # ours
'smtp_port' => 587,
$mail->Username = 'a@b.example';
define( 'SMTP_AUTH', true );
<hostname>b.example</hostname>
account default
smtp://me@a.example
Server name: c.example
EMPTY:
"""

    assert keys(text) == [
        ("SMTP_HOST", "a.example"),
        ("smtp_port", "587"),
        ("Username", "a@b.example"),
        ("SMTP_AUTH", "true"),
        ("hostname", "b.example"),
        ("account", "default"),
        ("://", "smtp://me@a.example"),
        ("Server name", "c.example"),
        ("EMPTY", ""),
    ]


def test_headings_comments_and_other_lines_are_told_apart() -> None:
    settings = read_lines("[smtp]\n# x\n; y\nhost = a.example # z\n\nDear Ann,\n<?php\n")

    assert (len(settings.pairs), settings.others, settings.has_sections) == (1, 1, True)
    assert settings.pairs[0].value == "a.example"


def test_no_more_is_read_than_a_person_writes() -> None:
    assert len(read_lines("a = b\n" * 1000).pairs) == 200

    document = load_account("a.yaml", "".join(f"k{number}: 1\n" for number in range(300)).encode()).document
    assert document is not None
    assert len(read_document(document).pairs) == 200


def test_of_a_document_every_single_value_is_read() -> None:
    text = "a: {b: {c: 1}, d: [X=y, z, [w]]}\npass: {env: P}\nhidden: {env: 'p q'}\n"
    text += "deep: {a: {b: {c: {d: {e: {f: 1}}}}}}\n"
    document = load_account("a.yaml", text.encode()).document
    assert document is not None

    found = [(pair.key, pair.value) for pair in read_document(document).pairs]

    assert found == [("a.b.c", 1), ("X", "y"), ("pass", "{env: P}"), ("hidden", None)]


def test_a_single_value_is_no_setting() -> None:
    document = load_account("a.yaml", b"word").document
    assert document is not None

    assert read_document(document).pairs == ()
