import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.model import AuthMechanism
from maild.net.channel_binding import ChannelBinding
from maild.net.sasl import Credentials, SaslError, choose_mechanism, mechanism_of
from maild.secret import Secret
from tests.rows import each_row


def conversation(kind: AuthMechanism, *challenges: bytes, username: str, password: str) -> list[bytes | None]:
    credentials = Credentials(username=username, password=Secret(password), host="server.example.com", port=587)
    machine = mechanism_of(kind, credentials, nonce="rOprNGfwEbeRWgbNEkqO")
    said: list[bytes | None] = [machine.first()]
    said += [machine.respond(challenge) for challenge in challenges]
    machine.check_success()
    return said


def test_plain_says_the_example_of_rfc_4616() -> None:
    said = conversation(AuthMechanism.PLAIN, username="tim", password="tanstaaftanstaaf")

    assert said == [b"\0tim\0tanstaaftanstaaf"]


def test_plain_carries_utf_8_as_the_second_example_of_rfc_4616() -> None:
    said = conversation(AuthMechanism.PLAIN, username="Kurt", password="xipj3plmq\u00e9\u4f60")

    assert said == [b"\0Kurt\0" + "xipj3plmqé你".encode()]


@pytest.mark.parametrize(("username", "password"), [("a\0b", "x"), ("a", "x\0y")])
def test_plain_refuses_a_nul_that_would_shift_its_fields(username: str, password: str) -> None:
    with pytest.raises(SaslError, match="NUL"):
        conversation(AuthMechanism.PLAIN, username=username, password=password)


def test_plain_has_nothing_to_say_to_a_challenge() -> None:
    with pytest.raises(SaslError, match="more than PLAIN has to say"):
        conversation(AuthMechanism.PLAIN, b"more?", username="tim", password="x")


def test_login_answers_user_then_password_whatever_the_prompts_say() -> None:
    said = conversation(AuthMechanism.LOGIN, b"Password:", b"anything", username="jürgen", password="s3crét")

    assert said == [None, "jürgen".encode(), "s3crét".encode()]


def test_login_does_not_answer_a_third_question() -> None:
    with pytest.raises(SaslError, match="more than LOGIN has to say"):
        conversation(AuthMechanism.LOGIN, b"1", b"2", b"3", username="a", password="b")


def test_cram_md5_gives_the_digest_of_rfc_2195() -> None:
    challenge = b"<1896.697170952@postoffice.reston.mci.net>"

    said = conversation(AuthMechanism.CRAM_MD5, challenge, username="tim", password="tanstaaftanstaaf")

    assert said == [None, b"tim b913a602c7eda7a495b4e6e7334d3890"]


def test_scram_sha_256_is_what_its_kind_makes() -> None:
    said = conversation_start(AuthMechanism.SCRAM_SHA_256)

    assert said == b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"


def conversation_start(kind: AuthMechanism) -> bytes | None:
    credentials = Credentials(username="user", password=Secret("pencil"))
    return mechanism_of(kind, credentials, nonce="rOprNGfwEbeRWgbNEkqO").first()


UNIQUE = ChannelBinding(name="tls-unique", data=b"finished")
END_POINT = ChannelBinding(name="tls-server-end-point", data=b"digest")


@each_row(
    ("kind", "binding", "offered", "header"),
    [
        (AuthMechanism.SCRAM_SHA_256_PLUS, UNIQUE, [], b"p=tls-unique,,"),
        (AuthMechanism.SCRAM_SHA_1_PLUS, END_POINT, [], b"p=tls-server-end-point,,"),
        (AuthMechanism.SCRAM_SHA_256, UNIQUE, ["PLAIN", "SCRAM-SHA-256"], b"y,,"),
        (AuthMechanism.SCRAM_SHA_1, UNIQUE, ["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"], b"n,,"),
        (AuthMechanism.SCRAM_SHA_256, END_POINT, ["SCRAM-SHA-256"], b"n,,"),
        (AuthMechanism.SCRAM_SHA_256, None, ["SCRAM-SHA-256"], b"n,,"),
    ],
)
def test_scram_says_what_it_binds_to_or_would(
    kind: AuthMechanism, binding: ChannelBinding | None, offered: list[str], header: bytes
) -> None:
    credentials = Credentials(username="user", password=Secret("pencil"))

    machine = mechanism_of(kind, credentials, nonce="abc", binding=binding, offered=offered)

    assert machine.first() == header + b"n=user,r=abc"


def test_a_bound_login_without_anything_to_bind_to_is_not_begun() -> None:
    with pytest.raises(SaslError, match="nothing to bind the login to"):
        conversation_start(AuthMechanism.SCRAM_SHA_256_PLUS)


