from maild.mail.header import Header
from maild.mail.note import Note, NoteCode
from maild.mail.signature import body_notes, signature_notes
from tests.rows import each_row


def header(*lines: str) -> Header:
    return Header.parse("".join(f"{line}\r\n" for line in lines).encode())


SIGNED = (
    "DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=k;",
    "\th=From:To : Subject:\r\n\t Reply-To:reply-to; b=abc; bh=def",
    "From: a@shop.example",
    "Reply-To: x@shop.example",
)


def broken(fields: str) -> tuple[Note, ...]:
    words = f"the DKIM signature of shop.example covers {fields}, which changed: because"
    return (Note(code=NoteCode.SIGNATURE_BROKEN, detail=words),)


@each_row(
    ("after", "notes"),
    [
        ((*SIGNED,), ()),
        ((*SIGNED, "X-Other: 1"), ()),
        ((*SIGNED[:3], "Reply-To: y@shop.example"), broken("Reply-To")),
        # Signed once more than it stands there: none may be added (RFC 6376 §5.4).
        ((*SIGNED, "Reply-To: y@shop.example"), broken("Reply-To")),
        ((*SIGNED, "To: y@shop.example", "Subject: x"), broken("To, Subject")),
        (("X-On-Top: 1", *SIGNED), ()),
    ],
)
def test_a_signature_breaks_when_a_field_it_covers_changes(after: tuple[str, ...], notes: tuple[Note, ...]) -> None:
    assert signature_notes(header(*SIGNED), header(*after), "because") == notes


def test_of_several_fields_the_last_ones_are_covered() -> None:
    signed = header("DKIM-Signature: d=shop.example; h=received", "Received: one", "Received: two")

    on_top = header("Received: new", *(f"{one.raw.decode().rstrip()}" for one in signed.fields))
    at_end = signed.with_added(header("Received: new").fields[0])

    assert signature_notes(signed, on_top, "because") == ()
    assert signature_notes(signed, at_end, "because") == broken("Received")


@each_row("tags", ["", "h", "h=", "d=\x07; h=", ";;;=;"])
def test_a_signature_that_says_nothing_covers_nothing(tags: str) -> None:
    signed = header(f"DKIM-Signature: {tags}", "From: a@b.example")

    assert signature_notes(signed, header("From: b@b.example"), "because") == ()


def test_a_signature_without_a_domain_is_told_of_all_the_same() -> None:
    signed = header("DKIM-Signature: h=from", "From: a@b.example")

    (note,) = signature_notes(signed, header("From: b@b.example"), "because")

    assert note.detail == "the DKIM signature of an unnamed domain covers From, which changed: because"


def test_a_changed_body_breaks_a_signature_and_is_said_anyway() -> None:
    assert [note.code for note in body_notes(header("From: a@b.example"))] == [NoteCode.LINE_ENDS_CHANGED]
    assert [note.code for note in body_notes(header(*SIGNED))] == [
        NoteCode.LINE_ENDS_CHANGED,
        NoteCode.SIGNATURE_BROKEN,
    ]
