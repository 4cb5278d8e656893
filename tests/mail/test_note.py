from maild.mail.note import MAX_NOTES, Note, NoteCode, merged

ONE = Note(code=NoteCode.SIGNATURE_BROKEN, detail="one")
TWO = Note(code=NoteCode.LINE_ENDS_CHANGED, detail="two")


def test_each_note_stands_once() -> None:
    assert merged((ONE,), (TWO, ONE)) == (ONE, TWO)
    assert merged((ONE,), ()) == (ONE,)


def test_notes_do_not_grow_for_ever() -> None:
    many = tuple(Note(code=NoteCode.SIGNATURE_BROKEN, detail=str(number)) for number in range(100))

    assert merged((ONE,), many) == (ONE, *many[: MAX_NOTES - 1])
