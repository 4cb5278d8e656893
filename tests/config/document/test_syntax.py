import yaml

from maild.config.document import parse_document
from maild.config.document.events import EventLoader, PureLoader
from maild.config.fault import YamlSyntax
from maild.config.syntax_cause import SyntaxCause
from tests.config.document.cut import cut
from tests.rows import each_row

LOADERS = [yaml.CSafeLoader, PureLoader]

SPECIAL = SyntaxCause.UNQUOTED_SPECIAL
CASES = [
    ("a: 1\npassword: @x  # y\n", SPECIAL, 2, "@x"),
    ("a: `x`\n", SPECIAL, 1, "`x`"),
    ("a: %x\n", SPECIAL, 1, "%x"),
    ("a: *@example.com\n", SPECIAL, 1, "*@example.com"),
    ("a: *Secret1\n", SPECIAL, 1, "*Secret1"),
    ("a: &\n", SPECIAL, 1, "&"),
    ("a: !<x\n", SPECIAL, 1, "!<x"),
    ("a: !x!y z\n", SPECIAL, 1, "!x!y z"),
    ("a: {b} c\nd: 1\n", SPECIAL, 1, "{b} c"),
    ("- [b] c\n", SPECIAL, 1, "[b] c"),
    ("a: ,x\n", SPECIAL, 1, ",x"),
    ("a: ]x\n", SPECIAL, 1, "]x"),
    ("a: {env: ${X}}\n", SPECIAL, 1, "${X}"),
    ("a: {b: *c/d}, e: f}\n", SPECIAL, 1, "*c/d"),
    ("a: [{b: @c, d: e}]\n", SPECIAL, 1, "@c"),
    ("a: [\n  {b: 1}, @c , d]\n", SPECIAL, 2, "@c"),
    ('a: {\n  b: "]}", c: @d, e: f}\n', SPECIAL, 2, "@d"),
    ("a: {\n  b: 1, # ]}\n  c: %d {e}, f: g}\n", SPECIAL, 3, "%d {e}"),
    ("a: [\n  @b c\n]\n", SPECIAL, 2, "@b c"),
    ("a: b [c\nd: @e, f\n", SPECIAL, 2, "@e, f"),
    ("a: [b]\nd: @e, f\n", SPECIAL, 2, "@e, f"),
    ("- - @e, f\n", SPECIAL, 1, "@e, f"),
    ("a: |x\n", SPECIAL, 1, "|x"),
    ("a: >x y\n", SPECIAL, 1, ">x y"),
    ("a: - b\n", SPECIAL, 1, "- b"),
    ("a: ? b: c\n", SPECIAL, 1, "? b: c"),
    ("a:\n\tb: 1\n", SyntaxCause.TAB_INDENTATION, 2, "\t"),
    ("a:\n  b: 1\n\tc: 2\n", SyntaxCause.TAB_INDENTATION, 3, "\t"),
    ("a:\n  b: 1\n  \t c: 2\n", SyntaxCause.TAB_INDENTATION, 3, "\t "),
    ("a: b: c\n", SyntaxCause.COLON_IN_VALUE, 1, "b: c"),
    ("- a: b: c # d\n", SyntaxCause.COLON_IN_VALUE, 1, "b: c"),
    ('"a": "b": c\n', SyntaxCause.COLON_IN_VALUE, 1, '"b": c'),
    ('a: "x\nb: y\n', SyntaxCause.MISSING_QUOTE, 1, '"'),
    ('a: "x\nb: "y"\n', SyntaxCause.MISSING_QUOTE, 1, '"'),
    ("a: 'x\nb: 1\n", SyntaxCause.MISSING_QUOTE, 1, "'"),
    ('f: "A" <a@b.example>\n', SyntaxCause.TEXT_AFTER_QUOTE, 1, "<a@b.example>"),
    ('a: {f: "A" <a@b.example>, c: 1}\n', SyntaxCause.TEXT_AFTER_QUOTE, 1, "<a@b.example>"),
    ('a: ""b""\n', SyntaxCause.TEXT_AFTER_QUOTE, 1, 'b""'),
    ("s:\n  host:x\n  port: 1\n", SyntaxCause.NO_SPACE_AFTER_COLON, 2, "host:"),
    ("s:\n  port: 1\n  host:x\nv: 1\n", SyntaxCause.NO_SPACE_AFTER_COLON, 3, "host:"),
    ("version:1\nprotocol: smtp\n", SyntaxCause.NO_SPACE_AFTER_COLON, 1, "version:"),
    ("protocol: smtp\nversion:1\n", SyntaxCause.NO_SPACE_AFTER_COLON, 2, "version:"),
    ("s:\n  host x\n  port: 1\n", SyntaxCause.MISSING_COLON, 2, "host"),
    ("v: 1\nfoo bar\nb: 1\n", SyntaxCause.MISSING_COLON, 2, "foo"),
    ("a: [b\nc: d\n", SyntaxCause.UNCLOSED_BRACKET, 1, "["),
    ("a: {b: 1\n", SyntaxCause.UNCLOSED_BRACKET, 1, "{"),
    ("a: 1\nb: {\n", SyntaxCause.UNCLOSED_BRACKET, 2, "{"),
    ("a: {b: 1, c: [\n\n", SyntaxCause.UNCLOSED_BRACKET, 1, "["),
    ("a: {b: 1, c:\n", SyntaxCause.UNCLOSED_BRACKET, 1, "{"),
    ("a: {b: [1, 2}\n", SyntaxCause.UNCLOSED_BRACKET, 1, "["),
    ('a: "C:\\dir"\n', SyntaxCause.BACKSLASH, 1, "\\d"),
    ('a:\n    b: 2\n  "c d" : 3 # e\n', SyntaxCause.INDENTATION, 3, '"c d"'),
    ("a:\n    b: 2\n  c\n", SyntaxCause.INDENTATION, 3, "c"),
    ("a: 1\n  b: 2\n", SyntaxCause.INDENTATION, 2, "b"),
    ("a: http://x\n  b: 2\n", SyntaxCause.INDENTATION, 2, "b"),
    ("a:\n    b: 2\n  c: 3\n", SyntaxCause.INDENTATION, 3, "c"),
    (" a: 1\nb: 2\n", SyntaxCause.INDENTATION, 1, "a"),
    ("# c\n\n  a: 1\nb: 2\n", SyntaxCause.INDENTATION, 3, "a"),
    ('a: "b\nc: ["*d", e]\n', SyntaxCause.MISSING_QUOTE, 1, '"'),
    ("'# x\n# d's words\na: 1\n", SyntaxCause.MISSING_QUOTE, 1, "'"),
    ("- a\nb: 1\n", SyntaxCause.INDENTATION, 2, "b"),
    ("a: {b: 1}\n  c: 2\n", SyntaxCause.INDENTATION, 2, "c"),
    ("a: {b: c d: e}\n", SyntaxCause.MISSING_COMMA, 1, "c"),
    ('{"a": 1 "b": 2}\n', SyntaxCause.MISSING_COMMA, 1, "1"),
    ('{\n  "a": "x"\n  "b": 2\n}\n', SyntaxCause.MISSING_COMMA, 2, '"'),
    ("a: [b: {c: d e: f}\n", SyntaxCause.MISSING_COMMA, 1, "d"),
    ('a: "C:\\Users\\x"\n', SyntaxCause.BACKSLASH, 1, "\\U"),
    ("a: b\n\xa0c\nd: e\n", SyntaxCause.MISSING_COLON, 2, "\xa0c"),
    ("[\n]: x\n", "", 2, ": x"),
    ("a:b: c: d\n", SyntaxCause.COLON_IN_VALUE, 1, "c: d"),
    ("a: : d\n", SyntaxCause.COLON_IN_VALUE, 1, ": d"),
    ('a: "x"\n- b\n', SyntaxCause.INDENTATION, 2, "-"),
    ("%YAML 3.0\n---\na: 1\n", "", 1, "%YAML 3.0"),
    ("a: x\x07y\n", SyntaxCause.CONTROL_CHARACTER, 1, "\x07"),
    ("a: x\u2028y\n", SyntaxCause.CONTROL_CHARACTER, 1, "\u2028"),
    ("a: x\ufeffy\n", SyntaxCause.CONTROL_CHARACTER, 1, "\ufeff"),
]


