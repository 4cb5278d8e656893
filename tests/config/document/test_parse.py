import yaml
from hypothesis import given
from hypothesis import strategies as st

from maild.config.document import MAX_BYTES, Document, Parsed, ScalarStyle, parse_document
from maild.config.document.events import EventLoader, PureLoader
from maild.config.fault import (
    DuplicateKey,
    Fault,
    NotUtf8,
    Pointer,
    RecursiveAlias,
    TooDeep,
    TooLarge,
    TooManyNodes,
    UnsupportedYaml,
    YamlSyntax,
)
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Span
from tests.config.document.cut import cut
from tests.rows import each_row

LOADERS = [yaml.CSafeLoader, PureLoader]
both_loaders = each_row("loader", LOADERS)


def span(line: int, column: int, end_line: int, end_column: int) -> Span:
    return Span(line=line, column=column, end_line=end_line, end_column=end_column)


def document_of(text: str, loader: EventLoader = PureLoader) -> Document:
    parsed = parse_document("x.yaml", text.encode(), loader=loader)
    assert parsed.faults == ()
    assert parsed.document is not None
    return parsed.document


def faults_of(text: str, loader: EventLoader) -> tuple[Fault, ...]:
    return parse_document("x.yaml", text.encode(), loader=loader).faults


SAMPLE = """# größe 🎉
smtp: &smtp   # the server
  # more
  host: "smö\tx"\t# wide
  port:\t0587
  tls: {mode: implicit, 'verify': true, ca: }

  # tail
password:
list:
- a
-
- b: |
    foo
    bar

- "x
   y"
- [1, [2]]
copy: *smtp
"a/b~c": plain
  goes on   # and ends
"""


@both_loaders
def test_every_value_and_key_has_its_place(loader: EventLoader) -> None:
    document = document_of(SAMPLE, loader)

    written = {
        pointer: (None if mark.key is None else cut(SAMPLE, mark.key), cut(SAMPLE, mark.value))
        for pointer, mark in document.marks.items()
    }

    block = SAMPLE[SAMPLE.index("host:") : SAMPLE.index("\n\n  # tail")]
    assert written.pop(Pointer("")) == (None, SAMPLE[SAMPLE.index("smtp:") : SAMPLE.index("   # and ends")])
    assert written == {
        "/smtp": ("smtp", block),
        "/smtp/host": ("host", '"smö\tx"'),
        "/smtp/port": ("port", "0587"),
        "/smtp/tls": ("tls", "{mode: implicit, 'verify': true, ca: }"),
        "/smtp/tls/mode": ("mode", "implicit"),
        "/smtp/tls/verify": ("'verify'", "true"),
        "/smtp/tls/ca": ("ca", ""),
        "/password": ("password", ""),
        "/list": ("list", SAMPLE[SAMPLE.index("- a") : SAMPLE.index("\ncopy")]),
        "/list/0": (None, "a"),
        "/list/1": (None, ""),
        "/list/2": (None, "b: |\n    foo\n    bar"),
        "/list/2/b": ("b", "|\n    foo\n    bar"),
        "/list/3": (None, '"x\n   y"'),
        "/list/4": (None, "[1, [2]]"),
        "/list/4/0": (None, "1"),
        "/list/4/1": (None, "[2]"),
        "/list/4/1/0": (None, "2"),
        "/copy": ("copy", "*smtp"),
        "/a~1b~0c": ('"a/b~c"', "plain\n  goes on"),
    }


@both_loaders
def test_values_are_plain(loader: EventLoader) -> None:
    smtp = {"host": "smö\tx", "port": 587, "tls": {"mode": "implicit", "verify": True, "ca": None}}

    assert document_of(SAMPLE, loader).value == {
        "smtp": smtp,
        "password": None,
        "list": ["a", None, {"b": "foo\nbar\n"}, "x y", [1, [2]]],
        "copy": smtp,
        "a/b~c": "plain goes on",
    }


def test_a_mark_knows_how_its_scalar_is_written() -> None:
    marks = document_of("a: 0587\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >\n  x\nf: &x y\ng: [*x]\n").marks

    assert {pointer: (mark.raw, mark.style, mark.is_anchored) for pointer, mark in marks.items()} == {
        "": (None, None, False),
        "/a": ("0587", ScalarStyle.PLAIN, False),
        "/b": ("'x'", ScalarStyle.SINGLE_QUOTED, False),
        "/c": ('"x"', ScalarStyle.DOUBLE_QUOTED, False),
        "/d": ("|\n  x", ScalarStyle.LITERAL, False),
        "/e": (">\n  x", ScalarStyle.FOLDED, False),
        "/f": ("y", ScalarStyle.PLAIN, True),
        "/g": (None, None, False),
        "/g/0": (None, None, False),
    }
    assert len(marks) == 9


