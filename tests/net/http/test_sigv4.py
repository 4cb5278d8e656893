import hashlib
from datetime import UTC, datetime

import pytest

from maild.net.http import HttpRequest
from maild.net.http.sigv4 import SigningKey, signed_fields
from maild.secret import Secret

# Of the test suite that AWS publishes for Signature Version 4.
KEY = SigningKey(
    access_key="AKIDEXAMPLE",
    secret_key=Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    region="us-east-1",
    service="service",
)
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
URL = "https://example.amazonaws.com/"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("request_", "body", "names", "signature"),
    [
        (
            HttpRequest(url=URL, method="GET"),
            b"",
            "host;x-amz-date",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            HttpRequest(url=URL),
            b"",
            "host;x-amz-date",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
        (
            HttpRequest(url=URL, content_type=FORM),
            b"Param1=value1",
            "content-type;host;x-amz-date",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ],
    ids=["get-vanilla", "post-vanilla", "post-x-www-form-urlencoded"],
)
def test_a_request_is_signed_as_in_the_suite_of_aws(
    request_: HttpRequest, body: bytes, names: str, signature: str
) -> None:
    digest = hashlib.sha256(body).hexdigest()

    assert signed_fields(request_, KEY, digest, AT, signs_payload=False) == {
        "X-Amz-Date": "20150830T123600Z",
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}",
    }


def test_the_digest_of_the_body_can_be_signed_as_well() -> None:
    fields = signed_fields(HttpRequest(url=URL), KEY, "ab" * 32, AT)

    assert fields["X-Amz-Content-Sha256"] == "ab" * 32
    assert "SignedHeaders=host;x-amz-content-sha256;x-amz-date," in fields["Authorization"]
