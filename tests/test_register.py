from hypothesis import given
from hypothesis import strategies as st

from maild.register import MOST_FRESH, Register

NAMES = st.sampled_from("abcdef")
ENTRIES = st.dictionaries(NAMES, st.text(max_size=1).map(lambda text: [text]), max_size=4)
EDITS = st.lists(st.tuples(ENTRIES, st.sets(NAMES, max_size=2)), max_size=5)


@given(ENTRIES, EDITS)
def test_a_register_that_was_edited_is_what_a_dict_would_be(
    first: dict[str, list[str]], edits: list[tuple[dict[str, list[str]], set[str]]]
) -> None:
    history = [(Register(first), dict(first))]
    for changed, gone in edits:
        register, entries = history[-1]
        left = {name: entry for name, entry in {**entries, **changed}.items() if name not in gone}
        history.append((register.after(changed, gone), left))

    # Looked at in the end only: no edit has changed what was there before it.
    for register, entries in history:
        assert list(register.items()) == list(entries.items())
        assert (list(register), list(register.values()), len(register)) == (
            list(entries),
            list(entries.values()),
            len(entries),
        )
        assert register == entries == {name: register[name] for name in register.names}
        assert all((register.get(name), name in register) == (entries.get(name), name in entries) for name in "abcdef")
    for one, mine in history:
        for other, its in history:
            differing = {name for name in mine.keys() | its.keys() if mine.get(name) is not its.get(name)}
            assert one.differing(other) == differing


def test_hundreds_of_edits_leave_what_they_should() -> None:
    start = Register(dict.fromkeys(range(300), ""))
    register = start
    for number in range(MOST_FRESH + 9):
        before, register = register, register.after({number: f"edit {number}"})
        assert register.differing(before) == {number}

    assert register.names is start.names
    assert [register[0], register[MOST_FRESH + 8], register[299]] == ["edit 0", f"edit {MOST_FRESH + 8}", ""]
    assert set(start.values()) == {""}


def test_an_edit_that_changes_nothing_is_the_very_same_register() -> None:
    entry = ["entry"]
    register = Register({"a": entry})

    assert register.after({"a": entry}, ["b"]) is register
    assert Register.of(register) is register
    assert Register.of({"a": entry}).after({"b": entry}).get("c", "none") == "none"
    assert repr(register) == "Register({'a': ['entry']})"
