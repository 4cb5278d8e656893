"""What DNS should say about an account's mail, as far as only its owner knows it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDns:
    """For the checks of `maild probe` alone; nothing is sent otherwise by it.

    Attributes:
        dkim_selectors: of the keys that sign this account's mail; empty: those that the provider usually has.
        sends_from: the IP addresses from which one's own server sends to the world, each in its usual spelling.
    """

    dkim_selectors: tuple[str, ...] = ()
    sends_from: tuple[str, ...] = ()
