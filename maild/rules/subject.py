"""What a rule is shown: one loaded file and what is known around it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Protocol, TypeVar

from maild.config.draft import AccountDraft
from maild.config.fault import Fault, Pointer, UnsupportedYaml
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.model import Site
from maild.providers import Provider, provider_of
from maild.rules.info import RuleInfo
from maild.rules.pointing import value_at
from maild.secret import SecretReference

FaultKind = TypeVar("FaultKind", bound=Fault)


class Exposure(StrEnum):
    """How a password's file could be read by others."""

    OTHERS = "others"
    """Its permissions let every user of the machine read it, or a group."""
    TRACKED = "tracked"
    """It is under version control."""


class PemKind(StrEnum):
    """What a file of certificates or keys must hold."""

    CERTIFICATE = "certificate"
    KEY = "key"


class SecretChecker(Protocol):
    """Looks whether secrets, keys and certificates can be had on this machine, without handing them out."""

    def problem(self, reference: SecretReference, file: str) -> str | None:
        """What keeps it from being had, as the end of a sentence ("is not set"), or None.

        `file` is the name of the file that holds the reference, as it was loaded: a relative path counts from its
        folder. Never raises for a secret that is not there, and never returns anything of its content.
        """
        ...

    def matches(self, reference: SecretReference, file: str, pattern: str) -> bool | None:
        """Whether the whole secret has this form, a regular expression; None when it cannot be looked at from here."""
        ...

    def exposure(self, reference: SecretReference, file: str) -> Exposure | None:
        """How somebody else could come to read it, if there is a way."""
        ...

    def pem_problem(self, path: PurePath, file: str, kind: PemKind) -> str | None:
        """What is wrong with a file of certificates or of a key, as the end of a sentence ("does not exist"), or None.
        What cannot be told from here, since only the service may read it, is no problem.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One file under the eyes of the rules.

    Attributes:
        loaded: the file.
        now: for rules about dates.
        secrets: None: nobody looks whether secrets can be had.
        drafts: the accounts looked at together with this file, by name, each as far as it is valid.
        first_with: for each reference to a password the first of these accounts that has it.
        accounts: the accounts that there are; None: that is not known, since only some files are looked at.
        rules: all rules by code, for the settings that name them.
        draft: the account as far as it is valid; empty where the file is no account or nobody can tell which keys
            count. What stands in the section of the protocol that was not chosen is left out: another rule says so.
        provider: the provider whose server the account names.
    """

    loaded: LoadedAccount | LoadedSite
    now: datetime
    secrets: SecretChecker | None = None
    accounts: tuple[str, ...] | None = None
    drafts: Mapping[str, AccountDraft] = field(default_factory=dict)
    first_with: Mapping[SecretReference, str] = field(default_factory=dict)
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    draft: AccountDraft = field(init=False, repr=False, compare=False)
    provider: Provider | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every rule asks for them, so they are made once.
        draft = _draft_of(self.loaded)
        object.__setattr__(self, "draft", draft)
        object.__setattr__(self, "provider", None if draft.host is None else provider_of(draft.host))

    def faults(self, kind: type[FaultKind]) -> Iterator[FaultKind]:
        """What parsing and building reported of this kind."""
        return (fault for fault in self.loaded.faults if isinstance(fault, kind))

    @property
    def site(self) -> Site | None:
        """The settings of a maild.yaml in which nothing is wrong; None for every other file."""
        return self.loaded.site if isinstance(self.loaded, LoadedSite) else None

    @property
    def shares_password(self) -> bool:
        """Whether another account has the same reference to a password and comes before this one."""
        reference = self.draft.password
        return isinstance(self.loaded, LoadedAccount) and (
            self.first_with.get(reference, self.loaded.name) != self.loaded.name if reference is not None else False
        )

    @property
    def is_account(self) -> bool:
        """Whether the file is an account, not maild.yaml."""
        return isinstance(self.loaded, LoadedAccount)

    @property
    def is_cut_short(self) -> bool:
        """Whether a second document begins in the file: what seems to be missing may stand there."""
        return any(fault.kind == "document" for fault in self.faults(UnsupportedYaml))

    def has(self, pointer: Pointer) -> bool:
        """Whether there is such a value, be it an empty one."""
        document = self.loaded.document
        return document is not None and pointer in document.marks

    def value(self, pointer: Pointer) -> object:
        """The value at a pointer as written, None where there is none."""
        return value_at(self.loaded.document, pointer)


def _draft_of(loaded: LoadedAccount | LoadedSite) -> AccountDraft:
    match loaded:
        case LoadedAccount(draft=AccountDraft(protocol="smtp") as draft):
            foreign = (draft.url, draft.kind, draft.http_verify, draft.http_ca_file)
            return (
                draft
                if foreign == (None,) * 4
                else replace(draft, url=None, kind=None, http_verify=None, http_ca_file=None)
            )
        case LoadedAccount(draft=AccountDraft(protocol="http") as draft):
            return replace(draft, host=None, port=None, tls_mode=None, verify=None, ca_file=None, auth=None)
        case _:
            return AccountDraft()
