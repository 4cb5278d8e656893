"""The references to secrets of an account, each with where it stands and what people call it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from maild.config.fault import Pointer
from maild.config.password import PASSWORD
from maild.rules.pointing import reference_pointer
from maild.rules.subject import Subject
from maild.secret import EnvRef, SecretReference, is_app_password


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """One of them.

    Attributes:
        key: where it stands.
        what: the secret, as the beginning of a sentence.
        without: what cannot be done without it, as the end of one.
    """

    reference: SecretReference
    key: Pointer
    what: str = "The password"
    without: str = "The account cannot log in without it."

    @property
    def pointer(self) -> Pointer:
        """Where the reference says where the secret is: the variable, the path, the program."""
        return Pointer(f"{self.key}{reference_pointer(self.reference).removeprefix(PASSWORD)}")

    @property
    def is_maybe_secret(self) -> bool:
        """Whether the secret itself may stand there, in the place of a variable's name."""
        return isinstance(self.reference, EnvRef) and is_app_password(self.reference.name)


def references_of(subject: Subject) -> Iterator[Referred]:
    """The account's own and that of its proxy, as far as they are valid."""
    draft = subject.draft
    if draft.password is not None:
        yield Referred(reference=draft.password, key=PASSWORD)
    if draft.proxy is not None and draft.proxy.login is not None:
        yield Referred(
            reference=draft.proxy.login.password,
            key=Pointer(f"/{draft.protocol}/proxy_login/password"),
            what="The password for the proxy",
            without="Nothing gets through the proxy without it.",
        )
