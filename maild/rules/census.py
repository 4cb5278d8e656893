"""What is known of all accounts together, for the rules that look beyond one file. Pure.

Ten thousand accounts are counted once; a file that changes afterwards costs what it touches: its own name, and the
other accounts that refer to the same password.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from maild.config.draft import AccountDraft
from maild.config.load import LoadedAccount, LoadedSite
from maild.register import Register
from maild.secret import SecretReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """All accounts that are looked at together.

    Attributes:
        drafts: by name, each as far as it is valid.
        holders: for each reference to a password the accounts that have it, in order.
        first_with: the first of them.
        accounts: the names of all accounts that there are; None: not known, since only some files are looked at.
    """

    drafts: Mapping[str, AccountDraft] = field(default_factory=dict)
    holders: Mapping[SecretReference, tuple[str, ...]] = field(default_factory=dict)
    first_with: Mapping[SecretReference, str] = field(default_factory=dict)
    accounts: tuple[str, ...] | None = None

    @classmethod
    def of(cls, loaded: Iterable[LoadedAccount | LoadedSite], accounts: Sequence[str] | None = None) -> "Census":
        """The census of these files."""
        come = {file.name: file.draft for file in loaded if isinstance(file, LoadedAccount)}
        return cls().after(come, accounts)

    def after(self, changed: Mapping[str, AccountDraft | None], accounts: Sequence[str] | None) -> "Census":
        """The census when these accounts have these drafts, None for one that has none any more."""
        drafts = Register.of(self.drafts).after(
            {name: draft for name, draft in changed.items() if draft is not None},
            [name for name, draft in changed.items() if draft is None],
        )
        touched = self.touched(changed)
        come: dict[SecretReference, list[str]] = {}
        for name, draft in changed.items():
            reference = _password(draft)
            if reference is not None:
                come.setdefault(reference, []).append(name)
        held: dict[SecretReference, tuple[str, ...]] = {}
        for reference in touched:
            stay = (name for name in self.holders.get(reference, ()) if name not in changed)
            names = tuple(sorted((*stay, *come.get(reference, ()))))
            # The very same ones, where they are the same: then nothing else has to be looked at.
            before = self.holders.get(reference, ())
            held[reference] = before if names == before else names
        unheld = [reference for reference, names in held.items() if not names]
        held = {reference: names for reference, names in held.items() if names}
        return Census(
            drafts=drafts,
            holders=Register.of(self.holders).after(held, unheld),
            first_with=Register.of(self.first_with).after({one: names[0] for one, names in held.items()}, unheld),
            accounts=None if accounts is None else tuple(accounts),
        )

    def touched(self, changed: Mapping[str, AccountDraft | None]) -> Collection[SecretReference]:
        """The references to passwords whose holders change when these accounts have these drafts."""
        before = (self.drafts.get(name) for name in changed)
        references = (_password(draft) for draft in (*before, *changed.values()))
        return dict.fromkeys(reference for reference in references if reference is not None)


def _password(draft: AccountDraft | None) -> SecretReference | None:
    """The password that an account would log in with; an account without a server logs in nowhere."""
    return draft.password if draft is not None and draft.host is not None else None
