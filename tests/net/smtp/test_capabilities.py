from hypothesis import given
from hypothesis import strategies as st

from maild.net.smtp import Capabilities


def test_keywords_are_upper_case_and_parameters_as_written() -> None:
    found = Capabilities.parse("mail.test greets you\nsize 1000\n8BITMIME\nAUTH PLAIN login\nX-Odd Some Thing")

    assert found.greeting == "mail.test greets you"
    assert found.extensions == {"SIZE": "1000", "8BITMIME": "", "AUTH": "PLAIN login", "X-ODD": "Some Thing"}
    assert found.mechanisms == ("PLAIN", "LOGIN")
    assert str(found) == "SIZE 1000, 8BITMIME, AUTH PLAIN login, X-ODD Some Thing"


def test_the_old_way_of_writing_auth_counts_too() -> None:
    found = Capabilities.parse("hi\nAUTH=LOGIN PLAIN\nAUTH PLAIN CRAM-MD5")

    assert found.mechanisms == ("LOGIN", "PLAIN", "CRAM-MD5")


def test_empty_and_senseless_lines_are_passed_over() -> None:
    found = Capabilities.parse("hi\n\n \n!!\n-x\nSMTPUTF8\n")

    assert list(found.extensions) == ["SMTPUTF8"]


def test_the_first_line_is_no_keyword() -> None:
    assert not Capabilities.parse("STARTTLS").offers("STARTTLS")


def test_a_size_of_zero_or_nonsense_is_no_limit() -> None:
    for text in ("SIZE", "SIZE 0", "SIZE lots", "SIZE -5", "SIZE " + "9" * 40, "8BITMIME"):
        assert Capabilities.parse(f"hi\n{text}").size_limit is None
    assert Capabilities.parse("hi\nSIZE 35882577").size_limit == 35882577


@given(st.text())
def test_no_answer_crashes_the_reader(text: str) -> None:
    found = Capabilities.parse(text)

    assert all(keyword == keyword.upper() for keyword in found.extensions)


def test_one_extension_can_be_left_out() -> None:
    offered = Capabilities.parse("hi\nPIPELINING\nCHUNKING\nSIZE 10")

    assert [offered.without("CHUNKING").offers(name) for name in ("PIPELINING", "CHUNKING")] == [True, False]
    assert offered.without("CHUNKING").size_limit == 10