@both_loaders
@each_row(
    ("text", "value", "written"),
    [
        ("a: &x 5\n", 5, "5"),
        ("a: &x   # c\n  b: 1\n", {"b": 1}, "b: 1"),
        ("a: &x\n  - 1\n", [1], "- 1"),
        ("a: &x {b: 1}\n", {"b": 1}, "{b: 1}"),
        ("a: &x\nb: 1\n", None, ""),
        ("a: &x\n", None, ""),
    ],
)
def test_an_anchor_is_no_part_of_its_value(text: str, value: object, written: str, loader: EventLoader) -> None:
    document = document_of(text, loader)

    assert document.value_at(Pointer("/a")) == value
    assert cut(text, document.value_span(Pointer("/a"))) == written
    assert document.marks[Pointer("/a")].is_anchored


@both_loaders
@each_row("line_break", ["\n", "\r\n", "\r"])
@each_row("mark", ["", "\ufeff"])
def test_line_breaks_and_a_byte_order_mark_move_nothing(line_break: str, mark: str, loader: EventLoader) -> None:
    parsed = parse_document("x.yaml", (mark + SAMPLE.replace("\n", line_break)).encode(), loader=loader)

    assert parsed.document is not None
    assert dict(parsed.document.marks) == {
        pointer: mark if mark.raw is None or "\n" not in mark.raw else parsed.document.marks[pointer]
        for pointer, mark in document_of(SAMPLE, loader).marks.items()
    }
    assert parsed.document.value_span(Pointer("/list/2/b")) == span(13, 6, 15, 8)


def test_a_pointer_without_a_place_has_that_of_the_nearest_value_around() -> None:
    document = document_of("a:\n  b: &x {c: 1}\n  d: *x\n")

    assert document.value_span(Pointer("/a/d/c")) == document.value_span(Pointer("/a/d")) == span(3, 6, 3, 8)
    assert document.key_span(Pointer("/a/d/c")) == span(3, 3, 3, 4)
    assert document.key_span(Pointer("/a/missing")) == span(1, 1, 1, 2)
    assert document.key_span(Pointer("/missing")) == document.value_span(Pointer("")) == span(1, 1, 3, 8)


@each_row(
    ("pointer", "value"),
    [
        ("", {"a/b": [1, {"c~": 2}]}),
        ("/a~1b/0", 1),
        ("/a~1b/1/c~0", 2),
        ("/a~1b/2", None),
        ("/a~1b/x", None),
        ("/a~1b/0/y", None),
        ("/z", None),
    ],
)
def test_a_value_is_found_by_its_pointer(pointer: str, value: object) -> None:
    assert document_of("a/b: [1, {c~: 2}]").value_at(Pointer(pointer)) == value


@both_loaders
@each_row("text", ["", "# nothing\n", "---\n", "\n\n"])
def test_an_empty_file_is_a_document_of_nothing(text: str, loader: EventLoader) -> None:
    document = document_of(text, loader)

    assert document.value is None
    assert cut(text, document.value_span(Pointer("/a"))) == ""


@both_loaders
@each_row(
    ("text", "place"),
    [
        ("[" * 60, span(1, 51, 1, 52)),
        ("[" * 51 + "]" * 51, span(1, 51, 1, 52)),
        ("- " * 60, span(1, 101, 1, 102)),
        ("{a: " * 60, span(1, 201, 1, 202)),
        ("? " * 60, span(1, 101, 1, 102)),
        ("a: &a " + "[" * 26 + "]" * 26 + "\nb: " + "[" * 26 + "*a" + "]" * 26 + "\n", span(2, 30, 2, 32)),
    ],
)
def test_what_is_nested_too_deep_is_refused_at_the_first_level_too_many(
    text: str, place: Span, loader: EventLoader
) -> None:
    parsed = parse_document("x.yaml", text.encode(), loader=loader)

    assert parsed == Parsed(document=None, text=text, faults=(TooDeep(span=place, limit=50),))


@each_row(
    ("text", "place"),
    [
        ("[" * 30_000, span(1, 51, 1, 52)),
        ("[" * 30_000 + "]" * 30_000, span(1, 51, 1, 52)),
        ("a: [[], " + "[" * 30_000, span(1, 57, 1, 58)),
        ("- " * 15_000, span(1, 101, 1, 102)),
        ("{a: " * 10_000, span(1, 201, 1, 202)),
    ],
)
def test_what_kills_a_recursive_parser_is_only_refused(text: str, place: Span) -> None:
    parsed = parse_document("x.yaml", text.encode())

    assert parsed.faults == (TooDeep(span=place, limit=50),)


