from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.model import Account, HttpSettings, Limits, ReplyToPolicy
from maild.delivery.outgoing import (
    choose_sender,
    edit_head,
    headers_of_message,
    make_outgoing,
    sender_of_message,
    unfit,
)
from maild.mail.address import Mailbox
from maild.mail.header import HeaderError
from maild.mail.note import Note, NoteCode
from maild.spool.queue import (
    AccountSender,
    FileBody,
    InlineBody,
    Leased,
    MessageState,
    NullSender,
    QueuedMessage,
    QueueId,
    SenderChoice,
)
from tests.delivery.world import account
from tests.rows import each_row

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OFFICE = Mailbox("office", "example.org")
PLAIN = b"From: A <a@example.org>\r\nSubject: folded\r\n  line\r\n"
WITH_REPLY = b"reply-TO : old@example.org,\r\n more@example.org\r\nFrom: a@example.org\r\nX: 1\r\n"


def leased(head: bytes = PLAIN, sender: SenderChoice | None = None) -> Leased:
    message = QueuedMessage(
        id=QueueId("1"),
        state=MessageState.SENDING,
        sender=sender or AccountSender(),
        recipients=(),
        message_id="<1@example.org>",
        size_bytes=1,
        received_at=NOON,
        expires_at=NOON,
        next_at=NOON,
    )
    return Leased(message=message, head=head, body=InlineBody(data=b"body\r\n"))


def choosing(username: str | None, email: Mailbox | None) -> str:
    chosen = choose_sender(AccountSender(), account(username=username, email=email, reply_to=(OFFICE,)))
    return str(chosen)


def test_the_sender_address_is_chosen_as_the_form_does() -> None:
    other = Mailbox("other", "example.org")

    assert choosing("me@example.org", None) == "me@example.org"
    assert choosing("login", other) == "other@example.org"
    assert choosing(None, other) == "other@example.org"
    assert choosing(None, None) == "office@example.org"


def test_a_message_may_bring_its_own_reverse_path_or_none() -> None:
    assert choose_sender(OFFICE, account()) == OFFICE
    assert choose_sender(NullSender(), account()) is None


def test_only_the_accounts_own_address_is_the_accounts_to_answer_for() -> None:
    billing = account("billing")

    assert make_outgoing(leased(), billing).is_own_sender
    assert make_outgoing(leased(sender=Mailbox("billing", "example.org")), billing).is_own_sender
    assert not make_outgoing(leased(sender=OFFICE), billing).is_own_sender
    assert not make_outgoing(leased(sender=NullSender()), billing).is_own_sender
    assert make_outgoing(leased(), billing).body == InlineBody(data=b"body\r\n")


def test_a_complete_header_stays_as_it_is() -> None:
    assert edit_head(PLAIN, account()) is PLAIN


@each_row(
    ("name", "line"),
    [
        (None, b"From: billing@example.org\r\n"),
        ("Example Shop", b"From: Example Shop <billing@example.org>\r\n"),
        ("Shop, Inc.", b'From: "Shop, Inc." <billing@example.org>\r\n'),
        ("Caf\u00e9", b"From: =?utf-8?B?Q2Fmw6k=?= <billing@example.org>\r\n"),
    ],
)
def test_a_missing_from_is_added(name: str | None, line: bytes) -> None:
    edited = edit_head(b"Subject: x\r\n", account("billing", display_name=name))

    assert edited == b"Subject: x\r\n" + line


def test_reply_to_is_added_where_the_message_has_none() -> None:
    several = account(reply_to=(OFFICE, Mailbox("b", "example.org")))

    assert edit_head(PLAIN, several) == PLAIN + b"Reply-To: office@example.org, b@example.org\r\n"


def test_reply_to_of_the_message_is_kept_unless_the_account_says_otherwise() -> None:
    keeping = account(reply_to=(OFFICE,))

    assert edit_head(WITH_REPLY, keeping) == WITH_REPLY
    assert (
        edit_head(WITH_REPLY, replace(keeping, reply_to_policy=ReplyToPolicy.REPLACE))
        == b"Reply-To: office@example.org\r\nFrom: a@example.org\r\nX: 1\r\n"
    )


