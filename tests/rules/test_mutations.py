"""One mistake makes one message, and it points at the mistake.

`pytest tests/rules/test_mutations.py --hypothesis-profile thorough` tries thousands of mistakes, as `.ci/run` does.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.fault import Pointer
from maild.config.lint import LintSettings
from maild.config.schema import Shape
from maild.diagnostics import Diagnostic, Location, Report, Severity
from maild.diagnostics.fix import index_of
from maild.rules.engine import check_files
from maild.rules.pointing import parent
from tests.rows import each_row
from tests.rules.examine import ACCOUNTS as ACCOUNT_NAMES
from tests.rules.examine import NOW, load
from tests.rules.mutations import MUTATIONS, Draw, Mutated, RightFile

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = {path.stem: path.read_text() for path in sorted((ROOT / "configs" / "examples").glob("*.yaml"))}

BLOCK: Final = """\
version: 1
protocol: smtp
smtp:
  host: smtp.gmail.com
  port: 465
  tls:
    mode: implicit
    verify: true
  auth: plain
username: billing@inn.example
password:
  env: SMTP_PASSWORD
reply_to:
  - office@inn.example
  - sales@inn.example
name: Example Shop
copy_to: archive@inn.example
limits:
  per_minute: 20
  per_day: 1000
  connections: 2
"""
FLOW: Final = """\
{protocol: smtp, smtp: {host: mail.shop.example, port: 587, tls: {mode: starttls}, auth: plain},
 username: a@shop.example, password: {command: [pass, show, mail]},
 reply_to: [office@shop.example], limits: {per_minute: 30}}
"""
HTTP: Final = """\
protocol: http
http:
  kind: form
  url: https://email.example/send
reply_to: office@shop.example
reply_to_policy: keep
name: "Shop"
copy_to: archive@shop.example
limits: {per_minute: 20}
"""
SITE: Final = """\
version: 1
spool: {path: /var/lib/maild/spool}
web:
  listen: [127.0.0.1:9725]
default_account: billing
routes:
- match: {from: "*@shop.example", to: "*@*.example", header: {X-Class: bulk}}
  accounts: [shop, billing]
- match:
    to: anna@example.org
  accounts:
  - shop
delivery: {retry: [1m, 5m], lifetime: 5d, on_uncertain: retry}
probe:
  interval: 5m
  auth_interval: 6h
dns: {resolvers: [127.0.0.1]}
reload: {settle: 0.3s, rescan: 30s}
lint:
  severity: {ML301: error}
  ignore: [ML302]
log: {format: auto, level: info, privacy: domain}
"""
LONG_SITE: Final = """\
version: 1
spool:
  path: /var/lib/maild/spool
web:
  listen:
    - 127.0.0.1:9725
    - unix:/run/maild/web.sock
default_account: billing
routes:
  - match:
      from: "*@shop.example"
      to: "*@*.example"
      header:
        X-Class: bulk
    accounts:
      - shop
      - billing
  - match: {}
    accounts:
      - account: shop
        weight: 3
      - billing
local_mail: admin@inn.example
intake:
  max_size: 150MB
  per_user:
    messages_per_hour: 1000
    size_per_hour: 1GB
reports:
  to: sender
  maildir: /var/mail/reports
  per_hour: 20
  delay_after: 4h
delivery:
  retry:
    - 1m
    - 5m
    - 4h
  lifetime: 5d
  on_uncertain: retry
probe:
  interval: 5m
  auth_interval: 6h
  timeout: 90s
  on_downgrade: hold
dns:
  resolvers:
    - 127.0.0.1
reload:
  settle: 0.3s
  rescan: 30s
  http: false
  canary: false
lint:
  severity:
    ML301: error
  ignore:
    - ML302
log:
  format: auto
  level: info
  privacy: domain