@pytest.mark.parametrize("username", ["", "tim"])
def test_external_says_whom_to_act_as_and_nothing_else(username: str) -> None:
    assert conversation(AuthMechanism.EXTERNAL, username=username, password="") == [username.encode()]


def test_external_has_nothing_to_say_to_a_challenge() -> None:
    with pytest.raises(SaslError, match="more than EXTERNAL has to say"):
        conversation(AuthMechanism.EXTERNAL, b"more?", username="tim", password="")


def test_external_refuses_a_nul() -> None:
    with pytest.raises(SaslError, match="NUL"):
        conversation(AuthMechanism.EXTERNAL, username="a\0b", password="")


def test_a_login_is_bound_unasked_only_where_every_server_knows_the_binding() -> None:
    offered = ["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"]

    assert choose_mechanism(None, offered, UNIQUE) is AuthMechanism.SCRAM_SHA_256_PLUS
    assert choose_mechanism(None, offered, END_POINT) is AuthMechanism.SCRAM_SHA_256
    assert choose_mechanism(None, offered) is AuthMechanism.SCRAM_SHA_256
    assert choose_mechanism(AuthMechanism.SCRAM_SHA_1_PLUS, offered, END_POINT) is AuthMechanism.SCRAM_SHA_1_PLUS


def test_xoauth2_says_user_and_token_and_answers_an_error_with_an_empty_line() -> None:
    said = conversation(
        AuthMechanism.XOAUTH2, b'{"status":"401"}', username="someuser@example.com", password="ya29.vF9"
    )

    assert said == [b"user=someuser@example.com\1auth=Bearer ya29.vF9\1\1", b""]


def test_oauthbearer_says_the_example_of_rfc_7628_and_acknowledges_an_error() -> None:
    token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="

    said = conversation(AuthMechanism.OAUTHBEARER, b"{}", username="user@example.com", password=token)

    expected = f"n,a=user@example.com,\1host=server.example.com\1port=587\1auth=Bearer {token}\1\1"
    assert said == [expected.encode(), b"\1"]


def test_no_mechanism_is_made_where_no_login_is_wanted() -> None:
    with pytest.raises(SaslError):
        mechanism_of(AuthMechanism.NONE, Credentials(username="a", password=Secret("b")), nonce="abc")


def test_the_strongest_mechanism_that_both_have_is_chosen() -> None:
    assert choose_mechanism(None, ["CRAM-MD5", "LOGIN", "PLAIN", "SCRAM-SHA-256"]) is AuthMechanism.SCRAM_SHA_256
    assert choose_mechanism(None, ["CRAM-MD5", "LOGIN", "plain"]) is AuthMechanism.PLAIN
    assert choose_mechanism(None, ["LOGIN", "CRAM-MD5"]) is AuthMechanism.LOGIN
    assert choose_mechanism(None, ["CRAM-MD5", "XOAUTH2"]) is AuthMechanism.CRAM_MD5


def test_bearer_mechanisms_are_not_chosen_unasked() -> None:
    assert choose_mechanism(None, ["XOAUTH2", "OAUTHBEARER", "EXTERNAL"]) is None
    assert choose_mechanism(AuthMechanism.XOAUTH2, ["PLAIN", "XOAUTH2"]) is AuthMechanism.XOAUTH2


def test_a_token_is_taken_by_the_mechanisms_for_tokens_alone() -> None:
    assert choose_mechanism(None, ["PLAIN", "XOAUTH2"], has_token=True) is AuthMechanism.XOAUTH2
    assert choose_mechanism(None, ["XOAUTH2", "OAUTHBEARER"], has_token=True) is AuthMechanism.OAUTHBEARER
    assert choose_mechanism(None, ["PLAIN", "LOGIN"], has_token=True) is None


def test_a_configured_mechanism_that_is_not_offered_is_not_replaced_by_another() -> None:
    assert choose_mechanism(AuthMechanism.CRAM_MD5, ["PLAIN", "LOGIN"]) is None


@given(kind=st.sampled_from([kind for kind in AuthMechanism if kind is not AuthMechanism.NONE]), challenge=st.binary())
def test_no_challenge_makes_a_machine_do_anything_but_answer_or_give_up(kind: AuthMechanism, challenge: bytes) -> None:
    credentials = Credentials(username="user", password=Secret("pencil"))
    machine = mechanism_of(kind, credentials, nonce="abc", binding=UNIQUE)

    try:
        answer = machine.respond(challenge)
    except SaslError:
        return

    assert isinstance(answer, bytes)
