from maild.providers import PROVIDERS, Provider
from maild.providers.naming import CompanyServer, server_of_company
from tests.rows import each_row


@each_row(
    ("name", "host", "port"),
    [
        ("gmail", "smtp.gmail.com", 465),
        ("Outlook365", "smtp.office365.com", 587),
        ("hotmail", "smtp-mail.outlook.com", 587),
        ("SES", "email-smtp.us-east-1.amazonaws.com", 465),
        ("SES-EU-WEST-1", "email-smtp.eu-west-1.amazonaws.com", 465),
        ("Send Grid", "smtp.sendgrid.net", 465),
        ("yahoo", "smtp.mail.yahoo.com", 465),
    ],
)
def test_a_company_s_name_stands_for_its_server(name: str, host: str, port: int) -> None:
    assert server_of_company(name) == CompanyServer(host=host, port=port)


@each_row("name", ["", "-", "our own", "eu-west-1", "x" * 1000])
def test_other_names_are_nobody_s(name: str) -> None:
    assert server_of_company(name) is None


def test_no_two_companies_have_one_name() -> None:
    names = [name for provider in PROVIDERS for name in provider.other_names]

    assert len(names) == len(set(names))


@each_row("provider", PROVIDERS)
def test_what_is_meant_by_other_names_exists(provider: Provider) -> None:
    assert server_of_company(provider.title) is not None
    assert all(provider.serves(meant) for meant in provider.mistaken_hosts.values())
    assert not any(provider.serves(wrong.replace("*", "x")) for wrong in provider.mistaken_hosts)
    assert set(provider.region_names.values()) <= {*provider.regions, "eu", "us"}
