"""The schema files themselves, as editors take them, held against the code that takes the same files."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from maild.config.build.site import build_site
from maild.config.document import Document, join_pointer, parse_document
from maild.config.document.lines import Lines
from maild.config.document.marks import Marks
from maild.config.draft import DEFAULT_PORT
from maild.config.duration import DURATION, parse_duration
from maild.config.envelope_place import EnvelopePlace
from maild.config.fault import Pointer
from maild.config.load import load_account
from maild.config.model import Account, HttpKind, HttpSettings, HttpTls, ReplyToPolicy, Site, SmtpSettings, Tls, TlsMode
from maild.config.resources import schema_text
from maild.config.schema import Shape, validate_account, validate_site
from maild.config.schema.shape import closed_schema
from maild.config.size import SIZE
from tests.rows import each_row

_KEYWORDS: Final = """$schema $id $defs $ref $comment title description default examples type const enum properties
    required additionalProperties propertyNames minProperties maxProperties dependentRequired items minItems maxItems
    minLength maxLength pattern format minimum maximum allOf anyOf oneOf not if then else patternErrorMessage
    defaultSnippets"""
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Those that the drafts know and that we use; the last two are what VS Code and yaml-language-server show."""

ROOT: Final = Pointer("")
NAMES: Final = ["account", "maild"]


def published(name: str) -> dict[str, Any]:
    loaded = json.loads(schema_text(name))
    assert isinstance(loaded, dict)
    return loaded


def schemas_in(schema: Mapping[str, Any], at: Pointer = ROOT) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    yield at, schema
    for keyword in ("properties", "$defs"):
        for key, member in schema.get(keyword, {}).items():
            yield from schemas_in(member, join_pointer(join_pointer(at, keyword), key))
    for keyword in ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not"):
        if isinstance(schema.get(keyword), dict):
            yield from schemas_in(schema[keyword], join_pointer(at, keyword))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, member in enumerate(schema.get(keyword, [])):
            yield from schemas_in(member, join_pointer(join_pointer(at, keyword), index))


def resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    target = root["$defs"][reference.removeprefix("#/$defs/")] if reference else {}
    return {**target, **schema}


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid(name: str) -> None:
    Draft202012Validator.check_schema(published(name))


@pytest.mark.parametrize("name", NAMES)
def test_only_known_keywords_are_used(name: str) -> None:
    used = {keyword for _, schema in schemas_in(published(name)) for keyword in schema}

    assert used - KEYWORDS == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_described_and_has_examples(name: str) -> None:
    root = published(name)
    for at, schema in schemas_in(root):
        if "/if/" in at or "/if" in at[-3:]:
            continue
        for key, member in schema.get("properties", {}).items():
            whole = resolved(member, root)
            assert whole.get("title"), f"{at}/{key}"
            assert whole.get("description"), f"{at}/{key}"
            assert whole.get("examples"), f"{at}/{key}"


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_is_described(name: str) -> None:
    for at, schema in schemas_in(published(name)):
        if "const" in schema and "oneOf" in at:
            assert schema.keys() == {"const", "title", "description"}, at


@pytest.mark.parametrize("name", NAMES)
def test_choices_are_never_a_bare_list_that_an_editor_has_no_words_for(name: str) -> None:
    bare = [at for at, schema in schemas_in(published(name)) if "enum" in schema and "/if" not in at]

    assert bare == []


