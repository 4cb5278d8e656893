from maild.providers import PROVIDERS, misspelt_host, server_beside
from maild.providers.misspelling import is_slip
from tests.rows import each_row


@each_row(
    ("host", "meant"),
    [
        ("smtp.gmial.com", "smtp.gmail.com"),
        ("SMTP.GMIAL.COM.", "smtp.gmail.com"),
        ("smtp.gmail.co", "smtp.gmail.com"),
        ("smtp.gmaill.com", "smtp.gmail.com"),
        ("smtp.ofice365.com", "smtp.office365.com"),
        ("smtp.office356.com", "smtp.office365.com"),
        ("smtp.mail.yaho.com", "smtp.mail.yahoo.com"),
        ("smtp-mail.outlok.com", "smtp-mail.outlook.com"),
        ("email-smtp.eu-west-1.amazonasw.com", "email-smtp.eu-west-1.amazonaws.com"),
        ("imap.gmial.com", "smtp.gmail.com"),
        ("smtp.mail.me.con", "smtp.mail.me.com"),
        ("smpt.gmail.com", "smtp.gmail.com"),
        ("stmp.mail.me.com", "smtp.mail.me.com"),
        ("smtp-gmail.com", "smtp.gmail.com"),
        ("smtp.gmailcom", "smtp.gmail.com"),
        ("mail.gmxnet", "mail.gmx.net"),
        ("imap.gmailcom", "smtp.gmail.com"),
        ("smtpgmail.com", "smtp.gmail.com"),
        ("gmail", "smtp.gmail.com"),
        ("SMTP.Posteo.de.", "posteo.de"),
        ("smtp.mailgun.com", "smtp.mailgun.org"),
        ("smtp.eu.mailgun.net", "smtp.eu.mailgun.org"),
        ("smtp.sendgrid.com", "smtp.sendgrid.net"),
        ("smtp.microsoft365.com", "smtp.office365.com"),
        ("smtp.office.com", "smtp.office365.com"),
        ("smtp.outlook.com", "smtp-mail.outlook.com"),
        ("smtp.icloud.com", "smtp.mail.me.com"),
        ("smtp.yahoo.com", "smtp.mail.yahoo.com"),
        ("smtp.gmx.de", "mail.gmx.net"),
        ("smtpgmailcom", "smtp.gmail.com"),
    ],
)
def test_a_slip_in_a_company_s_server_is_seen(host: str, meant: str) -> None:
    assert misspelt_host(host) == meant


@each_row(
    "host",
    [
        "mail.shop.example",
        "smtp.gmv.de",
        "smtp.me.de",
        "mail.web.com",
        "smtp.mail.com",
        "mail.com",
        "smtp.one.com",
        "smtp.aon.at",
        "smtp.fastmall.com",
        "mail.ionis.de",
        "smtp.gmaik-shop.de",
        "smtp2.gmail.com",
        "smtp.gmail1.com",
        "mail-shop.example",
        "mail",
        "inbox",
        "office",
        "localhost",
        "192.0.2.1",
        "x" * 300 + ".example",
    ],
)
def test_other_people_s_servers_are_left_alone(host: str) -> None:
    assert misspelt_host(host) is None


@each_row(
    ("host", "meant"),
    [
        ("gmx.net", "mail.gmx.net"),
        ("ZOHO.in.", "smtp.zoho.in"),
        ("126.com", "smtp.126.com"),
        ("hotmail.com", "smtp-mail.outlook.com"),
        ("pop.zoho.in", "smtp.zoho.in"),
        ("pop.mail.ru", "smtp.mail.ru"),
        ("mail.yahoo.com", "smtp.mail.yahoo.com"),
        ("imap.gmail.com", None),
        ("smtp.gmail.com", None),
        ("posteo.de", None),
        ("relay.gmx.net", None),
        ("amazonaws.com", None),
        ("shop.example", None),
        ("pop.shop.example", None),
        ("pop.de", None),
        ("pop", None),
        ("x" * 300, None),
    ],
)
def test_the_server_beside_a_company_s_domain_and_its_servers_for_reading(host: str, meant: str | None) -> None:
    assert server_beside(host) == meant


def test_no_known_server_is_called_a_slip_of_another_one() -> None:
    hosts = [host.replace("*", "eu-west-1") for provider in PROVIDERS for host in provider.hosts]
    hosts += [other.host.replace("*", "x") for provider in PROVIDERS for other in provider.other_hosts]
    hosts += [domain for provider in PROVIDERS for domain in provider.mail_domains]

    assert [host for host in hosts if misspelt_host(host) is not None] == []


@each_row(
    ("written", "meant", "expected"),
    [
        ("gmial", "gmail", True),
        ("gmal", "gmail", True),
        ("gmaill", "gmail", True),
        ("gmsil", "gmail", True),
        ("gmzil", "gmail", True),
        ("gmoil", "gmail", False),
        ("gmail", "gmail", False),
        ("gailm", "gmail", False),
        ("gmail2", "gmail", False),
        ("office36", "office365", True),
        ("gm", "gmail", False),
        ("zmail", "ymail", True),
    ],
)
def test_a_slip_is_one_letter_beside_its_place_or_its_key(written: str, meant: str, *, expected: bool) -> None:
    assert is_slip(written, meant) is expected
