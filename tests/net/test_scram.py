import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scramp import ScramException, ScramMechanism

from maild.net.scram import Scram, bound_to
from maild.net.scram_text import MAX_ITERATIONS, SaslError, ServerFirst, prepare
from maild.secret import Secret
from tests.rows import each_row

# The example of RFC 7677 §3.
NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER_FIRST = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
CLIENT_FINAL = (
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)
SERVER_FINAL = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def login(nonce: str = NONCE, name: str = "SCRAM-SHA-256") -> Scram:
    return Scram(name, "user", Secret("pencil"), nonce=nonce)


def test_the_whole_exchange_is_that_of_rfc_7677() -> None:
    scram = login()

    said = [scram.first(), scram.respond(SERVER_FIRST), scram.respond(SERVER_FINAL)]
    scram.check_success()

    assert said == [b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO", CLIENT_FINAL, b""]


def test_with_sha_1_the_whole_exchange_is_that_of_rfc_5802() -> None:
    scram = login("fyko+d2lbbFgONRv9qkxdawL", "SCRAM-SHA-1")
    server_first = b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"

    said = [scram.first(), scram.respond(server_first), scram.respond(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")]
    scram.check_success()

    proof = b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
    assert said == [b"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", proof, b""]


@each_row("name", ["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"])
@each_row("password", ["pencil", "\u2168\u00ad pässword=,"])
def test_another_implementation_understands_it(name: str, password: str) -> None:
    data = b"\0what both ends know" if name.endswith("PLUS") else None
    mechanism = ScramMechanism(name)
    info = mechanism.make_auth_info(password)
    server = mechanism.make_server(
        lambda user: info if user == "us,er" else None,
        channel_binding=None if data is None else ("tls-server-end-point", data),
    )
    bindings = {} if data is None else {"binding": bound_to("tls-server-end-point", data)}
    scram = Scram(name, "us,er", Secret(password), nonce=NONCE, **bindings)

    server.set_client_first(scram.first().decode())
    server.set_client_final(scram.respond(server.get_server_first().encode()).decode())
    scram.respond(server.get_server_final().encode())

    scram.check_success()


def test_a_login_bound_to_another_connection_is_refused() -> None:
    mechanism = ScramMechanism("SCRAM-SHA-256-PLUS")
    info = mechanism.make_auth_info("pencil")
    server = mechanism.make_server(lambda _: info, channel_binding=("tls-unique", b"theirs"))
    scram = Scram("SCRAM-SHA-256-PLUS", "user", Secret("pencil"), nonce=NONCE, binding=bound_to("tls-unique", b"ours"))
    server.set_client_first(scram.first().decode())

    with pytest.raises(ScramException):
        server.set_client_final(scram.respond(server.get_server_first().encode()).decode())


@each_row("final", [b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", b"e=other-error", b"v=", b"\xff"])
def test_a_server_that_cannot_prove_itself_is_not_believed(final: bytes) -> None:
    scram = login()
    scram.respond(SERVER_FIRST)

    with pytest.raises(SaslError):
        scram.respond(final)
    with pytest.raises(SaslError, match="without proving"):
        scram.check_success()


def test_a_server_that_lets_us_in_without_a_proof_is_not_believed() -> None:
    scram = login()
    scram.first()

    with pytest.raises(SaslError, match="without proving"):
        scram.check_success()


def test_a_server_that_answers_to_another_nonce_is_replaying() -> None:
    with pytest.raises(SaslError, match="our own nonce"):
        login("another").respond(SERVER_FIRST)


def test_a_server_that_adds_nothing_to_the_nonce_is_replaying() -> None:
    with pytest.raises(SaslError, match="our own nonce"):
        login("same").respond(b"r=same,s=c2FsdA==,i=4096")


@each_row(
    "message",
    [
        b"",
        b"r=x",
        b"r=x,s=c2FsdA==",
        b"r=x,s=c2FsdA==,i=",
        b"r=x,s=c2FsdA==,i=-4096",
        b"r=x,s=c2FsdA==,i=4095",
        b"r=x,s=c2FsdA==,i=" + str(MAX_ITERATIONS + 1).encode(),
        b"r=x,s=c2FsdA==,i=9999999999999999999",
        b"r=x,s=!!,i=4096",
        b"no attributes",
        b"r=x,s=c2FsdA==,i=4096,\xff",
    ],
)
def test_a_first_message_that_is_none_or_asks_for_absurd_work_is_refused(message: bytes) -> None:
    with pytest.raises(SaslError):
        ServerFirst.parse(message)


@given(salt=st.binary(max_size=64), iterations=st.integers(4096, MAX_ITERATIONS))
def test_every_acceptable_first_message_is_read_as_it_was_meant(salt: bytes, iterations: int) -> None:
    message = f"r=nonce,s={base64.b64encode(salt).decode()},i={iterations}".encode()

    assert ServerFirst.parse(message) == ServerFirst(nonce="nonce", salt=salt, iterations=iterations)


def test_a_name_with_the_grammar_s_own_characters_is_escaped() -> None:
    assert Scram("SCRAM-SHA-256", "a=b,c", Secret("x"), nonce="n").first() == b"n,,n=a=3Db=2Cc,r=n"


@each_row(
    ("text", "prepared"),
    [
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b", "a b"),
        ("\u0627\u0628", "\u0627\u0628"),
        ("", ""),
    ],
)
def test_saslprep_does_as_the_examples_of_rfc_4013(text: str, prepared: str) -> None:
    assert prepare(text) == prepared


@each_row("text", ["\u0007", "\u0627\u0031", "\u06271\u0628a\u0627", "\ue000"])
def test_saslprep_refuses_what_rfc_4013_forbids(text: str) -> None:
    with pytest.raises(SaslError):
        prepare(text)


@given(st.text(alphabet=string.ascii_letters + string.digits + string.punctuation + " "))
def test_saslprep_leaves_printable_ascii_alone(text: str) -> None:
    assert prepare(text) == text
