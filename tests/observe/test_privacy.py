import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.model import Privacy
from maild.mail.address import Mailbox
from maild.observe.privacy import AddressVeil
from tests.rows import each_row


def veil(privacy: Privacy, key: bytes = b"k" * 32) -> AddressVeil:
    return AddressVeil(privacy=privacy, key=key)


@pytest.mark.parametrize(
    ("privacy", "shown"),
    [(Privacy.FULL, "bob@example.com"), (Privacy.DOMAIN, "*@example.com")],
)
def test_an_address_is_shown_as_far_as_the_setting_allows(privacy: Privacy, shown: str) -> None:
    assert veil(privacy).show(Mailbox("bob", "example.com")) == shown


def test_a_hashed_address_is_the_same_each_time_and_another_one_under_another_key() -> None:
    bob = Mailbox("bob", "example.com")

    assert veil(Privacy.HASHED).show(bob) == veil(Privacy.HASHED).show(bob)
    assert veil(Privacy.HASHED).show(bob) == veil(Privacy.HASHED).show_text("bob@EXAMPLE.com")
    assert veil(Privacy.HASHED).show(bob) != veil(Privacy.HASHED, b"other").show(bob)
    assert veil(Privacy.HASHED).show(bob).startswith("#")


@each_row(
    ("text", "shown"),
    [
        ("550 5.1.1 <bob@example.com>: user unknown", "550 5.1.1 <*@example.com>: user unknown"),
        ('"bob smith"@example.com is unknown', "*@example.com is unknown"),
        ("rcpt=bob+tag@example.com,amy@b.example", "*@example.com,*@b.example"),
        ("no address here", "no address here"),
        ("at the @ sign", "at the @ sign"),
        ("büro@exämple.de", "*@exämple.de"),
    ],
)
def test_addresses_in_a_servers_words_are_covered_too(text: str, shown: str) -> None:
    assert veil(Privacy.DOMAIN).show_text(text) == shown


def test_full_privacy_leaves_text_alone() -> None:
    assert veil(Privacy.FULL).show_text("<bob@example.com>") == "<bob@example.com>"


@given(
    before=st.text(alphabet=" <>:;,=()[]'", max_size=3),
    local=st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd"]), min_size=3, max_size=60),
    after=st.text(alphabet=" <>:;,()'", max_size=3),
)
def test_no_local_part_survives(before: str, local: str, after: str) -> None:
    shown = veil(Privacy.DOMAIN).show_text(f"{before}{local}@example.com{after}")

    assert f"{local}@" not in shown


def test_the_veil_does_not_print_its_key() -> None:
    assert "kkk" not in repr(veil(Privacy.HASHED))
