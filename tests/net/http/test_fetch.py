import asyncio
import gzip

from maild.net.http.fetch import Fetcher
from maild.net.resolver import SystemResolver
from tests.fakes.certificates import certificates
from tests.fakes.http_service import HttpService


def fetch(service: HttpService, *, max_bytes: int = 100, trusted: bool = True, timeout_s: float = 5.0) -> bytes | None:
    async def run() -> bytes | None:
        async with service:
            ca_file = certificates().ca_file if trusted else None
            fetcher = Fetcher(resolver=SystemResolver(), ca_file=ca_file, timeout_s=timeout_s)
            return await fetcher.fetch(service.url, max_bytes)

    return asyncio.run(run())


def service(**switches: object) -> HttpService:
    return HttpService(certificate=certificates().good, **switches)  # type: ignore[arg-type]  # its fields


def test_a_small_file_is_fetched_by_https() -> None:
    asked = service(text="<x/>")
    assert fetch(asked) == b"<x/>"
    assert asked.requests == ["GET /send"]


def test_a_file_that_is_too_large_is_none() -> None:
    assert fetch(service(text="x" * 101)) is None
    assert fetch(service(text="x" * 100)) == b"x" * 100


def test_what_is_packed_is_not_unpacked() -> None:
    packed = gzip.compress(b"x" * 100_000)
    answer = fetch(service(text=packed, headers={"Content-Encoding": "gzip"}), max_bytes=1000)
    assert answer == packed


def test_no_redirect_is_followed_and_an_error_is_no_file() -> None:
    moved = service(redirect_to="/elsewhere")
    assert fetch(moved) is None
    assert len(moved.requests) == 1
    assert fetch(service(status=404)) is None


def test_a_certificate_that_is_not_valid_is_no_proof() -> None:
    asked = service()
    assert fetch(asked, trusted=False) is None
    assert asked.requests == []


def test_what_comes_late_does_not_come() -> None:
    assert fetch(service(delay_s=5.0), timeout_s=0.3) is None