@both_loaders
def test_fifty_levels_are_taken(loader: EventLoader) -> None:
    assert document_of("[" * 50 + "]" * 50, loader).value is not None


@both_loaders
def test_aliases_count_as_often_as_they_are_written_out(loader: EventLoader) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcd", "bcde", strict=True)]

    assert faults_of("\n".join(lines), loader) == (TooManyNodes(span=span(5, 12, 5, 14), limit=20_000),)


def test_more_values_than_the_limit_are_refused() -> None:
    place = span(20_000, 3, 20_000, 4)

    assert faults_of("- x\n" * 19_999, yaml.CSafeLoader) == ()
    assert faults_of("- x\n" * 20_000, yaml.CSafeLoader) == (TooManyNodes(span=place, limit=20_000),)


@both_loaders
@each_row(
    ("text", "fault"),
    [
        ("&a [*a]", RecursiveAlias(span=span(1, 5, 1, 7), anchor="a")),
        ("x: &a {y: [*a]}", RecursiveAlias(span=span(1, 12, 1, 14), anchor="a")),
        ("&a {*a : 1}", RecursiveAlias(span=span(1, 5, 1, 7), anchor="a")),
        ("password: &hunter2 [*hunter2]", RecursiveAlias(span=span(1, 21, 1, 29), anchor="")),
        ("password: &hunter2 {a: *hunter2}", RecursiveAlias(span=span(1, 24, 1, 32), anchor="")),
    ],
)
def test_a_value_that_contains_itself_is_refused(text: str, fault: Fault, loader: EventLoader) -> None:
    assert faults_of(text, loader) == (fault,)


@both_loaders
def test_the_first_of_two_values_for_a_key_is_kept(loader: EventLoader) -> None:
    parsed = parse_document("x.yaml", b"a: 1\nb: {c: 1, c: [2, {c: 2, c: 3}]}\n'a': {x: 2}\n", loader=loader)

    assert parsed.document is not None
    assert parsed.document.value == {"a": 1, "b": {"c": 1}}
    assert "/a/x" not in parsed.document.marks
    assert parsed.faults == (
        DuplicateKey(key="c", pointer=Pointer("/b/c"), first=span(2, 5, 2, 6), second=span(2, 11, 2, 12)),
        DuplicateKey(key="a", pointer=Pointer("/a"), first=span(1, 1, 1, 2), second=span(3, 1, 3, 4)),
    )


@both_loaders
@each_row(
    ("text", "value", "faults"),
    [
        ("true: x\na: 1\n", {"a": 1}, [("key", "true", span(1, 1, 1, 5))]),
        ("587: {x: 1}\n", {}, [("key", "587", span(1, 1, 1, 4))]),
        ("? [a, b]\n: [1]\nc: 2\n", {"c": 2}, [("key", "[a, b]", span(1, 3, 1, 9))]),
        ("? {a: b}\n: 1\n", {}, [("key", "{a: b}", span(1, 3, 1, 9))]),
        ("a: &x 1\n*x : 2\n", {"a": 1}, [("key", "*x", span(2, 1, 2, 3))]),
        ("a: &x b\n*x : 2\n", {"a": "b", "b": 2}, []),
        ("a: &x 1\n? [*x]\n: 2\n", {"a": 1}, [("key", "[*x]", span(2, 3, 2, 7))]),
        ("on: x\n", {"on": "x"}, []),
        ("<<: x\n", {"<<": "x"}, []),
        ("a: !env X\n", {"a": "X"}, [("tag", "!env", span(1, 4, 1, 8))]),
        ("a: !!str 5\n", {"a": 5}, [("tag", "!!str", span(1, 4, 1, 9))]),
        ("a: ! x\n", {"a": "x"}, [("tag", "!", span(1, 4, 1, 5))]),
        ("a: !t &x [1]\n", {"a": [1]}, [("tag", "!t &x", span(1, 4, 1, 9))]),
        ("!t a: 1\n", {"a": 1}, [("tag", "!t", span(1, 1, 1, 3))]),
        ("{!a: 1}\n", {}, [("tag", "!a:", span(1, 2, 1, 5))]),
        ("? {!t a: b}\n: 1\n", {}, [("tag", "!t", span(1, 4, 1, 6)), ("key", "{!t a: b}", span(1, 3, 1, 12))]),
        ("a: 1\n---\nb: 2\n", {"a": 1}, [("document", "---", span(2, 1, 2, 4))]),
        ("a: 1\n...\n---\nb: 2\n---\nc: 3\n", {"a": 1}, [("document", "---", span(3, 1, 3, 4))]),
        ("password: !hunter2\n", {"password": None}, [("tag", "", span(1, 11, 1, 19))]),
        ("password: {!hunter2 a: 1}\n", {"password": {"a": 1}}, [("tag", "", span(1, 12, 1, 20))]),
        ("password: [!hunter2 a]\n", {"password": ["a"]}, [("tag", "", span(1, 12, 1, 20))]),
        ("password: {1234: x}\n", {"password": {}}, [("key", "", span(1, 12, 1, 16))]),
        ("password: {? [1234] : x}\n", {"password": {}}, [("key", "", span(1, 14, 1, 20))]),
    ],
)
def test_features_that_a_configuration_does_not_take_are_refused(
    text: str, value: object, faults: list[tuple[str, str, Span]], loader: EventLoader
) -> None:
    parsed = parse_document("x.yaml", text.encode(), loader=loader)

    assert parsed.document is not None
    assert parsed.document.value == value
    assert parsed.faults == tuple(UnsupportedYaml(kind=kind, text=text, span=place) for kind, text, place in faults)


