from hypothesis import given
from hypothesis import strategies as st

from maild.probe.arrival import AuthenticationResults
from tests.rows import each_row

A_R = "Authentication-Results"


def results(*values: str) -> AuthenticationResults | None:
    return AuthenticationResults.of([("Received", "x"), *((A_R, value) for value in values), ("To", "a")])


@each_row(
    ("value", "spf", "dkim", "dmarc"),
    [
        (
            "mx.example.com; spf=pass (sender; is=fail) a=b; dkim=fail; dkim=pass d=b; dmarc=pass (p=REJECT) x=y",
            "pass",
            "pass",
            "pass",
        ),
        ('mx.example.com 1; SPF = SoftFail reason="a; dkim=pass"; dmarc/1=none', "softfail", None, "none"),
        ("mx.example.com; none", None, None, None),
        ("mx.example.com (a \\) ; spf=pass", None, None, None),
    ],
)
def test_a_field_is_read_as_it_was_meant(value: str, spf: str | None, dkim: str | None, dmarc: str | None) -> None:
    found = results(value)

    assert found is not None
    assert found.server == "mx.example.com"
    assert (found.best("spf"), found.best("dkim"), found.best("dmarc")) == (spf, dkim, dmarc)


def test_only_the_receiver_s_own_fields_on_top_are_believed() -> None:
    found = results("mx.example.com; spf=fail", "MX.example.com; dkim=fail", "evil.example; dkim=pass")
    split = AuthenticationResults.of(
        [(A_R, "mx.example.com; spf=fail"), ("Received", "x"), (A_R, "mx.example.com; spf=pass")]
    )

    assert found is not None
    assert dict(found.results) == {"spf": ("fail",), "dkim": ("fail",)}
    assert split is not None
    assert split.best("spf") == "fail"
    assert results() is None
    assert results("", "mx.example.com; spf=pass") is None


@given(value=st.text(alphabet='a;=/()"\\ \n1', max_size=40))
def test_whatever_stands_there_is_read_or_not_and_never_an_error(value: str) -> None:
    found = results(value)

    assert found is None or found.server
