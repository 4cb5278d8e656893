import pytest

from maild.records.tls_rpt import TlsRptError, parse_tls_rpt


def test_one_record_says_where_reports_go() -> None:
    texts = ("v=TLSRPTv1; rua=mailto:tls@shop.example, https://r.example/x",)

    assert parse_tls_rpt(texts) == ("mailto:tls@shop.example", "https://r.example/x")
    assert parse_tls_rpt(("v=spf1 -all",)) is None


def test_a_record_by_which_nobody_reports_is_an_error() -> None:
    for texts, words in [
        (("v=TLSRPTv1;rua=mailto:a@b.example",) * 2, "there are 2 records"),
        (("v=TLSRPTv1;",), "neither a mailto: nor an https:"),
        (("v=TLSRPTv1;rua=a@b.example",), "neither a mailto: nor an https:"),
        (("v=TLSRPTv1;x",), "this is no tag"),
    ]:
        with pytest.raises(TlsRptError) as caught:
            parse_tls_rpt(texts)
        assert words in caught.value.problem