@each_row(
    ("text", "is_told"),
    [
        ("a:\n! b: c\n  d: e\n", False),
        ("a:\n!  b: c\n  # why\n\n  d: e\n", False),
        ('a:\n! b: c\n"x": y\n  d: e\n', True),
        ("a: !t b\n  d: e\n", True),
    ],
)
def test_a_tag_that_moves_a_key_explains_why_the_next_one_does_not_fit(text: str, is_told: bool) -> None:  # noqa: FBT001
    faults = parse_document("x.yaml", text.encode()).faults

    assert isinstance(faults[0], UnsupportedYaml)
    assert [isinstance(fault, YamlSyntax) for fault in faults[1:]] == ([True] if is_told else [])


def test_a_tagged_value_is_known_as_unread() -> None:
    parsed = parse_document("x.yaml", b"a: !t x\nb: [!t {c: 1}]\n")

    assert parsed.document is not None
    assert parsed.document.unread == {"/a", "/b/0"}


@each_row(
    ("text", "unread"),
    [("{a: 5,87}", {"/a"}), ("{a: 5, 87}", set()), ("{a: ,a}", {"/a"}), ("{,87}", set()), ("{!a: 1, b: 2}", {""})],
)
def test_a_value_that_a_comma_may_have_cut_is_unread(text: str, unread: set[str]) -> None:
    parsed = parse_document("x.yaml", f"{text}\n".encode())

    assert (set() if parsed.document is None else parsed.document.unread) == unread


def test_a_zero_byte_in_text_that_is_no_utf16_is_said_to_be_one() -> None:
    (fault,) = parse_document("x.yaml", b"protocol: smtp\nname: A\x00nna\n").faults

    assert isinstance(fault, YamlSyntax)
    assert (fault.cause, fault.span) == (SyntaxCause.ZERO_BYTE, span(2, 8, 2, 9))


def test_the_same_key_twice_below_a_password_is_not_repeated() -> None:
    assert parse_document("x.yaml", b"password: {hunter2, hunter2}\n").faults == ()


@each_row(
    ("data", "guess", "place"),
    [
        (b"a: caf\xe9\n", "Latin-1 or Windows-1252", span(1, 7, 1, 8)),
        (b"\xc3\xa4: 1\nb: \xff\xfe\n", "Latin-1 or Windows-1252", span(2, 4, 2, 5)),
        ("a: 1\n".encode("utf-16"), "UTF-16", span(1, 1, 1, 2)),
        ("a: 1\n".encode("utf-16-le"), "UTF-16", span(1, 2, 1, 3)),
        (b"a\x00\xff", "UTF-16", span(1, 3, 1, 4)),
        (b"name: a\x00 caf\xe9\n", "Latin-1 or Windows-1252", span(1, 13, 1, 14)),
    ],
)
def test_bytes_that_are_no_utf8_are_said_to_be(data: bytes, guess: str, place: Span) -> None:
    parsed = parse_document("x.yaml", data)

    assert parsed.faults == (NotUtf8(span=place, guess=guess),)
    assert parsed.document is None


def test_a_file_over_the_limit_is_not_looked_into() -> None:
    size = MAX_BYTES + 1

    assert parse_document("x.yaml", b"\xff" * size) == Parsed(
        document=None, text="", faults=(TooLarge(size_bytes=size, limit_bytes=MAX_BYTES),)
    )
    assert parse_document("x.yaml", b"#" * MAX_BYTES).faults == ()


