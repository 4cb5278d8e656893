"""OAuth 2.0: access tokens made, kept, and renewed before they end (RFC 6749).

`Keyring` is what the rest of maild asks. No library does this here: what is not HTTP, which aiohttp does, is a form of
five fields and a JSON object of four, and the common libraries would bring an HTTP client of their own, past our rules
about certificates, addresses and limits.
"""

from maild.net.oauth.keyring import Keyring
from maild.net.oauth.store import TokenStore, token_folder

__all__ = ["Keyring", "TokenStore", "token_folder"]
