"""AWS Signature Version 4 for a request with a body and without a query. Pure: the time and the digest are handed in.

Written here because botocore, which Amazon keeps, weighs tens of megabytes and brings an HTTP client of its own; what
is needed of it is below, and Amazon publishes a test suite for it. Described in the AWS documentation, "Create a signed
AWS API request".
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from maild.net.http.request import HttpRequest
from maild.secret import Secret

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """Who signs for which service in which region."""

    access_key: str
    secret_key: Secret
    region: str
    service: str


def signed_fields(
    request: HttpRequest, key: SigningKey, payload_sha256: str, now: datetime, *, signs_payload: bool = True
) -> dict[str, str]:
    """The header fields that have to go with the request besides its own.

    Args:
        request: as it is sent; its content type is signed where it has a body.
        key: who signs.
        payload_sha256: of the body, hexadecimal.
        now: the service wants it to be within some minutes of its own.
        signs_payload: whether the digest stands in a field of its own, too.
    """
    parts = urlsplit(request.url)
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    fields = {"host": parts.netloc, "x-amz-date": stamp}
    if request.content_type:
        fields["content-type"] = request.content_type
    if signs_payload:
        fields["x-amz-content-sha256"] = payload_sha256
    names = ";".join(sorted(fields))
    canonical = "\n".join(
        [
            request.method,
            quote(parts.path or "/", safe="/-_.~%"),
            "",
            *(f"{name}:{' '.join(fields[name].split())}" for name in sorted(fields)),
            "",
            names,
            payload_sha256,
        ]
    )
    scope = f"{now:%Y%m%d}/{key.region}/{key.service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.digest(_derived(key, now), f"{_ALGORITHM}\n{stamp}\n{scope}\n{digest}".encode(), "sha256").hex()
    login = f"{_ALGORITHM} Credential={key.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    added = {"X-Amz-Date": stamp, "Authorization": login}
    return added | ({"X-Amz-Content-Sha256": payload_sha256} if signs_payload else {})


def _derived(key: SigningKey, now: datetime) -> bytes:
    derived = f"AWS4{key.secret_key.reveal()}".encode()
    for word in (f"{now:%Y%m%d}", key.region, key.service, "aws4_request"):
        derived = hmac.digest(derived, word.encode(), "sha256")
    return derived
