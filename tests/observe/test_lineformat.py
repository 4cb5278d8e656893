import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from maild.config.model import LogFormat, LogLevel
from maild.observe.lineformat import MAX_VALUE_CHARS, LineForm, choose_form, format_line
from maild.observe.lines.line import LogLine, line
from tests.rows import each_row

AT = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)


@each_row(
    ("setting", "is_journal", "is_tty", "form"),
    [
        (LogFormat.AUTO, True, False, LineForm.JOURNAL),
        (LogFormat.AUTO, False, True, LineForm.COLOUR),
        (LogFormat.AUTO, False, False, LineForm.TEXT),
        (LogFormat.TEXT, True, True, LineForm.TEXT),
        (LogFormat.JSON, True, True, LineForm.JSON),
    ],
)
def test_the_form_follows_the_setting_and_where_the_lines_go(
    setting: LogFormat, *, is_journal: bool, is_tty: bool, form: LineForm
) -> None:
    assert choose_form(setting, is_journal=is_journal, is_tty=is_tty) is form


@each_row(
    ("form", "text"),
    [
        (LineForm.JOURNAL, "<4>drop_rejected drop=a.eml size=3 ok=no"),
        (LineForm.TEXT, "2026-11-23T12:00:00.250Z warning drop_rejected drop=a.eml size=3 ok=no"),
        (LineForm.COLOUR, "\x1b[33m2026-11-23T12:00:00.250Z warning drop_rejected drop=a.eml size=3 ok=no\x1b[0m"),
        (
            LineForm.JSON,
            (
                '{"at": "2026-11-23T12:00:00.250Z", "level": "warning", "event": "drop_rejected", '
                '"drop": "a.eml", "size": 3, "ok": false}'
            ),
        ),
    ],
)
def test_a_line_in_each_form(form: LineForm, text: str) -> None:
    log_line = line(LogLevel.WARNING, "drop_rejected", drop="a.eml", size=3, ok=False, nothing=None)

    assert format_line(log_line, form, AT) == text


@each_row(
    ("level", "priority"),
    [(LogLevel.ERROR, "<3>"), (LogLevel.WARNING, "<4>"), (LogLevel.INFO, "<6>"), (LogLevel.DEBUG, "<7>")],
)
def test_the_journal_gets_syslogs_priorities(level: LogLevel, priority: str) -> None:
    assert format_line(LogLine(level=level, event="x"), LineForm.JOURNAL, AT) == f"{priority}x"


@each_row(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("", '""'),
        ("two words", '"two words"'),
        ("a=b", '"a=b"'),
        ('say "hi" \\', '"say \\"hi\\" \\\\"'),
        ("büro", "büro"),
        ("a\nforged line", '"a\\nforged line"'),
        ("\x1b[2J", '"\\x1b[2J"'),
        ("\u202eevil", '"\\u202eevil"'),
        (True, "yes"),
        (1.5, "1.5"),
    ],
)
def test_a_value_is_quoted_when_it_could_be_misread(value: str | float, shown: str) -> None:
    assert format_line(line(LogLevel.INFO, "x", v=value), LineForm.JOURNAL, AT) == f"<6>x v={shown}"


def test_a_long_value_is_cut() -> None:
    log_line = line(LogLevel.INFO, "x", v="y" * 5000)

    assert len(format_line(log_line, LineForm.JOURNAL, AT)) == len("<6>x v=") + MAX_VALUE_CHARS


@given(value=st.text(), form=st.sampled_from(LineForm))
def test_no_value_can_make_a_second_line(value: str, form: LineForm) -> None:
    assert len(format_line(line(LogLevel.INFO, "x", v=value), form, AT).splitlines()) == 1


@given(value=st.text(max_size=MAX_VALUE_CHARS))
def test_json_gives_a_value_back_as_it_was(value: str) -> None:
    assert json.loads(format_line(line(LogLevel.INFO, "x", v=value), LineForm.JSON, AT))["v"] == value
