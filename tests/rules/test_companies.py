"""The settings of many mail companies as their help pages give them: nothing wrong is said of any.

`companies.csv` has one a line, with what is said of it, rightly, and with the page that gives this server and port; of
those without a page nobody has looked it up. A new one needs no code.
"""

import csv
import json
from pathlib import Path

from maild.config.draft import default_mode
from maild.providers import PROVIDERS, Provider, UsernameForm
from tests.rows import each_row
from tests.rules.examine import codes, examine

TABLE = Path(__file__).parent / "companies.csv"


def account(line: dict[str, str]) -> str:
    mode = f", tls: {{mode: {line['mode']}}}" if line["mode"] else ""
    email = f"email: {line['email']}\n" if line["email"] else ""
    return (
        f"protocol: smtp\nsmtp: {{host: {line['host']}, port: {line['port']}{mode}}}\n"
        f"username: {json.dumps(line['username'])}\n{email}password: {{env: SMTP_PASSWORD}}\n"
    )


def test_nothing_wrong_is_said_of_what_a_company_gives_its_customers() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))

    said = {tuple(line.values()): codes(examine(account(line))) for line in lines}

    assert said == {tuple(line.values()): line["said"].split() for line in lines}
    assert len({line["company"] for line in lines}) > 90
    assert len({line["company"] for line in lines if line["source"]}) > 60


@each_row("provider", PROVIDERS)
def test_a_port_that_a_provider_documents_is_right_and_its_mode_need_not_be_written(provider: Provider) -> None:
    host = provider.hosts[0].replace("*", "eu-west-1")
    is_word = provider.username is UsernameForm.LOCAL_PART or provider.username_shape is not None
    name = provider.fixed_username or ("shop" if is_word else "shop@s.example.org")
    for known in provider.ports:
        line = {"host": host, "port": str(known.port), "mode": "", "username": name, "email": "shop@s.example.org"}

        assert default_mode(known.port) == known.mode
        assert not {"ML302", "ML303", "ML437", "ML435", "ML438", "ML404", "ML424"} & set(codes(examine(account(line))))
