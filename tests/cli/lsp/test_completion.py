from datetime import date

from maild.cli.lsp.completion import Proposal, Sort, Surroundings, proposals_at
from maild.config.folder import FileKind
from maild.diagnostics import Edit, Span
from tests.cli.lsp.places import place
from tests.rows import each_row

AROUND = Surroundings(accounts=("billing", "shop"), today=date(2026, 11, 24))


def proposals(text: str, kind: FileKind = FileKind.ACCOUNT) -> tuple[Proposal, ...]:
    return proposals_at(*place(text), kind, AROUND)


def typed(text: str, kind: FileKind = FileKind.ACCOUNT) -> list[str]:
    return [proposal.edit.text for proposal in proposals(text, kind)]


def test_an_empty_file_begins_with_the_protocol_and_has_the_keys_of_both() -> None:
    found = typed("¦")

    assert found[0] == "protocol: "
    assert {"smtp:", "http:"} <= set(found)


@each_row(
    ("text", "expected"),
    [
        ("protocol: ¦", ["smtp", "http"]),
        ("protocol:¦", [" smtp", " http"]),
        ("protocol: smtp\nsmtp: {tls: {mode: ¦", ["implicit", "starttls", "none"]),
        ("smtp: {tls: {verify: ¦}}", ["true", "false"]),
        ("protocol: http\nsmtp:\n  ¦", []),
        ("smtp:\n  host: mail.example.org\n  port: ¦", ["465", "587", "25"]),
        ("smtp: {host: smtp.sendgrid.net}\nusername: ¦", ["apikey"]),
        ("smtp: {host: smtp.gmail.com}\nusername: ¦", []),
        ("password: {¦}", ["env: ", "file: ", "credential: ", "command: "]),
        ("password: {env: ¦}", []),
        ("email: ¦", []),
        ("nothing: ¦", []),
        ("# ¦", []),
    ],
)
def test_what_fits_an_account_is_proposed(text: str, expected: list[str]) -> None:
    assert typed(text) == expected


@each_row(
    ("text", "first", "there"),
    [
        ("protocol: smtp\nsmtp:\n  ¦", ["host: ", "port: ", "tls:"], set()),
        ("protocol: smtp\nsmtp:\n  host: x\n  ¦", ["port: ", "tls:"], {"host: "}),
        ("protocol: smtp\nsmtp:\n  po¦: 25\n  host: x", ["port", "tls"], {"host"}),
        ("protocol: smtp\nsmtp: {host: x, ¦", ["port: ", "tls: "], {"host: "}),
        ("protocol: http\nhttp:\n  ¦", ["url: ", "kind: "], set()),
    ],
)
def test_the_keys_of_a_section_are_proposed_without_those_that_are_there(
    text: str, first: list[str], there: set[str]
) -> None:
    found = typed(text)

    assert found[: len(first)] == first
    assert there.isdisjoint(found)


def test_the_ports_that_the_provider_documents_come_first() -> None:
    found = [proposal.detail for proposal in proposals("smtp:\n  host: smtp.sendgrid.net\n  port: ¦")]

    assert found[0].startswith("SendGrid: ")
    assert {"25", "465", "587", "2525"} == set(typed("smtp:\n  host: smtp.sendgrid.net\n  port: ¦"))


@each_row(
    ("text", "expected"),
    [
        ("default_account: ¦", ["billing", "shop"]),
        ("routes:\n  - ¦", ["match:", "accounts: "]),
        ("routes:\n  - {match: {}, accounts: [¦", ["billing", "shop"]),
        ("routes:\n  - accounts:\n      - ¦", ["billing", "shop"]),
        ("log: {level: ¦", ["debug", "info", "warning", "error"]),
        ("delivery: {lifetime: ¦", ["5d", "12h"]),
        ("lint:\n  severity:\n    ML301: ¦", ["error", "warning", "info"]),
    ],
)
def test_what_fits_maild_yaml_is_proposed(text: str, expected: list[str]) -> None:
    assert typed(text, FileKind.SITE) == expected


def test_rules_that_can_be_weakened_are_proposed_where_their_codes_belong() -> None:
    severities = typed("lint:\n  severity:\n    ¦\n    ML302: error", FileKind.SITE)
    half_typed = typed("lint:\n  severity:\n    ¦: error", FileKind.SITE)
    ignored = typed("lint: {ignore: [¦", FileKind.SITE)

    assert {"ML301: ", "ML303: "} <= set(severities)
    assert {"ML302: ", "ML201: "}.isdisjoint(severities)
    assert "ML301" in half_typed
    assert "ML301" in ignored
    assert "ML201" not in ignored


def test_the_servers_of_providers_are_proposed_with_what_is_known_of_them() -> None:
    found = {proposal.label: proposal for proposal in proposals("smtp:\n  host: smtp.g¦")}

    gmail = found["smtp.gmail.com"]
    assert gmail.edit == Edit(span=Span(line=2, column=9, end_line=2, end_column=15), text="smtp.gmail.com")
    assert (gmail.sort, gmail.detail) == (Sort.NAME, "Gmail")
    assert "465 (implicit), 587 (starttls)" in gmail.markdown
    assert "email-smtp.eu-central-1.amazonaws.com" in found
    assert not any("*" in label for label in found)


def test_a_key_and_a_choice_come_with_their_description() -> None:
    (host, *_) = proposals("protocol: smtp\nsmtp:\n  ¦")
    (implicit, *_) = proposals("smtp: {tls: {mode: ¦")

    assert (host.sort, host.detail, host.markdown.partition("\n")[0]) == (Sort.KEY, "Host", "**Host** `smtp.host`")
    assert (implicit.sort, implicit.detail) == (Sort.CHOICE, "Implicit TLS")
    assert implicit.markdown == "Implicit TLS. Encrypted from the first byte: port 465."
