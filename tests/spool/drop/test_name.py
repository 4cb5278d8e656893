import os

from hypothesis import given
from hypothesis import strategies as st

from maild.spool.drop.name import MAX_NAME_OCTETS, NameKind, is_own_name, name_kind, own_name, safe_name, sidecar_name
from tests.rows import each_row


@each_row(
    ("name", "kind"),
    [
        ("a.eml", NameKind.DROP),
        ("A.EML", NameKind.DROP),
        ("März 5.eml", NameKind.DROP),
        ("x" * (MAX_NAME_OCTETS - 4) + ".eml", NameKind.DROP),
        ("x" * (MAX_NAME_OCTETS - 3) + ".eml", NameKind.BAD),
        ("ä" * 99 + ".eml", NameKind.BAD),
        ("-rf.eml", NameKind.BAD),
        (" a.eml", NameKind.BAD),
        ("a\nb.eml", NameKind.BAD),
        ("a\u202eb.eml", NameKind.BAD),
        ("a\udce9.eml", NameKind.BAD),
        (".eml", NameKind.IGNORED),
        (".a.eml", NameKind.IGNORED),
        ("~a.eml", NameKind.IGNORED),
        ("#a.eml", NameKind.IGNORED),
        ("__tmp__a.eml", NameKind.IGNORED),
        ("a.eml~", NameKind.IGNORED),
        ("a.eml.tmp", NameKind.IGNORED),
        ("a.env.json", NameKind.IGNORED),
    ],
)
def test_a_name_says_what_it_is(name: str, kind: NameKind) -> None:
    assert name_kind(name) is kind


def test_own_names_are_drops_and_known_again() -> None:
    name = own_name(b"\x01" * 12)

    assert name == "maild-010101010101010101010101.eml"
    assert is_own_name(name)
    assert name_kind(name) is NameKind.DROP
    assert not is_own_name("maild-1.eml")


def test_the_envelope_file_stands_beside_its_drop() -> None:
    assert sidecar_name("a.b.eml") == "a.b.env.json"
    assert sidecar_name("A.EML") == "A.env.json"


@given(st.binary(max_size=300).map(os.fsdecode))
def test_a_safe_name_can_always_be_kept_and_shown(name: str) -> None:
    safe = safe_name(name)

    assert name_kind(safe) in {NameKind.DROP, NameKind.IGNORED}
    assert safe.isprintable()
    assert "/" not in safe
    assert not safe.startswith(("-", " ", "..")) or safe == ".eml"
    assert len(safe.encode()) <= MAX_NAME_OCTETS
