from maild.config.fault import Pointer
from maild.config.load import load_account
from maild.diagnostics import Location, Span
from maild.probe.place import place_of


def test_the_first_value_that_the_file_has_is_the_place() -> None:
    loaded = load_account("a.yaml", b"protocol: smtp\nsmtp:\n  host: mail.example\n  port: 587\n")
    wanted = (Pointer("/smtp/tls/mode"), Pointer("/smtp/port"))

    assert place_of(loaded, wanted) == Location(
        file="a.yaml", span=Span(line=4, column=3, end_line=4, end_column=7), pointer=Pointer("/smtp/port")
    )


def test_a_value_that_the_file_has_not_is_shown_where_it_would_stand() -> None:
    loaded = load_account("a.yaml", b"protocol: smtp\nsmtp:\n  host: mail.example\n")

    assert place_of(loaded, (Pointer("/smtp/tls/mode"),)) == Location(
        file="a.yaml", span=Span(line=2, column=1, end_line=2, end_column=5), pointer=Pointer("/smtp/tls/mode")
    )


def test_without_a_value_or_a_document_the_place_is_the_file() -> None:
    loaded = load_account("a.yaml", b"protocol: smtp\n")

    assert place_of(loaded, ()) == Location(file="a.yaml")
    assert place_of(load_account("a.yaml", b"{"), (Pointer("/username"),)) == Location(file="a.yaml")