@each_row("loader", LOADERS)
@each_row(
    ("text", "cause", "line", "written"),
    [*CASES, *((text.replace("\n", "\r\n"), cause, line, written) for text, cause, line, written in CASES)],
)
def test_a_syntax_error_is_shown_where_a_person_would_look(
    text: str, cause: str, line: int, written: str, loader: EventLoader
) -> None:
    parsed = parse_document("x.yaml", text.encode(), loader=loader)

    (fault,) = parsed.faults
    assert isinstance(fault, YamlSyntax)
    assert (fault.cause, fault.span.line, cut(text, fault.span)) == (cause, line, written)
    assert parsed.document is None


@each_row("loader", LOADERS)
@each_row(
    "text", ["password: !hunter2!x y\n", "password: *hunter2\n", 'password: "hunter2\\d"\n', "password: @hunter2\n"]
)
def test_the_problem_of_a_syntax_error_repeats_no_words_of_the_file(text: str, loader: EventLoader) -> None:
    (fault,) = parse_document("x.yaml", text.encode(), loader=loader).faults

    assert "hunter2" not in repr(fault)


@each_row("loader", LOADERS)
def test_an_error_at_the_end_of_a_text_is_shown_at_the_last_thing_written(loader: EventLoader) -> None:
    text = "? [a\n\n\n"

    (fault,) = parse_document("x.yaml", text.encode(), loader=loader).faults

    assert isinstance(fault, YamlSyntax)
    assert cut(text, fault.span) == "["


def test_an_unknown_directive_is_an_error_without_a_usual_cause() -> None:
    (fault,) = parse_document("x.yaml", b"%foo bar\na: 1\n").faults

    assert isinstance(fault, YamlSyntax)
    assert (fault.cause, fault.span.line) == ("", 1)
