import click

from maild.cli.man.calls import command_page, program_page
from maild.cli.man.roff import Section


def test_a_program_s_help_is_split_behind_the_way_to_call_it() -> None:
    page = program_page("x", "do x", "Usage: x [-a]\n         [-b]\nDoes x.\nAnd y.")

    assert page.synopsis == ("x [-a] [-b]",)
    assert page.sections[0] == Section(heading="DESCRIPTION", text="Does x.\nAnd y.")
    assert program_page("x", "do x", "Usage: x\n\nDoes x.").sections[0].text == "Does x."


def test_a_command_without_words_of_its_own_still_has_a_page() -> None:
    page = command_page("x", click.Command("x", add_help_option=False), "Do x.")

    assert (page.summary, page.synopsis) == ("Do x", ("maild x [OPTIONS]",))
    assert page.sections[0].text == ""


def test_a_command_below_without_options_has_its_words_alone() -> None:
    below = click.Command("y", help="Does y.", add_help_option=False)
    page = command_page("x", click.Group("x", {"y": below}, add_help_option=False), "Do x.")

    assert page.sections[1] == Section(heading="maild x y", text="Does y.")
