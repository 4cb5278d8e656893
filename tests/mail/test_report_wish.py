import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.report_wish import (
    USUAL_WISH,
    Notify,
    ReportWish,
    ReportWishError,
    check_envelope_id,
    format_notify,
    parse_notify,
)
from tests.rows import each_row


@given(st.frozensets(st.sampled_from(Notify)))
def test_what_is_written_is_read(notify: frozenset[Notify]) -> None:
    assert parse_notify(format_notify(notify)) == notify


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        (USUAL_WISH, [Notify.FAILURE, Notify.DELAY]),
        (ReportWish(notify=frozenset()), []),
        (ReportWish(notify=frozenset({Notify.SUCCESS})), [Notify.SUCCESS]),
    ],
)
def test_who_says_nothing_hears_of_failures_and_delays(wish: ReportWish, wanted: list[Notify]) -> None:
    assert [occasion for occasion in Notify if wish.wants(occasion)] == wanted


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["never", "delay"], "never cannot stand beside another occasion"),
        (["always"], "'always' is no occasion of a report: write success, failure, delay or never"),
        ([], "'' is no occasion of a report: write success, failure, delay or never"),
    ],
)
def test_unknown_occasions_are_said(words: list[str], message: str) -> None:
    with pytest.raises(ReportWishError) as caught:
        parse_notify(words)

    assert str(caught.value) == message


def test_occasions_are_read_in_any_case() -> None:
    assert parse_notify(["SUCCESS", " failure "]) == {Notify.SUCCESS, Notify.FAILURE}


@each_row("text", ["", "a" * 101, "a\r\nb", "ä"])
def test_an_envelope_id_that_could_not_be_repeated_is_refused(text: str) -> None:
    with pytest.raises(ReportWishError, match="1 to 100 printable ASCII characters"):
        check_envelope_id(text)


def test_an_envelope_id_may_hold_every_printable_character() -> None:
    assert check_envelope_id("order=4711 +x") == "order=4711 +x"
