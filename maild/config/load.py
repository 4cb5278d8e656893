"""From the bytes of a file to an account or a site: document, schema, values. Pure; no content makes it raise.

`account` and `site` are None exactly when `faults` has something. What is wrong but harmless is the rules' business.
"""

import re
from dataclasses import dataclass
from typing import Final

from maild.config.build.account import build_account
from maild.config.build.site import build_site
from maild.config.document import Document, parse_document
from maild.config.draft import AccountDraft
from maild.config.fault import Fault, InvalidText, Pointer
from maild.config.model import Account, Site

SUFFIXES: Final = (".yaml", ".yml")
"""What the names of configuration files end with."""

_NAME: Final = re.compile(r"\w[\w.@+ -]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedAccount:
    """What one account file came to.

    Attributes:
        file: its name for people.
        name: the account's name, from the file's.
        document: None when the file is no YAML.
        text: the file's text, for showing lines.
        faults: everything that keeps the account from being built, in no particular order.
        draft: the account as far as it is valid; None when there is no document.
        account: None exactly when there are faults.
    """

    file: str
    name: str
    document: Document | None
    text: str
    faults: tuple[Fault, ...]
    draft: AccountDraft | None
    account: Account | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSite:
    """What maild.yaml came to; the same as for an account."""

    file: str
    document: Document | None
    text: str
    faults: tuple[Fault, ...]
    site: Site | None


def load_account(file: str, data: bytes) -> LoadedAccount:
    """The account in the bytes of `file`; its name is the file's without the suffix."""
    name = account_name(file)
    parsed = parse_document(file, data)
    if parsed.document is None:
        return LoadedAccount(
            file=file, name=name, document=None, text=parsed.text, faults=parsed.faults, draft=None, account=None
        )
    built = build_account(name, parsed.document)
    faults = _name_faults(file, name) + parsed.faults + built.faults
    return LoadedAccount(
        file=file,
        name=name,
        document=parsed.document,
        text=parsed.text,
        faults=faults,
        draft=built.draft,
        account=None if faults else built.account,
    )


def load_site(file: str, data: bytes) -> LoadedSite:
    """The daemon's settings in the bytes of `file`; an empty file has all defaults."""
    parsed = parse_document(file, data)
    if parsed.document is None:
        return LoadedSite(file=file, document=None, text=parsed.text, faults=parsed.faults, site=None)
    built = build_site(parsed.document)
    faults = parsed.faults + built.faults
    return LoadedSite(
        file=file,
        document=parsed.document,
        text=parsed.text,
        faults=faults,
        site=None if faults else built.site,
    )


def _name_faults(file: str, name: str) -> tuple[Fault, ...]:
    # Standard input has no such name, and needs none: it is only checked.
    if not file.endswith(SUFFIXES) or _NAME.fullmatch(name) is not None:
        return ()
    problem = "an account is named by its file: letters and digits, and behind the first . - _ + @ and blanks"
    return (InvalidText(pointer=Pointer(""), problem=problem),)


def account_name(file: str) -> str:
    """The name of the account that a file describes."""
    # What PurePath(file).stem gives, in a tenth of the time: it is asked of every file of a folder.
    base = file.rpartition("/")[2]
    stem, _, suffix = base.rpartition(".")
    return stem if stem and suffix else base
