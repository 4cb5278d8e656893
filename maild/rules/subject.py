"""What a rule is shown: one loaded file and what is known around it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from maild.config.draft import AccountDraft
from maild.config.fault import Fault, Pointer
from maild.config.load import LoadedAccount, LoadedSite
from maild.providers import Provider, provider_of
from maild.rules.info import RuleInfo
from maild.rules.pointing import value_at
from maild.secret import SecretReference

FaultKind = TypeVar("FaultKind", bound=Fault)


class SecretChecker(Protocol):
    """Looks whether a secret can be had on this machine, without handing it out."""

    def problem(self, reference: SecretReference, file: str) -> str | None:
        """What keeps it from being had, as the end of a sentence ("is not set"), or None.

        `file` is the name of the file that holds the reference, as it was loaded: a relative path counts from its
        folder. Never raises for a secret that is not there, and never returns anything of its content.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One file under the eyes of the rules.

    Attributes:
        loaded: the file.
        now: for rules about dates.
        secrets: None: nobody looks whether secrets can be had.
        accounts: the accounts that there are; None: that is not known, since only some files are looked at.
        rules: all rules by code, for the settings that name them.
    """

    loaded: LoadedAccount | LoadedSite
    now: datetime
    secrets: SecretChecker | None = None
    accounts: tuple[str, ...] | None = None
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)

    def faults(self, kind: type[FaultKind]) -> Iterator[FaultKind]:
        """What parsing and building reported of this kind."""
        return (fault for fault in self.loaded.faults if isinstance(fault, kind))

    @property
    def draft(self) -> AccountDraft:
        """The account as far as it is valid; empty where the file is no account or nobody can tell which keys count.

        What stands in the section of the protocol that was not chosen is left out: another rule says so.
        """
        match self.loaded:
            case LoadedAccount(draft=AccountDraft(protocol="smtp") as draft):
                return replace(draft, url=None, kind=None)
            case LoadedAccount(draft=AccountDraft(protocol="http") as draft):
                return replace(draft, host=None, port=None, tls_mode=None, verify=None, ca_file=None, auth=None)
            case _:
                return AccountDraft()

    @property
    def is_account(self) -> bool:
        """Whether the file is an account, not maild.yaml."""
        return isinstance(self.loaded, LoadedAccount)

    @property
    def provider(self) -> Provider | None:
        """The provider whose server the account names."""
        return None if self.draft.host is None else provider_of(self.draft.host)

    def value(self, pointer: Pointer) -> object:
        """The value at a pointer as written, None where there is none."""
        return value_at(self.loaded.document, pointer)
