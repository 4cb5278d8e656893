import asyncio
import contextlib
import os
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path

import bcrypt
import pytest
import trustme

from maild.daemon.eventloop import run_on_loop
from maild.observe.access import AccessError, Door
from maild.observe.access.passwords import REMEMBERED, Passwords, credentials
from maild.observe.connection import ConnectionLimits
from maild.observe.events import Event, WebFileRefused, WebFileTaken
from maild.observe.listener import Listener, UnixPlace
from maild.observe.web import WebParts
from tests.fakes.certificates import ServerCertificate, certificates
from tests.observe.test_web import LOOPBACK, answer, ask, get, plain_app, serving, was_dropped
from tests.virtual_time import run_virtual

HASH = bcrypt.hashpw(b"open sesame", bcrypt.gensalt(4)).decode()
KEY = b"k" * 32


def basic(name: str, password: str) -> str:
    return f"Authorization: Basic {b64encode(f'{name}:{password}'.encode()).decode()}\r\n"


def door(tmp_path: Path, text: str, emit: Callable[[Event], None] = lambda event: None) -> Door:
    (tmp_path / "web.yml").write_text(text)
    return Door(tmp_path / "web.yml", key=KEY, emit=emit)


def tls(certificate: ServerCertificate, more: str = "") -> str:
    return f"tls_server_config: {{cert_file: {certificate.cert_file}, key_file: {certificate.key_file}{more}}}\n"


def client() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificates().ca_file)


async def ask_securely(port: int, context: ssl.SSLContext, request: bytes = b"") -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="mail.test")
    writer.write(request or get("/-/healthy", host="evil.example"))
    return (await answer(reader, writer))[0]


def secured(scenario: Callable[[int], Awaitable[None]], locked: Door, limits: ConnectionLimits | None = None) -> None:
    async def run(_host: str, port: int) -> None:
        await scenario(port)

    serving(run, parts=WebParts(door=locked), limits=limits)


def test_with_tls_only_who_speaks_it_is_answered(tmp_path: Path) -> None:
    async def scenario(port: int) -> None:
        assert await ask_securely(port, client()) == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get("/-/healthy"))
        assert b"200 OK" not in await reader.read()
        writer.close()

    secured(scenario, door(tmp_path, tls(certificates().good)))


def test_on_the_daemons_own_event_loop_nothing_is_read_before_the_handshake_has_the_connection(tmp_path: Path) -> None:
    locked = door(tmp_path, tls(certificates().good))

    async def scenario() -> None:
        listener = Listener(plain_app(parts=WebParts(door=locked)), ConnectionLimits(), locked)
        await listener.open([LOOPBACK])
        port = int(listener.places[0].rpartition(":")[2])
        async with asyncio.timeout(5):
            assert await asyncio.gather(*(ask_securely(port, client()) for _ in range(5))) == [200] * 5
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(get("/-/healthy"))
            assert b"200 OK" not in await reader.read()
            writer.close()
        await listener.close()

    run_on_loop(scenario())


def test_silent_clients_before_the_handshake_are_counted_and_dropped(tmp_path: Path) -> None:
    async def scenario(port: int) -> None:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        assert await was_dropped(silent[0][0])
        assert await ask_securely(port, client()) == 200
        for reader, writer in silent:
            assert await was_dropped(reader)
            writer.close()

    limits = ConnectionLimits(max_connections=3, life_s=0.3)
    secured(scenario, door(tmp_path, tls(certificates().good)), limits)
    assert not limits.open


