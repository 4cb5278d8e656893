from maild.probe.lines import MOST, MOST_AT_SERVER, Lines


def test_of_one_server_so_many_begin_and_the_others_when_those_are_done() -> None:
    lines = Lines()
    for number in range(MOST_AT_SERVER + 2):
        lines.add(f"a{number}", "one")
    lines.add("b", "two")

    begun = lines.take(100)
    assert [name for name, _ in begun] == [*(f"a{number}" for number in range(MOST_AT_SERVER)), "b"]
    assert lines.take(100) == []
    for _, server in begun[:1]:
        lines.done(server)
    assert lines.take(100) == [(f"a{MOST_AT_SERVER}", "one")]
    lines.done("two")
    for _ in range(MOST_AT_SERVER):
        lines.done("one")
    assert lines.take(100) == [(f"a{MOST_AT_SERVER + 1}", "one")]
    lines.done("one")
    assert lines.take(100) == []


def test_no_more_begin_in_one_turn_or_altogether_than_may() -> None:
    lines = Lines()
    for number in range(MOST + 1):
        lines.add(f"a{number}", f"server{number}")

    assert len(lines.take(20)) == 20
    assert len(lines.take(1000)) == MOST - 20
    assert lines.take(1000) == []


def test_a_name_stands_in_one_line_and_in_it_once() -> None:
    lines = Lines()
    lines.add("a", "old")
    lines.add("a", "old")
    lines.add("a", "new")

    assert lines.take(10) == [("a", "new")]
    lines.add("a", "new")
    assert lines.take(10) == [("a", "new")]