@pytest.mark.parametrize("name", NAMES)
def test_what_an_editor_inserts_as_a_whole_is_described_and_valid(name: str) -> None:
    root = published(name)
    offered = [(schema, one) for _, schema in schemas_in(root) for one in schema.get("defaultSnippets", [])]

    assert offered
    for schema, snippet in offered:
        assert snippet.keys() == {"label", "description", "body"}
        body = json.loads(re.sub(r"\$\{[0-9]:(.*?)\}", r"\1", json.dumps(snippet["body"])))
        assert "${" not in json.dumps(body)
        assert list(Draft202012Validator({**schema, "$defs": root["$defs"]}).iter_errors(body)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_has_words_for_people(name: str) -> None:
    for at, schema in schemas_in(published(name)):
        if "pattern" in schema and "/if" not in at:
            assert schema.get("patternErrorMessage"), at


@pytest.mark.parametrize("name", NAMES)
def test_every_example_and_default_is_valid(name: str) -> None:
    root = published(name)
    for at, schema in schemas_in(root):
        validator = Draft202012Validator({**schema, "$defs": root["$defs"]})
        for example in [*schema.get("examples", []), *([schema["default"]] if "default" in schema else [])]:
            assert list(validator.iter_errors(example)) == [], at


def test_the_choices_of_a_port_are_shown_and_others_are_allowed() -> None:
    port = published("account")["$defs"]["smtp"]["properties"]["port"]

    assert [choice.get("const") for choice in port["anyOf"]] == [465, 587, 25, None]
    assert all(choice["title"] for choice in port["anyOf"])
    assert Draft202012Validator(port).is_valid(2525)


def test_a_duration_is_the_same_in_schema_and_code() -> None:
    for name in NAMES:
        assert published(name)["$defs"]["duration"]["pattern"] == f"^{DURATION.pattern}$"


def test_a_size_is_the_same_in_schema_and_code() -> None:
    for name in NAMES:
        assert published(name)["$defs"]["size"]["pattern"] == f"^{SIZE.pattern}$"


def test_the_patterns_end_where_the_text_ends() -> None:
    for shape in Shape:
        for at, schema in schemas_in(closed_schema(shape)):
            assert not schema.get("pattern", "").endswith("$"), at


def defaults(schema: Mapping[str, Any], root: Mapping[str, Any]) -> object:
    """A file in which every key with a default has it; without sections that are there only with keys of one's own."""
    whole = resolved(schema, root)
    if whole.get("required"):
        return None
    if "default" in whole:
        return whole["default"]
    members = {key: defaults(member, root) for key, member in whole.get("properties", {}).items()}
    return {key: value for key, value in members.items() if value is not None} or None


def test_the_defaults_of_the_daemons_file_are_those_of_the_model() -> None:
    root = published("maild")
    text = json.dumps(defaults(root, root))

    document = parse_document("maild.yaml", text.encode()).document

    assert document is not None
    assert '"retry"' in text
    built = build_site(document)
    assert (built.faults, built.site) == ((), Site())


def test_the_defaults_of_an_account_are_those_of_the_model() -> None:
    definitions = published("account")["$defs"]
    smtp = definitions["smtp"]["properties"]
    policy = {
        name: definitions[name]["properties"]["reply_to_policy"]["default"] for name in ("smtp_account", "http_account")
    }

    assert smtp["port"]["default"] == DEFAULT_PORT
    assert smtp["tls"]["properties"]["verify"]["default"] is Tls(mode=TlsMode.IMPLICIT).verify
    assert definitions["tls_version"]["default"] == Tls(mode=TlsMode.IMPLICIT).min_version == HttpTls().min_version
    assert definitions["http_tls"]["properties"]["verify"]["default"] is HttpSettings(url="").tls.verify
    assert definitions["enabled"]["default"] is Account(name="x", transport=HttpSettings(url="")).is_enabled
    assert definitions["http"]["properties"]["kind"]["default"] == HttpSettings(url="").kind
    assert (
        policy["smtp_account"]
        == Account(name="x", transport=SmtpSettings(host="x", port=1, tls=Tls(mode=TlsMode.NONE))).reply_to_policy
    )
    assert policy["http_account"] == ReplyToPolicy.REPLACE
    assert [choice["const"] for choice in definitions["kind"]["oneOf"]] == list(HttpKind)
    envelope = definitions["service"]["properties"]["envelope"]
    assert [choice["const"] for choice in envelope["oneOf"]] == list(EnvelopePlace)
    assert envelope["default"] == HttpSettings(url="").envelope
    assert parse_duration("0.3s") == timedelta(seconds=0.3)


SMTP = "protocol: smtp\nsmtp: {host: smtp.example.com}\nemail: a@b.example\n"
HTTP = "protocol: http\nhttp: {url: https://x.example}\nreply_to: a@b.example\n"

ACCOUNTS = [
    SMTP,
    HTTP,
    "{}",
    "[]",
    "protocol: smpt",
    "protocol: [smtp]",
    SMTP + "version: 2\n",
    SMTP + "version: 1\n",
    SMTP + "hots: x\n",
    SMTP + "http: {url: x}\n",
    SMTP + "username: bob\n",
    SMTP + "username: bob\npassword: {env: X}\n",
    SMTP + "password: {env: X}\n",
    SMTP + "username: a@b.example\npassword: hunter2\n",
    SMTP + "username: a@b.example\npassword: {env: X, file: y}\n",
    SMTP + "username: a@b.example\npassword: {}\n",
    SMTP + "username: a@b.example\npassword: {env: 5X}\n",
    SMTP + "reply_to_policy: keep\n",
    SMTP + "reply_to_policy: keep\nreply_to: a@b.example\n",
    SMTP + "reply_to: []\n",
    SMTP + "limits: {per_day: 0}\n",
    SMTP + "limits:\n",
    SMTP + 'name: "x\\ny"\n',
    SMTP + "enabled: false\n",
    SMTP + "enabled: nope\n",
    SMTP + "limits: {max_size: 25MB}\n",
    SMTP + "limits: {max_size: 25 MB}\n",
    "protocol: smtp\nsmtp: {host: x, tls: {min_version: 1.3}}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, tls: {min_version: '1.1'}}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, tls: {cert_file: c.pem}}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, tls: {cert_file: c.pem, key_file: k.pem}}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, tls: {pin_sha256: []}}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, timeout: 5}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, timeout: 5s}\nemail: a@b.example\n",
    SMTP + "smtp2: 1\n",
    "protocol: smtp\nsmtp: {host: x}\n",
    "protocol: smtp\nsmtp: {host: x}\nusername: a@b.example\npassword: {env: X}\n",
    "protocol: smtp\nsmtp: {host: x, auth: none}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, auth: none}\nusername: x\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, auth: none}\nusername: x\nemail: a@b.example\npassword: {env: X}\n",
    "protocol: smtp\nsmtp: {host: x, auth: plain}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, auth: foo}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {port: 25}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, port: 0}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: {host: x, port: 2525.0}\nemail: a@b.example\n",
    "protocol: smtp\nsmtp: 5\nemail: a@b.example\n",
    "protocol: smtp\nemail: a@b.example\n",
    HTTP + "username: x\n",
    HTTP + "smtp: {host: x}\n",
    "protocol: http\nhttp: {kind: raw, url: x}\nreply_to: a@b.example\n",
    "protocol: http\nhttp: {url: x}\n",
]


@each_row("text", ACCOUNTS)
def test_an_editor_that_has_the_whole_schema_comes_to_the_same(text: str) -> None:
    loaded = load_account("x.yaml", text.encode())
    assert loaded.document is not None

    is_valid = Draft202012Validator(published("account")).is_valid(loaded.document.value)

    assert is_valid is (validate_account(loaded.document) == ())


def test_no_value_makes_the_translation_of_errors_fail() -> None:
    # Every key of every mapping with a value of every kind, and with an entry of every kind inside.
    odd: list[object] = [None, True, 0, -1, 1.5, 10**12, "", "x", "x\n", "x" * 5000, [], {}, [None] * 200, {"x": None}]
    for shape in Shape:
        for pointer, value in single_values(closed_schema(shape), odd):
            document = Document(file="x", text="", value=value, marks=Marks("", Lines(""), {}))
            faults = validate_site(document) if shape is Shape.SITE else validate_account(document)
            assert isinstance(faults, tuple), pointer


def single_values(schema: Mapping[str, Any], odd: list[object]) -> Iterator[tuple[str, object]]:
    """Files with one odd value each."""
    for value in odd:
        yield "", value
    for key, member in schema.get("properties", {}).items():
        for pointer, value in single_values(member, odd):
            protocol = (
                {"protocol": "http" if "http" in schema["properties"] else "smtp"}
                if "protocol" in schema["properties"]
                else {}
            )
            yield f"/{key}{pointer}", {**protocol, key: value}
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            for pointer, value in single_values(schema[keyword], odd):
                yield f"/*{pointer}", [value] if keyword == "items" else {"key": value}


@each_row(
    ("kind", "key", "is_valid"),
    [
        ("ses", "region: eu-central-1", True),
        ("mailgun", "region: eu", True),
        ("resend", "region: eu", False),
        ("mailgun", "domain: mg.shop.example", True),
        ("ses", "domain: mg.shop.example, region: eu-central-1", False),
        ("raw", "key_header: X-Key, url: https://mail.example/in", True),
        ("jmap", "key_header: X-Key", False),
        ("graph", "envelope: query", False),
    ],
)
def test_an_editor_sees_that_a_kind_of_service_lacks_a_key(kind: str, key: str, *, is_valid: bool) -> None:
    root = published("account")
    keys = dict(part.split(": ") for part in key.split(", "))

    service = Draft202012Validator({**root["$defs"]["service"], "$defs": root["$defs"]})

    assert service.is_valid({"kind": kind, **keys}) == is_valid
