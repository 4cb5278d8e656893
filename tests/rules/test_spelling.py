from hypothesis import given, settings
from hypothesis import strategies as st

from maild.rules.spelling import distance, fold, nearest
from tests.rows import each_row

TOP = ("version", "protocol", "smtp", "http", "username", "email", "password", "reply_to", "name", "copy_to", "limits")
SMTP = ("host", "port", "tls", "auth")
WORDS = st.text("abcde", max_size=7)


@each_row(
    ("word", "choices", "meant"),
    [
        ("hots", SMTP, "host"),
        ("prot", SMTP, "port"),
        ("prot", TOP, "protocol"),
        ("TLS", SMTP, "tls"),
        ("Reply-To", TOP, "reply_to"),
        ("replyto", TOP, "reply_to"),
        ("usrname", TOP, "username"),
        ("passwrod", TOP, "password"),
        ("protcl", TOP, "protocol"),
        ("conn", ("per_minute", "connections"), "connections"),
        ("smpt", ("smtp", "http"), "smtp"),
        ("htpp", ("smtp", "http"), "http"),
        ("per", ("per_minute", "per_day"), None),
        ("headers", TOP, None),
        ("x", SMTP, None),
        ("", SMTP, None),
        ("zzzzzz", TOP, None),
    ],
)
def test_the_word_that_was_meant_is_named(word: str, choices: tuple[str, ...], meant: str | None) -> None:
    assert nearest(word, choices) == meant


def test_a_common_beginning_decides_between_equals() -> None:
    assert nearest("moda", ("coda", "mode")) == "mode"


def test_a_hostile_word_takes_no_time() -> None:
    assert nearest("a" * 1_000_000, TOP) is None


@each_row(
    ("one", "other", "expected"),
    [("", "", 0), ("a", "", 1), ("", "ab", 2), ("host", "hots", 1), ("abc", "ca", 3), ("kitten", "sitting", 3)],
)
def test_the_distance_counts_typing_mistakes(one: str, other: str, expected: int) -> None:
    assert distance(one, other) == expected


@settings(deadline=None)
@given(WORDS, WORDS)
def test_the_distance_is_symmetric_bounded_and_zero_for_the_same_word_only(one: str, other: str) -> None:
    found = distance(one, other)

    assert found == distance(other, one)
    assert abs(len(one) - len(other)) <= found <= max(len(one), len(other))
    assert (found == 0) == (one == other)


@settings(deadline=None)
@given(st.text(), st.lists(st.text(), max_size=5))
def test_only_a_choice_is_ever_named(word: str, choices: list[str]) -> None:
    assert nearest(word, choices) in {*choices, None}


def test_folding_drops_case_separators_and_accents() -> None:
    assert fold("SMTP-Host") == fold("smtp_host") == fold("smtp host") == fold("(SMTP) host:") == "smtphost"
    assert fold("Sécurité") == fold("SECURITE") == "securite"
    assert fold("\uff30ort") == "port"