def test_a_client_needs_a_certificate_of_the_authority_with_a_name_that_is_allowed(tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    more = ", client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert, client_allowed_sans: [prom.example]"

    async def scenario(port: int) -> None:
        for name, is_welcome in (("prom.example", True), ("other.example", False), (None, False)):
            context = client()
            if name is not None:
                ca.issue_cert(name).configure_cert(context)
            try:
                status = await ask_securely(port, context)
            except (OSError, IndexError):
                status = 0
            assert (status == 200) is is_welcome, name

    secured(scenario, door(tmp_path, tls(certificates().good, more)))


def test_a_name_and_a_password_are_asked_for_and_hashed_once(tmp_path: Path) -> None:
    locked = door(
        tmp_path, f"basic_auth_users: {{prom: '{HASH}'}}\nhttp_server_config: {{headers: {{X-Frame-Options: deny}}}}\n"
    )

    async def scenario(port: int) -> None:
        code, headers, _ = await ask(port, get("/metrics"))
        assert (code, headers["www-authenticate"]) == (401, 'basic realm="maild", charset="utf-8"')
        for _ in range(3):
            good = get("/-/healthy", host="evil.example", more=basic("prom", "open sesame"))
            code, headers, _ = await ask(port, good)
            assert (code, headers["x-frame-options"], headers["x-content-type-options"]) == (200, "deny", "nosniff")
        for name, password in (("prom", "sesame"), ("prom", "a\0b"), ("nobody", "open sesame"), ("", "")):
            assert (await ask(port, get("/", more=basic(name, password))))[0] == 401
        assert (await ask(port, get("/", more="Authorization: Bearer x\r\n")))[0] == 401

    secured(scenario, locked)


def test_a_socket_is_kept_by_the_rights_of_its_file_alone(tmp_path: Path) -> None:
    locked = door(tmp_path, tls(certificates().good) + f"basic_auth_users: {{prom: '{HASH}'}}\n")

    async def scenario(_host: str, _port: int) -> None:
        reader, writer = await asyncio.open_unix_connection(tmp_path / "web.sock")
        writer.write(get("/-/healthy"))
        assert (await answer(reader, writer))[0] == 200

    serving(scenario, place=UnixPlace(path=tmp_path / "web.sock"), parts=WebParts(door=locked))


def test_too_many_requests_are_sent_away(tmp_path: Path) -> None:
    async def scenario(port: int) -> None:
        assert [(await ask(port, get("/-/healthy")))[0] for _ in range(3)] == [200, 200, 429]

    secured(scenario, door(tmp_path, "rate_limit: {interval: 1h, burst: 2}"))


def touch(path: Path, text: str) -> None:
    """Write it so that its time is another, however coarse the clock of the file system is."""
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    os.utime(path, ns=(stamp + 10**9, stamp + 10**9))


def test_a_changed_file_and_a_renewed_certificate_are_in_force_and_a_broken_one_is_not(tmp_path: Path) -> None:
    told: list[Event] = []
    good, file = certificates().good, tmp_path / "web.yml"
    (tmp_path / "cert.pem").write_text(certificates().expired.cert_file.read_text())
    (tmp_path / "key.pem").write_text(certificates().expired.key_file.read_text())
    locked = door(tmp_path, "tls_server_config: {cert_file: cert.pem, key_file: key.pem}", told.append)

    async def scenario(port: int) -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            await ask_securely(port, client())
        await locked.step()
        assert told == []

        touch(tmp_path / "cert.pem", good.cert_file.read_text())
        await locked.step()
        await locked.step()
        assert "fit together" in locked.problem, "the key is not there yet"
        touch(tmp_path / "key.pem", good.key_file.read_text())
        await locked.step()
        assert await ask_securely(port, client()) == 200
        assert locked.problem == ""

        touch(file, f"basic_auth_users: {{prom: '{HASH}'}}")
        await locked.step()
        assert (await ask(port, get("/-/healthy")))[0] == 401
        touch(file, "basic_auth_users: {prom: hunter2}")
        await locked.step()
        file.unlink()
        await locked.step()
        assert (await ask(port, get("/-/healthy")))[0] == 401

    secured(scenario, locked)
    assert [type(event) for event in told] == [
        *(WebFileRefused, WebFileTaken, WebFileTaken),
        *(WebFileRefused, WebFileRefused),
    ]
    assert "hunter2" not in repr(told)


def test_at_the_start_a_file_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
    (tmp_path / "locked.pem").write_text(encrypted)
    good, if_given = certificates().good, ", client_auth_type: VerifyClientCertIfGiven, client_ca_file: "
    for text, words in {
        "tls_server_config: {cert_file: no.pem, key_file: no.key}": "no.pem and no.key cannot be read: No such file",
        f"tls_server_config: {{cert_file: {good.cert_file}, key_file: web.yml}}": "are no certificate and key in PEM",
        f"tls_server_config: {{cert_file: {good.cert_file}, key_file: locked.pem}}": "are no certificate and key",
        tls(good, f"{if_given}web.yml"): "web.yml is no certificate",
        tls(good, f"{if_given}no.pem"): "no.pem cannot be read",
    }.items():
        with pytest.raises(AccessError, match=words):
            door(tmp_path, text)
    with pytest.raises(AccessError, match=r"web.config_file: .*nowhere.yml cannot be read"):
        Door(tmp_path / "nowhere.yml", key=KEY, emit=print)


def test_certificate_and_key_may_stand_in_the_file_itself(tmp_path: Path) -> None:
    good = certificates().good
    cert, key = (f"{path.read_text()!r}".replace("'", '"') for path in (good.cert_file, good.key_file))
    text = f"tls_server_config: {{cert: {cert}, key: {key}, min_version: TLS13, prefer_server_cipher_suites: false}}"

    async def scenario(port: int) -> None:
        assert await ask_securely(port, client()) == 200

    secured(scenario, door(tmp_path, text))


def test_ciphers_and_curves_are_chosen_as_the_file_says(tmp_path: Path) -> None:
    suites = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    more = f", max_version: TLS12, curve_preferences: [CurveP384], cipher_suites: [{suites}]"
    locked = door(tmp_path, tls(certificates().good, more))

    assert locked.context is not None
    assert {one["name"] for one in locked.context.get_ciphers() if one["protocol"] != "TLSv1.3"} == {
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
    }


def test_without_a_file_nothing_is_looked_after() -> None:
    bare = Door(None, key=KEY, emit=print)

    async def an_hour() -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3600):
                await bare.run()

    run_virtual(an_hour())
    assert bare.context is None
    assert not bare.is_locked
    assert bare.knows(
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="x")
    )


def test_many_requests_with_one_password_cost_one_hash_and_guesses_do_not_push_it_out() -> None:
    async def scenario() -> None:
        passwords, users = Passwords(KEY), {"prom": HASH}
        header = basic("prom", "open sesame").removeprefix("Authorization: ").strip()
        assert all(await asyncio.gather(*(passwords.are_right(header, users) for _ in range(20))))
        assert passwords.checked == 1

        for number in range(REMEMBERED + 5):
            wrong = basic("prom", str(number)).removeprefix("Authorization: ").strip()
            assert not await passwords.are_right(wrong, users)
        assert await passwords.are_right(header, users)
        assert passwords.checked == 1 + REMEMBERED + 5

    asyncio.run(scenario())


def test_credentials_are_taken_apart_and_nonsense_is_none() -> None:
    assert credentials("Basic " + b64encode("jörg:a:b".encode()).decode()) == ("jörg", b"a:b")
    assert credentials("basic " + b64encode(b"a:").decode()) == ("a", b"")
    for header in ("", "Basic", "Basic !!", "Basic " + b64encode(b"nocolon").decode(), "Digest x", "Basic /zo="):
        assert credentials(header) is None
