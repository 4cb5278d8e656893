from maild.providers import PROVIDERS
from maild.providers.exchanges import _EXCHANGES, SEEN, provider_of_exchange
from tests.rows import each_row


@each_row(
    ("host", "expected"),
    [
        ("ASPMX.L.GOOGLE.COM.", "gmail"),
        ("alt1.aspmx.l.google.com", "gmail"),
        ("shop-example.mail.protection.outlook.com", "microsoft365"),
        ("in1-smtp.messagingengine.com", "fastmail"),
        ("mx00.kundenserver.de", "ionos"),
        ("mx01.ionos.co.uk", "ionos"),
        ("mx2.zoho.eu", "zoho"),
        ("mxext1.mailbox.org", "mailbox-org"),
    ],
)
def test_the_company_is_known_by_its_mail_hosts(host: str, expected: str) -> None:
    provider = provider_of_exchange(host)
    assert provider is not None
    assert provider.id == expected


@each_row("host", ["mx.shop.example", "smtp.google.com.evil.example", "mail.protection.outlook.com", ""])
def test_other_hosts_belong_to_nobody_that_is_known(host: str) -> None:
    assert provider_of_exchange(host) is None


def test_the_table_says_when_it_was_last_looked_at() -> None:
    assert SEEN.year >= 2026


def test_every_line_is_about_a_provider_that_there_is() -> None:
    assert _EXCHANGES.keys() <= {provider.id for provider in PROVIDERS}
