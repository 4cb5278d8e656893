import pytest

from maild.records.bimi import BimiError, BimiRecord, parse_bimi


def test_a_record_names_the_logo() -> None:
    text = "v=BIMI1; l=https://shop.example/l.svg; a=https://shop.example/l.pem"

    assert parse_bimi((text,)) == BimiRecord(logo="https://shop.example/l.svg", evidence="https://shop.example/l.pem")
    assert parse_bimi(("v=BIMI1; l=; a=;",)) == BimiRecord(logo="")
    assert parse_bimi(("x",)) is None


def test_a_record_that_is_of_no_use_is_an_error() -> None:
    for texts, words in [
        (("v=BIMI1;l=", "v=BIMI1;l="), "there are 2 records"),
        (("v=BIMI1",), "`l` with the picture's address"),
        (("v=BIMI1; l=http://shop.example/l.svg",), "must begin with https://"),
        (("v=BIMI1; l",), "this is no tag"),
    ]:
        with pytest.raises(BimiError) as caught:
            parse_bimi(texts)
        assert words in caught.value.problem
