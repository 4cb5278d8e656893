"""Where an account's mail comes from, and which line says so, for the rules that speak of it. Pure.

None while `email` has a mistake in it or stands there under another name: then the username is not the sender, though
it may be an address, and whatever is said of it would only follow from that mistake.
"""

from dataclasses import dataclass
from typing import Final

from maild.config.build.draft import address_of
from maild.config.fault import Pointer
from maild.mail.address import Mailbox
from maild.rules.subject import Subject
from maild.rules.unsettled import is_unsettled

USERNAME: Final = Pointer("/username")
EMAIL: Final = Pointer("/email")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The address, and the key whose value it is."""

    mailbox: Mailbox
    pointer: Pointer

    @property
    def domain(self) -> str:
        """The address's domain in lower case."""
        return self.mailbox.domain.lower()


def settled_sender(subject: Subject) -> Sender | None:
    """The sender; None where it cannot be told."""
    email, login = subject.draft.email, address_of(subject.draft.username)
    if email is not None:
        return Sender(mailbox=email, pointer=EMAIL)
    return None if login is None or is_unsettled(subject, EMAIL) else Sender(mailbox=login, pointer=USERNAME)
