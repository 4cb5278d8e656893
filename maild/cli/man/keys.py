"""The keys of the configuration files as manual pages, from the published schemas. Pure.

The words are those that an editor shows on hover. A key below another is shown as a path, `smtp.tls.mode`.
"""

from collections.abc import Iterator
from typing import Final

from maild.cli.lsp.lexicon import Lexicon, Schema
from maild.cli.lsp.page import key_page
from maild.cli.man.roff import Entry, ManPage, Section
from maild.config.document import join_pointer
from maild.config.fault import Pointer
from maild.config.folder import FileKind

_ANY: Final = "NAME"
"""Stands for a key that the writer chooses, such as the name of a header."""


def account_page() -> ManPage:
    """maild-account(5)."""
    return ManPage(
        name="maild-account",
        number=5,
        summary="one way to send mail, as a file",
        sections=(
            Section(
                heading="DESCRIPTION",
                text=(
                    "An account is a YAML file in the folder `accounts` of the configuration; the file's name is the "
                    "account's name. `maild account init ADDRESS` writes one, `maild check` says what is wrong with "
                    "one, `maild test` tries it."
                ),
            ),
            Section(heading="Keys with protocol: smtp", entries=_entries(_account("smtp"))),
            Section(heading="Keys with protocol: http and kind: form", entries=_entries(_account("http"))),
            Section(heading="Keys with protocol: http and another kind", entries=_entries(_account("http", "raw"))),
            Section(heading="SEE ALSO", text="maild(1), maild-check(1), maild.yaml(5), maild-rules(7)"),
        ),
    )


def site_page() -> ManPage:
    """maild.yaml(5)."""
    return ManPage(
        name="maild.yaml",
        number=5,
        summary="settings of the mail daemon",
        sections=(
            Section(
                heading="DESCRIPTION",
                text=(
                    "The daemon's own settings. Each of them is optional, and so is the file. The daemon applies a "
                    "change as soon as it is right; a file with errors leaves its last good version in force."
                ),
            ),
            Section(heading="KEYS", entries=_entries(Lexicon.of(FileKind.SITE, {}))),
            Section(heading="SEE ALSO", text="maild(1), maild-run(1), maild-account(5), maild-rules(7)"),
        ),
    )


def _account(protocol: str, kind: str = "form") -> Lexicon:
    return Lexicon.of(FileKind.ACCOUNT, {Pointer("/protocol"): protocol, Pointer("/http/kind"): kind})


def _entries(lexicon: Lexicon) -> tuple[Entry, ...]:
    return tuple(_walk(lexicon, Pointer(""), ""))


def _walk(lexicon: Lexicon, pointer: Pointer, path: str) -> Iterator[Entry]:
    for key, schema in lexicon.keys(pointer):
        named = f"{path}{key}"
        yield Entry(term=named, text=_said(named, schema))
        below = join_pointer(pointer, key)
        yield from _walk(lexicon, below, f"{named}.")
        if "items" in schema:
            yield from _walk(lexicon, join_pointer(below, 0), f"{named}[].")
        if isinstance(schema.get("additionalProperties"), dict):
            yield from _walk(lexicon, join_pointer(below, _ANY), f"{named}.{_ANY}.")


def _said(named: str, schema: Schema) -> str:
    # The page's first paragraph is title and key; the key is the term here.
    _, _, rest = key_page(named, schema).partition("\n\n")
    return "\n\n".join(part for part in (f"{schema.get('title', named)}.", rest) if part)
