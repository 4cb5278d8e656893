import asyncio
import gzip

from maild.net.http.fetch import Fetched, Fetcher, FetchFailure, FetchTrouble
from maild.net.resolver import SystemResolver
from tests.fakes.certificates import certificates
from tests.fakes.http_service import HttpService
from tests.fakes.resolver import FakeResolver


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


def test_why_there_is_no_file_is_told() -> None:
    async def run(
        asked: HttpService, *, trusted: bool = True, timeout_s: float = 5.0, port: int = 0
    ) -> Fetched | FetchFailure:
        async with asked:
            fetcher = Fetcher(
                resolver=SystemResolver(), ca_file=certificates().ca_file if trusted else None, timeout_s=timeout_s
            )
            return await fetcher.look("https://127.0.0.1:1/" if port else asked.url, 100)

    async def nowhere() -> Fetched | FetchFailure:
        return await Fetcher(resolver=FakeResolver()).look("https://nowhere.test/x", 100)

    found = {
        "good": asyncio.run(run(service(text="x"))),
        "moved": asyncio.run(run(service(redirect_to="/elsewhere"))),
        "error": asyncio.run(run(service(status=404))),
        "large": asyncio.run(run(service(text="x" * 101))),
        "stranger": asyncio.run(run(service(), trusted=False)),
        "late": asyncio.run(run(service(delay_s=5.0), timeout_s=0.3)),
        "nowhere": asyncio.run(nowhere()),
        "closed": asyncio.run(run(service(), port=1)),
    }

    good, stranger, closed = found.pop("good"), found.pop("stranger"), found.pop("closed")
    assert isinstance(good, Fetched)
    assert isinstance(stranger, FetchFailure)
    assert stranger.trouble is FetchTrouble.CERTIFICATE
    assert stranger.detail.startswith("its certificate is not valid: ")
    assert isinstance(closed, FetchFailure)
    assert closed.trouble is FetchTrouble.UNREACHABLE
    assert found == {
        "moved": FetchFailure(trouble=FetchTrouble.ANSWER, detail="the server answers 307 and points to '/elsewhere'"),
        "error": FetchFailure(trouble=FetchTrouble.ANSWER, detail="the server answers 404"),
        "large": FetchFailure(trouble=FetchTrouble.ANSWER, detail="the file has more than 100 bytes"),
        "late": FetchFailure(trouble=FetchTrouble.UNREACHABLE, detail="no answer came within 0.3 seconds"),
        "nowhere": FetchFailure(trouble=FetchTrouble.NAME, detail="there is no host nowhere.test"),
    }
