from maild.config.model import Account, HttpKind, HttpSettings, SmtpSettings, Tls, TlsMode
from maild.probe.dns.scene import target_of
from maild.providers import provider_by_id


def test_a_server_is_what_the_account_names() -> None:
    settings = SmtpSettings(host="smtp.gmail.com", port=465, tls=Tls(mode=TlsMode.IMPLICIT))

    assert target_of(Account(name="x", transport=settings)) == ("smtp.gmail.com", 465, provider_by_id("gmail"), "")


def test_a_service_is_where_it_is_known_to_be_and_sends_for_a_domain() -> None:
    known = HttpSettings(url="", kind=HttpKind.MAILGUN, region="eu", domain="mg.shop.example")
    own = HttpSettings(url="https://user@mail.shop.example:8443/send")

    assert target_of(Account(name="x", transport=known))[2:] == (provider_by_id("mailgun"), "mg.shop.example")
    assert target_of(Account(name="x", transport=own)) == ("mail.shop.example", 443, None, "")
