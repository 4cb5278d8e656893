"""The address that an account's mail comes from, as far as its draft tells. Pure."""

from maild.config.build.draft import address_of
from maild.config.draft import AccountDraft


def sender_domain(draft: AccountDraft) -> str | None:
    """The domain of the sender's address, in lower case; None where that cannot be told."""
    if draft.email is not None:
        return draft.email.domain.lower()
    own = address_of(draft.username)
    return None if own is None else own.domain
