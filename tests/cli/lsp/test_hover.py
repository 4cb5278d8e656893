from datetime import date

from click.testing import CliRunner

from maild.cli.explain import explain
from maild.cli.lsp.hover import Shown, hover_at
from maild.config.folder import FileKind
from maild.diagnostics import Diagnostic, Location, Severity, Span
from tests.cli.lsp.places import place
from tests.rows import each_row

TODAY = date(2026, 11, 24)


def hover(text: str, *found: Diagnostic, kind: FileKind = FileKind.ACCOUNT) -> Shown | None:
    return hover_at(*place(text), kind, found, today=TODAY)


def span(line: int, column: int, end_column: int) -> Span:
    return Span(line=line, column=column, end_line=line, end_column=end_column)


def test_a_key_shows_its_description_choices_default_and_examples() -> None:
    shown = hover("protocol: smtp\nsmtp:\n  po¦rt: 465\n")

    assert shown == Shown(
        markdown="**Port** `smtp.port`\n\n"
        "465 or 587 with a provider. 25 is for servers among themselves and is often blocked or unencrypted. Another "
        "port only if your provider documents it.\n\n"
        "- `465`: encrypted from the start. Submission with implicit TLS (RFC 8314). Recommended.\n"
        "- `587`: encrypted by STARTTLS. Submission (RFC 6409). maild insists on STARTTLS. Recommended where 465 is "
        "not offered.\n"
        "- `25`: advised against. Relay between servers. Often blocked, often without encryption or login.\n\n"
        "Default: `465`. Example: `465`, `587`.",
        span=span(3, 3, 7),
    )


def test_a_choice_shows_what_it_means() -> None:
    assert hover("smtp: {tls: {mode: impl¦icit}}") == Shown(
        markdown="`implicit`: Implicit TLS. Encrypted from the first byte: port 465.", span=span(1, 20, 28)
    )


def test_a_value_that_is_no_choice_shows_the_key() -> None:
    shown = hover("smtp: {tls: {mode: ss¦l}}")

    assert shown is not None
    assert shown.markdown.startswith("**Mode** `smtp.tls.mode`")


def test_the_server_of_a_provider_shows_what_is_known_of_it() -> None:
    shown = hover("smtp:\n  host: smtp.office365¦.com")

    assert shown is not None
    lines = shown.markdown.splitlines()
    assert lines[0] == "**Microsoft 365**"
    assert lines[2].startswith("- Ports: 587 (starttls)")
    assert any(line.startswith(("- From 2026-12-", "- Since ")) for line in lines)
    assert lines[-1].startswith("- Read 2026-")


def test_the_user_name_that_everybody_has_is_named() -> None:
    shown = hover("smtp: {host: smtp.sendgrid.¦net}")

    assert shown is not None
    assert "- User name: always `apikey`" in shown.markdown


def test_an_unknown_server_shows_the_key() -> None:
    shown = hover("smtp: {host: mail.exa¦mple.org}")

    assert shown is not None
    assert shown.markdown.startswith("**Host** `smtp.host`")


@each_row("text", ["nothing: x¦", "¦", "# comm¦ent", "x:\n  y¦: z"])
def test_nothing_is_shown_where_nothing_is_known(text: str) -> None:
    assert hover(text) is None


def test_a_finding_shows_why_its_rule_exists() -> None:
    port = Diagnostic(
        code="ML301",
        name="port-25-submission",
        severity=Severity.WARNING,
        message="x",
        location=Location(file="a.yaml", span=span(1, 14, 16)),
    )
    nowhere = Diagnostic(code="ML303", name="x", severity=Severity.WARNING, message="x")
    unknown = Diagnostic(
        code="ML000",
        name="x",
        severity=Severity.WARNING,
        message="x",
        location=Location(file="a.yaml", span=span(1, 1, 17)),
    )

    shown = hover("smtp: {port: 2¦5}", nowhere, unknown, port)

    assert shown is not None
    rule, value = shown.markdown.split("\n\n---\n\n")
    assert rule + "\n" == CliRunner().invoke(explain, ["ML301", "--format", "md"], standalone_mode=False).output
    assert value.startswith("`25`: advised against.")
    assert shown.span == span(1, 14, 16)


def test_a_rule_that_is_named_is_explained() -> None:
    comment = hover("port: 25 # maild: ignore ML301, ML3¦02 -- theirs")
    setting = hover("lint: {severity: {ML3¦01: error}}", kind=FileKind.SITE)

    assert comment is not None
    assert setting is not None
    assert (comment.markdown.partition("\n")[0], comment.span) == ("## ML302 port-nonstandard", span(1, 33, 38))
    assert setting.markdown.startswith("## ML301 port-25-submission\n")
    assert "**Severity**" in setting.markdown


@each_row("text", ["# ML301 ¦x", "# ML0¦00", "# ¦ ML301 ML302", "# XML30¦1"])
def test_only_a_rule_at_the_place_is_explained(text: str) -> None:
    assert hover(text) is None


def test_a_password_that_somebody_wrote_there_is_not_repeated() -> None:
    shown = hover("password: hunt¦er2")

    assert shown is not None
    assert "hunter2" not in shown.markdown
    assert shown.markdown.startswith("**Password** `password`")


def test_maild_yaml_has_its_own_words() -> None:
    shown = hover("reload: {sett¦le: 1s}", kind=FileKind.SITE)

    assert shown is not None
    assert shown.markdown.startswith("**Settle** `reload.settle`")