"""
EXAMPLE_SITE: Final = (ROOT / "configs" / "maild.yaml").read_text()

ACCOUNTS: Final = [
    RightFile(text, Shape.HTTP if "protocol: http" in text else Shape.SMTP)
    for text in (BLOCK, FLOW, HTTP, *EXAMPLES.values())
]
# The example without its comments that fill a line: what is typed into one is seen at the next key, far below.
SITES: Final = [RightFile(text, Shape.SITE) for text in (SITE, re.sub(r"(?m)^(?:#.*)?\n", "", EXAMPLE_SITE))]

each_mutation = pytest.mark.parametrize("mutation", MUTATIONS)
# The same ones in every run: the profile says how many.
some = settings(max_examples=settings().max_examples // 4, derandomize=True)


@st.composite
def mistakes(draw: Draw, files: list[RightFile], mutation: str) -> tuple[RightFile, Mutated]:
    file = draw(st.sampled_from(files))
    assert isinstance(file, RightFile)
    return file, MUTATIONS[mutation](draw, file)


def touches(found: Diagnostic, mutated: Mutated) -> bool:
    """Whether a finding points at what was touched, by itself or by a second place."""
    locations = [found.location, *(related.location for related in found.related)]
    return any(_touches(location, mutated) for location in locations if location is not None)


def _touches(location: Location, mutated: Mutated) -> bool:
    assert location.span is not None
    start, end = index_of(mutated.text).range_of(location.span)
    if start <= mutated.end and mutated.start <= end:
        return True
    if mutated.is_typed:
        # What does not fit is seen where the lines go on, and what is missing at the mapping around.
        lines = [mutated.text.count("\n", 0, at) + 1 for at in (mutated.start, mutated.end)]
        return lines[0] - 2 <= location.span.line <= lines[1] + 3
    place = None if location.pointer is None else Pointer(location.pointer)
    if mutated.key is not None:
        # Of an empty value the key is shown, and of what may be a secret only that it is one.
        return place in {mutated.key, "/password"} and mutated.key.startswith(f"{place}")
    if mutated.gone is not None and place is not None:
        # What is missing is said at the mapping, or at what demands it.
        return mutated.gone.startswith(parent(place)) or place.startswith(parent(mutated.gone))
    return False


def look(text: str, file: RightFile) -> Report:
    """What is said of it where nobody looks whether passwords are there."""
    loaded = load(text, file="maild.yaml" if file.shape is Shape.SITE else "account.yaml")
    return check_files([loaded], now=NOW, lint=LintSettings(), secrets=None, accounts=ACCOUNT_NAMES)


def check(file: RightFile, mutated: Mutated) -> None:
    found = look(mutated.text, file).diagnostics
    errors = [one for one in found if one.severity is Severity.ERROR]

    assert len(errors) <= 1, [one.message for one in errors]
    assert not errors or len(found) == 1, [one.message for one in found]
    assert all(touches(one, mutated) for one in found), [(one.message, one.location) for one in found]


@each_row("file", [*ACCOUNTS, *SITES, RightFile(LONG_SITE, Shape.SITE)])
def test_the_files_are_right_to_begin_with(file: RightFile) -> None:
    assert look(file.text, file).diagnostics == ()


@each_mutation
@some
@given(data=st.data())
def test_one_mistake_in_an_account_makes_one_error_at_its_place(mutation: str, data: st.DataObject) -> None:
    check(*data.draw(mistakes(ACCOUNTS, mutation)))


@each_mutation
@some
@given(data=st.data())
def test_one_mistake_in_the_site_s_file_makes_one_error_at_its_place(mutation: str, data: st.DataObject) -> None:
    check(*data.draw(mistakes(SITES, mutation)))


ROUTE: Final = "routes:\n- accounts: [shop]\n  match: {to: a@b.example}\n"
ONCE_TWO: Final = [
    # The port is there, under another name or without a value: nobody can say which one is used.
    (BLOCK.replace("port: 465", "prt: 587").replace("gmail.com", "mail.me.com"), "ML201"),
    (BLOCK.replace("port: 465", "port: ~").replace("gmail.com", "mail.me.com"), "ML223"),
    (BLOCK.replace("port: 465", "port: 587, x").replace("implicit", "starttls"), "ML203"),
    (BLOCK.replace("  port: 465\n", "").replace("implicit", "starttls") + "port: 587\n", "ML206"),
    (FLOW.replace("port: 587", "hort: 587"), "ML201"),
    (FLOW.replace("port: 587", "port 587"), "ML201"),
    (FLOW.replace("port: 587", "port: 5,87"), "ML117"),
    (FLOW.replace("port: 587", "!port: 587"), "ML119"),
    (FLOW.replace("port: 587", "port: {587"), "ML117"),
    (FLOW.replace("{command", "{{command"), "ML117"),
    (FLOW.replace("smtp: {host", "smtp: }{host"), "ML101"),
    (EXAMPLES["this-machine"].replace("mode: none", "MODE: none"), "ML201"),
    (EXAMPLES["this-machine"].replace("localhost", "locahlost"), "ML309"),
    (EXAMPLES["microsoft365"].replace("port: 587", "port: 587, auth: []"), "ML203"),
    # A value that is wrong demands nothing.
    (EXAMPLES["icloud"].replace("example.shop@icloud.com", "''"), "ML207"),
    (BLOCK.replace("username: billing@inn.example", "username: billing@inn>.example"), "ML220"),
    # What should be there is there, elsewhere.
    (BLOCK.replace("  env: SMTP_PASSWORD\n", "") + "env: SMTP_PASSWORD\n", "ML206"),
    (BLOCK.replace("password:\n  env: SMTP_PASSWORD", "password: {}") + "env: SMTP_PASSWORD\n", "ML206"),
    (BLOCK.replace("password:\n  env: SMTP_PASSWORD", "password:{env: SMTP_PASSWORD}"), "ML201"),
    (BLOCK.replace("host: smtp", "host:smtp").replace("  port: 465", "  port: 465 "), "ML101"),
    (HTTP.replace("kind: form", "kind: ,form"), "ML116"),
    ("protocol: http\nhttp: {kind: ,form, url: 'https://a.example/'}\nreply_to: a@b.example\n", "ML223"),
]
SITES_ONCE_TWO: Final = [
    (SITE.replace("ML301", "L301"), "ML226"),
    (SITE.replace("ML302", "'1'"), "ML226"),
    (SITE.replace("ML301: error", "!ML301: error"), "ML119"),
    (SITE.replace("header", "head,er"), "ML201"),
    (SITE.replace("[127.0.0.1:9725]", "[127.0,.0.1:9725]"), "ML203"),
    (SITE.replace("on_uncertain: retry", "on_uncertain: ,retry"), "ML107"),
    (SITE.replace("default_account: billing", "default_account: ''"), "ML207"),
    (SITE.replace("default_account: billing", "default_account: bill\u00a0ing"), "ML216"),
    (SITE.replace("anna@example.org", "anna@example.org\u00a0"), "ML607"),
    (SITE.replace("anna@example.org", "'anna@example.org '"), "ML607"),
    (SITE.replace("  - shop", "  -: shop"), "ML201"),
    (SITE.replace("  listen", "listen"), "ML206"),
    (SITE.replace("  listen", "? listen"), "ML117"),
    (SITE.replace("  accounts:\n  - shop", "accounts:\n- shop"), "ML206"),
    (SITE.replace("spool: {path", 'spool: "{path'), "ML101"),
    ("!" + SITE, "ML119"),
    (SITE.replace("- match:\n", "- match:\n- match:\n"), "ML223"),
    (SITE.replace("  - shop\n", "- shop\n"), "ML203"),
    (SITE.replace("  - shop\n", "- shop\n- billing\n"), "ML203"),
    (re.sub("(?m)^reports:.*\n", "", EXAMPLE_SITE), "ML206"),
    (EXAMPLE_SITE.replace("\nreports:", "\n  reports:"), "ML206"),
    (LONG_SITE.replace("reports:\n", ""), "ML206"),
    (LONG_SITE.replace("reports:", "    reports:"), "ML206"),
    (LONG_SITE.replace("        X-Class", "      X-Class"), "ML206"),
    (LONG_SITE.replace("        X-Class", "    X-Class"), "ML206"),
    (LONG_SITE.replace("        X-Class", "      X-Shop: a\n      X-Class"), "ML206"),
    (LONG_SITE.replace("    ML301", "  ML301"), "ML206"),
    (LONG_SITE.replace("  - match:\n", "  - match:\n  - match:\n"), "ML223"),
    (LONG_SITE.replace("      - shop", "  - shop"), "ML203"),
    (LONG_SITE.replace("  - match: {}", "      - match: {}"), "ML206"),
    (LONG_SITE.replace("        X-Class: bulk\n", "") + "X-Class: bulk\n", "ML206"),
    (LONG_SITE.replace("    ML301: error\n", "") + "ML301: error\n", "ML206"),
    ("intake: {max_size: 150MB, reports: }\n", "ML206"),
    ("intake: {max_size: 150MB, per_hour: 20}\n", "ML206"),
    ("intake:\n  per_hour: 20\n  max_size: 150MB\n", "ML206"),
]


@each_row(("text", "code"), ONCE_TWO)
def test_what_follows_from_a_mistake_in_an_account_is_not_said(text: str, code: str) -> None:
    assert [one.code for one in look(text, ACCOUNTS[0]).diagnostics] == [code]


@each_row(("text", "code"), SITES_ONCE_TWO)
def test_what_follows_from_a_mistake_in_the_site_s_file_is_not_said(text: str, code: str) -> None:
    assert [one.code for one in look(text, SITES[0]).diagnostics] == [code]
