from maild.cli.lsp.lexicon import Choice, Lexicon, choices, written
from maild.config.fault import Pointer
from maild.config.folder import FileKind
from tests.rows import each_row

SITE = Lexicon.of(FileKind.SITE, {})


@each_row(
    ("pointer", "title"),
    [
        ("/routes", "Routes"),
        ("/routes/7", "Route"),
        ("/routes/7/match/header/X-Class", "Pattern"),
        ("/lint/severity/ML301", "Severity"),
        ("/lint/ignore/0", "Code or name"),
    ],
)
def test_entries_and_free_keys_have_a_topic(pointer: str, title: str) -> None:
    topic = SITE.topic(Pointer(pointer))

    assert topic is not None
    assert topic["title"] == title


@each_row("pointer", ["/nothing", "/routes/x", "/log/level/deeper", "/log/0"])
def test_what_the_schema_does_not_know_has_none(pointer: str) -> None:
    assert SITE.topic(Pointer(pointer)) is None
    assert SITE.keys(Pointer(pointer)) == ()


def test_a_value_has_no_keys() -> None:
    assert SITE.keys(Pointer("/log/level")) == ()


def test_each_value_is_named_once_the_possible_ones_first() -> None:
    topic = SITE.topic(Pointer("/delivery/lifetime"))
    constant = SITE.topic(Pointer("/version"))

    assert topic is not None
    assert constant is not None
    assert list(choices(topic)) == [
        Choice(value="5d", title="the default", is_example=True),
        Choice(value="12h", title="an example", is_example=True),
    ]
    assert list(choices(constant)) == [Choice(value=1)]


def test_values_are_written_as_in_yaml() -> None:
    assert [written(value) for value in ["a b", 465, True, None, ["a", 1], {"env": "X"}]] == [
        "a b",
        "465",
        "true",
        "null",
        "[a, 1]",
        "{env: X}",
    ]


def test_a_service_of_a_kind_has_the_keys_of_services() -> None:
    form = Lexicon.of(FileKind.ACCOUNT, {Pointer("/protocol"): "http"})
    service = Lexicon.of(FileKind.ACCOUNT, {Pointer("/protocol"): "http", Pointer("/http/kind"): "resend"})

    assert form.topic(Pointer("/oauth")) is None
    assert service.topic(Pointer("/oauth")) is not None
