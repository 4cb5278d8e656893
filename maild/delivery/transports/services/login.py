"""The header fields that a service is logged in to by. Pure."""

import base64

from maild.delivery.transports.services.kind import Sending


def bearer(sending: Sending) -> dict[str, str]:
    """An access token or an API key (RFC 6750 §2.1)."""
    return {"Authorization": f"Bearer {sending.token}"}


def basic(user: str, password: str) -> dict[str, str]:
    """A user name and a password (RFC 7617)."""
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def usual_login(sending: Sending) -> dict[str, str]:
    """What the account says: a field of the header with the key, user name and password, or a bearer's token."""
    account, settings = sending.account, sending.settings
    if sending.secret is None:
        return {}
    if settings.key_header is not None:
        return {settings.key_header: sending.token}
    if account.username is not None and account.oauth is None:
        return basic(account.username, sending.token)
    return bearer(sending)