@both_loaders
@each_row("escape", ["\\UFFFFFFFF", "\\uD800"])
def test_an_escape_that_is_no_character_is_an_error(escape: str, loader: EventLoader) -> None:
    (fault,) = faults_of(f'a: "x{escape}"\n', loader)

    assert isinstance(fault, YamlSyntax)
    assert fault.span.line == 1


def test_a_version_of_five_thousand_digits_is_an_error() -> None:
    (fault,) = faults_of(f"%YAML 1.{'9' * 5000}\n---\na: 1\n", PureLoader)

    assert fault == YamlSyntax(span=span(1, 1, 1, 2), problem="found a number that is too large")


@both_loaders
def test_faults_before_a_syntax_error_are_reported_with_it(loader: EventLoader) -> None:
    duplicate, syntax = faults_of("a: 1\na: 2\nb: @x\n", loader)

    assert isinstance(duplicate, DuplicateKey)
    assert isinstance(syntax, YamlSyntax)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp"), exclude_characters="\ufeff"), max_size=12
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text("abé🎉 :#-'\"/~", max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def yaml_texts(draw: st.DrawFn) -> str:
    """A document as somebody might write it, with the same meaning in every version of YAML."""
    value = draw(VALUES)
    if draw(st.booleans()):
        value = [value, {"again": value}]
    text = yaml.safe_dump(
        value,
        allow_unicode=draw(st.booleans()),
        default_flow_style=draw(st.sampled_from([True, False, None])),
        width=draw(st.sampled_from([10, 80])),
        indent=draw(st.integers(2, 6)),
        sort_keys=False,
    )
    if '"' not in text and "'" not in text:
        # Without quotes no text goes over lines, so a comment may stand behind each.
        text = text.replace("\n", draw(st.sampled_from(["\n", "  # größe\n", "\n\n"])))
    return draw(st.sampled_from(["", "---\n", "# größe\n\n"])) + text


@both_loaders
@given(text=yaml_texts())
def test_values_are_those_of_pyyaml(text: str, loader: EventLoader) -> None:
    parsed = parse_document("x.yaml", text.encode(), loader=loader)

    assert parsed.faults == ()
    assert parsed.document is not None
    assert parsed.document.value == yaml.safe_load(text)


@both_loaders
@given(text=yaml_texts(), line_break=st.sampled_from(["\n", "\r\n"]))
def test_what_a_scalars_span_covers_is_read_as_its_value(text: str, line_break: str, loader: EventLoader) -> None:
    text = text.replace("\n", line_break)

    document = parse_document("x.yaml", text.encode(), loader=loader).document

    for pointer, mark in document.marks.items() if document is not None else ():
        if mark.style in {ScalarStyle.PLAIN, ScalarStyle.SINGLE_QUOTED, ScalarStyle.DOUBLE_QUOTED}:
            assert document is not None
            again = parse_document("again.yaml", cut(text, mark.value).encode(), loader=loader).document
            assert again is not None
            assert again.value == document.value_at(pointer)


YAML_LIKE = st.text("ab1:-?[]{},&*!|>%@`'\"\\# \n\t~.é", max_size=40)


def check_anything(data: bytes, loader: EventLoader) -> None:
    parsed = parse_document("x.yaml", data, loader=loader)

    for fault in parsed.faults:
        place = getattr(fault, "span", None)
        if place is not None:
            cut(parsed.text, place)
    for mark in parsed.document.marks.values() if parsed.document is not None else ():
        cut(parsed.text, mark.value)
    assert parsed.document is not None or parsed.faults


@both_loaders
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_document_or_faults_within_them(data: bytes, loader: EventLoader) -> None:
    check_anything(data, loader)


@both_loaders
@given(text=st.one_of(YAML_LIKE, st.text(max_size=60)))
def test_any_text_is_a_document_or_faults_within_it(text: str, loader: EventLoader) -> None:
    check_anything(text.encode("utf-8", "surrogatepass"), loader)


@given(YAML_LIKE.filter(lambda text: "\t" not in text))
def test_both_parsers_make_the_same_of_a_text(text: str) -> None:
    by_libyaml = parse_document("x.yaml", text.encode(), loader=yaml.CSafeLoader)
    by_pyyaml = parse_document("x.yaml", text.encode(), loader=PureLoader)

    if by_libyaml.document is not None and by_pyyaml.document is not None:
        assert by_libyaml == by_pyyaml
