"""The forms that ask a token service for something (RFC 6749 §4, §6; RFC 7523 §2.1; RFC 7636; RFC 8628 §3). Pure."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from maild.net.http.form import FormBody
from maild.net.oauth.endpoints import Endpoints
from maild.secret import Secret

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"

REDIRECT_URI: Final = "http://127.0.0.1:9/maild"
"""RFC 8252 §7.3: the loopback address of an application on one's own machine. Nothing listens there (port 9 discards):
the person copies the address that the browser was sent to, which works over SSH as well.
"""


def with_refresh_token(endpoints: Endpoints, refresh: Secret, client_secret: Secret | None) -> FormBody:
    """The next token of a login."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh.reveal(), "client_id": endpoints.client_id}
    return _form(fields | _secret(client_secret) | _scope(endpoints))


def with_client_secret(endpoints: Endpoints, client_secret: Secret) -> FormBody:
    """A token for the application itself."""
    fields = {"grant_type": "client_credentials", "client_id": endpoints.client_id}
    return _form(fields | _secret(client_secret) | _scope(endpoints))


def with_assertion(assertion: Secret) -> FormBody:
    """A token for a service account."""
    return _form({"grant_type": JWT_BEARER, "assertion": assertion.reveal()})


def for_device_code(endpoints: Endpoints) -> FormBody:
    """The beginning of a login by device."""
    return _form({"client_id": endpoints.client_id} | _scope(endpoints))


def with_device_code(endpoints: Endpoints, device_code: Secret, client_secret: Secret | None) -> FormBody:
    """Whether the person has agreed by now."""
    fields = {"grant_type": DEVICE_CODE, "device_code": device_code.reveal(), "client_id": endpoints.client_id}
    return _form(fields | _secret(client_secret))


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A login by browser under way. `state` and `verifier` are unguessable letters and digits, the verifier 43 of them
    at least (RFC 7636 §4.1).
    """

    endpoints: Endpoints
    authorize_url: str
    state: str
    verifier: Secret

    @property
    def url(self) -> str:
        """What to open in a browser."""
        digest = hashlib.sha256(self.verifier.reveal().encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.endpoints.client_id,
            "redirect_uri": REDIRECT_URI,
            "scope": self.endpoints.scope,
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            # Google gives a refresh token only so; others do not know the two and pass them over.
            "access_type": "offline",
            "prompt": "consent",
            "login_hint": self.endpoints.user,
        }
        return f"{self.authorize_url}?{urlencode(query)}"

    def code_in(self, address: str) -> Secret:
        """The code in the address that the browser was sent to.

        Raises:
            ValueError: there is none, or it belongs to another login; the text says what.
        """
        try:
            found = dict(parse_qsl(urlsplit(address.strip()).query))
        except ValueError:
            found = {}
        if "error" in found:
            words = "".join(char for char in found.get("error_description", found["error"]) if char.isprintable())
            raise ValueError(f"the login was refused: {words[:200]}")
        if not found.get("code"):
            raise ValueError("this is not the address that the browser ended at: it has no code= in it")
        if not hmac.compare_digest(found.get("state", "").encode(), self.state.encode()):
            raise ValueError("this address belongs to another login: begin again")
        return Secret(found["code"])

    def form(self, code: Secret, client_secret: Secret | None) -> FormBody:
        """The first token of the login."""
        fields = {
            "grant_type": "authorization_code",
            "code": code.reveal(),
            "redirect_uri": REDIRECT_URI,
            "client_id": self.endpoints.client_id,
            "code_verifier": self.verifier.reveal(),
        }
        return _form(fields | _secret(client_secret))


def _form(fields: dict[str, str]) -> FormBody:
    return FormBody(fields=tuple(fields.items()), is_urlencoded=True)


def _secret(client_secret: Secret | None) -> dict[str, str]:
    return {} if client_secret is None else {"client_secret": client_secret.reveal()}


def _scope(endpoints: Endpoints) -> dict[str, str]:
    return {"scope": endpoints.scope} if endpoints.scope else {}
