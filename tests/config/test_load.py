import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from maild.config.fault import DuplicateKey, InvalidText, Pointer, UnsupportedYaml, YamlSyntax
from maild.config.load import account_name, load_account, load_site
from tests.rows import each_row

GOOD = b"protocol: smtp\nsmtp: {host: smtp.example.com}\nemail: a@example.com\n"


@each_row(
    ("file", "name"),
    [
        ("accounts/billing.yaml", "billing"),
        ("x.y.yml", "x.y"),
        ("/etc/maild/accounts/B\u00fcro 1.yaml", "B\u00fcro 1"),
        ("<stdin>", "<stdin>"),
    ],
)
def test_an_account_is_called_as_its_file(file: str, name: str) -> None:
    loaded = load_account(file, GOOD)

    assert account_name(file) == loaded.name == name
    assert loaded.account is not None
    assert loaded.account.name == name


@each_row("file", ["accounts/-x.yaml", "accounts/a\nb.yaml", "accounts/a*.yml", "a" * 101 + ".yaml"])
def test_a_name_that_is_no_good_as_one_is_a_fault(file: str) -> None:
    (fault,) = load_account(file, GOOD).faults

    assert isinstance(fault, InvalidText)
    assert fault.pointer == ""


def test_a_file_that_is_no_yaml_has_no_document_and_no_draft() -> None:
    account = load_account("a.yaml", b"a: @\n")
    site = load_site("maild.yaml", b"a: @\n")

    assert [type(fault) for fault in (*account.faults, *site.faults)] == [YamlSyntax, YamlSyntax]
    assert (account.document, account.draft, account.account, site.document, site.site) == (None,) * 5
    assert account.text == site.text == "a: @\n"


def test_faults_of_the_text_keep_an_account_from_being_built() -> None:
    account = load_account("a.yaml", GOOD + b"email: b@example.com\n")
    site = load_site("maild.yaml", b"version: 1\n---\n")

    assert [type(fault) for fault in account.faults] == [DuplicateKey]
    assert [type(fault) for fault in site.faults] == [UnsupportedYaml]
    assert (account.account, site.site) == (None, None)
    assert account.draft is not None


def test_positions_are_found_by_the_pointers_of_faults() -> None:
    loaded = load_account("a.yaml", GOOD.replace(b"{host", b"{hots: x, host"))

    assert loaded.document is not None
    span = loaded.document.key_span(Pointer("/smtp/hots"))
    assert (span.line, span.column, span.end_column) == (2, 8, 12)


WORDS = st.sampled_from(
    [
        "protocol",
        "smtp",
        "http",
        "host",
        "port",
        "url",
        "password",
        "env",
        "username",
        "email",
        "tls",
        "a@b.example",
        "465",
        "none",
    ]
)
NESTED = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.floats()).map(str),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(WORDS, inner, max_size=5).map(
            lambda parts: "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"
        ),
    ),
    max_leaves=10,
)


@given(
    st.one_of(
        st.binary(max_size=100),
        NESTED.map(str.encode),
        NESTED.map(lambda text: f"protocol: smtp\nsmtp: {text}\n".encode()),
    )
)
def test_any_bytes_are_an_account_or_faults(data: bytes) -> None:
    loaded = load_account("a.yaml", data)

    assert (loaded.account is None) is bool(loaded.faults)
    assert (loaded.draft is None) is (loaded.document is None)


@given(st.one_of(st.binary(max_size=100), NESTED.map(str.encode)))
def test_any_bytes_are_the_daemons_settings_or_faults(data: bytes) -> None:
    loaded = load_site("maild.yaml", data)

    assert (loaded.site is None) is bool(loaded.faults)


def test_nothing_heavy_is_imported_before_a_file_is_validated() -> None:
    heavy = ("jsonschema", "idna", "asyncio", "ssl")
    code = f"import sys, maild.config.load; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
