from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.load import load_account
from maild.diagnostics import Span
from maild.rules.foreign.pair import Form, Pair
from maild.rules.foreign.translation import server_of, translate
from tests.rows import each_row

SPAN = Span(line=1, column=1, end_line=1, end_column=2)
KEYS = st.sampled_from(
    [
        "host",
        "port",
        "user",
        "pass",
        "password",
        "passwordeval",
        "from",
        "from_name",
        "ssl",
        "starttls",
        "use_tls",
        "tls",
        "x",
    ]
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.booleans(),
    st.none(),
    st.sampled_from(
        ["smtp.shop.example", "a@shop.example", "587", "[a.example]:25", "smtp://me:x@a.example:2525", "{env: X}"]
    ),
)


def pairs(**values: object) -> list[Pair]:
    return [Pair(key=key, value=value, span=SPAN, form=Form.ASSIGNED) for key, value in values.items()]


@each_row(
    ("values", "lines"),
    [
        ({"port": "587"}, ()),
        ({"host": "localhost"}, ("smtp: {host: localhost}", "email: billing@example.com")),
        ({"host": "gmail"}, ()),
        ({"host": "“smtp.shop.example”"}, ("smtp: {host: smtp.shop.example}", "email: billing@example.com")),
        ({"host": "a.example", "ssl": True}, ("smtp: {host: a.example, port: 465}", "email: billing@example.com")),
        ({"host": "a.example", "use_tls": "yes"}, ("smtp: {host: a.example, port: 587}", "email: billing@example.com")),
        (
            {"host": "a.example", "encryption": "STARTTLS"},
            ("smtp: {host: a.example, port: 587}", "email: billing@example.com"),
        ),
        ({"host": "a.example", "port": "9" * 5000}, ("smtp: {host: a.example}", "email: billing@example.com")),
        ({"host": "a.example", "port": "0"}, ("smtp: {host: a.example}", "email: billing@example.com")),
        (
            {"host": "a.example", "user": "12345", "from": "Shop <a@b.example>", "from_name": "Example Shop"},
            (
                "smtp: {host: a.example}",
                'username: "12345"',
                "password: {env: SMTP_PASSWORD}",
                "email: a@b.example",
                'name: "Example Shop"',
            ),
        ),
        (
            {"host": "a.example", "user": "DOMAIN\\bob", "pass": "x"},
            (
                "smtp: {host: a.example}",
                "username: billing@example.com",
                "password: {env: SMTP_PASSWORD}",
                "email: billing@example.com",
            ),
        ),
        (
            {"host": "a.example", "user": "a@b.example", "passwordeval": "echo secret"},
            ("smtp: {host: a.example}", "username: a@b.example", "password: {command: [PROGRAM, ARGUMENT]}"),
        ),
        (
            {"host": "a.example", "user": "a@b.example", "MAIL_PASSWORD": "secret", "from": "nobody@"},
            ("smtp: {host: a.example}", "username: a@b.example", "password: {env: MAIL_PASSWORD}"),
        ),
        (
            {"url": "smtp://me:secret@a.example:2525"},
            (
                "smtp: {host: a.example, port: 2525}",
                "username: USERNAME",
                "password: {env: SMTP_PASSWORD}",
                "email: billing@example.com",
            ),
        ),
        ({"dsn": "smtp://a.example"}, ("smtp: {host: a.example}", "email: billing@example.com")),
        ({"host": "a.example", "from_name": "x" * 100}, ("smtp: {host: a.example}", "email: billing@example.com")),
    ],
)
def test_settings_become_lines_of_maild(values: dict[str, object], lines: tuple[str, ...]) -> None:
    assert translate(pairs(**values)) == (("protocol: smtp", *lines) if lines else ())


@each_row(
    ("value", "server"),
    [
        ("smtp.gmail.com:587", ("smtp.gmail.com", 587)),
        ("[smtp.gmail.com]", ("smtp.gmail.com", None)),
        ("[smtp.gmail.com]:587", ("smtp.gmail.com", 587)),
        ("smtps://smtp.gmail.com", ("smtp.gmail.com", None)),
        ("not a server", (None, None)),
        (12, (None, None)),
    ],
)
def test_a_server_is_taken_apart(value: object, server: tuple[str | None, int | None]) -> None:
    assert server_of(value) == server


@settings(deadline=None)
@given(st.lists(st.builds(Pair, key=KEYS, value=VALUES, span=st.just(SPAN), form=st.just(Form.ASSIGNED)), max_size=6))
def test_the_lines_are_always_a_right_account(settings_of_it: list[Pair]) -> None:
    lines = translate(settings_of_it)

    assert not lines or load_account("account.yaml", "\n".join(lines).encode()).account is not None