def test_an_account_without_reply_to_changes_none() -> None:
    replacing = account(reply_to_policy=ReplyToPolicy.REPLACE)

    assert edit_head(WITH_REPLY, replacing) is WITH_REPLY


def test_a_changed_field_that_a_signature_covers_is_noted() -> None:
    signed = b"DKIM-Signature: d=shop.example; h=from:reply-to\r\n" + WITH_REPLY
    keeping = account(reply_to=(OFFICE,))
    replacing = replace(keeping, reply_to_policy=ReplyToPolicy.REPLACE)

    assert make_outgoing(leased(signed), keeping).notes == ()
    assert make_outgoing(leased(WITH_REPLY), replacing).notes == ()
    assert make_outgoing(leased(signed), replacing).notes == (
        Note(
            code=NoteCode.SIGNATURE_BROKEN,
            detail="the DKIM signature of shop.example covers Reply-To, which changed: account billing asks for it",
        ),
    )


def test_a_header_that_is_none_is_an_error_only_when_it_must_be_changed() -> None:
    with pytest.raises(HeaderError):
        edit_head(b"no field\r\n", account())


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=200))
def test_no_display_name_adds_a_field(name: str) -> None:
    billing: Account = account("billing", display_name=name)

    edited = edit_head(b"Subject: x\r\n", billing)

    lines = edited.split(b"\r\n")
    assert lines[0] == b"Subject: x"
    assert lines[1].startswith(b"From:")
    assert all(line.startswith((b" ", b"\t")) for line in lines[2:-1])


@each_row(
    ("head", "choice", "sender"),
    [
        (PLAIN, AccountSender(), "a@example.org"),
        (PLAIN, OFFICE, "office@example.org"),
        (PLAIN, NullSender(), ""),
        (b"Subject: x\r\n", AccountSender(), ""),
        (b"From: nobody\r\n", AccountSender(), ""),
        (b"From: (nobody)\r\n", AccountSender(), ""),
    ],
)
def test_routes_see_the_envelopes_sender_or_the_author(head: bytes, choice: SenderChoice, sender: str) -> None:
    assert sender_of_message(leased(head, choice)) == sender


def test_routes_see_unfolded_fields_by_lower_case_name() -> None:
    head = b"X-Class: a\r\nSubject: folded\r\n  line\r\nx-class: b\r\n"

    assert headers_of_message(leased(head)) == {"x-class": ("a", "b"), "subject": ("folded  line",)}


@pytest.mark.parametrize("body", [InlineBody(data=bytes(1000)), FileBody(path=Path("body"), size_bytes=1000)])
def test_a_message_has_the_size_of_its_header_and_body(body: InlineBody | FileBody) -> None:
    outgoing = make_outgoing(replace(leased(), body=body), account())

    assert outgoing.size_bytes == len(PLAIN) + 2 + 1000


def test_an_account_says_how_large_a_message_it_sends() -> None:
    outgoing = make_outgoing(replace(leased(), body=InlineBody(data=bytes(1000))), account())
    size = outgoing.size_bytes

    assert unfit(outgoing, account()) is None
    assert unfit(outgoing, account(limits=Limits(max_bytes=size))) is None
    assert unfit(outgoing, account(limits=Limits(max_bytes=1000))) == (
        f"it has {size} bytes, and the account billing sends at most 1kB (limits.max_size)"
    )


def test_a_wish_for_tls_is_no_part_of_what_is_sent_and_no_way_by_http_has_it() -> None:
    wishing = make_outgoing(leased(PLAIN + b"X-Maild-Require-TLS: yes\r\n"), account())

    assert (wishing.requires_tls, wishing.head, wishing.notes) == (True, PLAIN, ())
    assert not make_outgoing(leased(), account()).requires_tls
    assert unfit(wishing, account()) is None
    assert "REQUIRETLS" in (unfit(wishing, account(transport=HttpSettings(url="https://x.example/"))) or "")
