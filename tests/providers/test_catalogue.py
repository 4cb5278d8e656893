import re
from datetime import date
from pathlib import Path

import maild.providers
from maild.providers import (
    IMPLICIT,
    PROVIDERS,
    STARTTLS,
    Provider,
    UsernameForm,
    owner_of,
    provider_of,
    provider_of_address,
    provider_of_api,
)
from tests.rows import each_row


@each_row(
    ("host", "expected"),
    [
        ("smtp.gmail.com", "gmail"),
        ("SMTP.Gmail.COM.", "gmail"),
        ("smtp-relay.gmail.com", "google-relay"),
        ("smtp.office365.com", "microsoft365"),
        ("smtp-mail.outlook.com", "outlook-com"),
        ("smtp.mail.yahoo.com", "yahoo"),
        ("smtp.aol.com", "aol"),
        ("smtp.mail.me.com", "icloud"),
        ("smtp.fastmail.com", "fastmail"),
        ("smtppro.zoho.eu", "zoho"),
        ("email-smtp.eu-central-1.amazonaws.com", "amazon-ses"),
        ("smtp.sendgrid.net", "sendgrid"),
        ("smtp.eu.mailgun.org", "mailgun"),
        ("smtp-broadcasts.postmarkapp.com", "postmark"),
        ("smtp-relay.brevo.com", "brevo"),
        ("smtp.resend.com", "resend"),
        ("mail.gmx.net", "gmx"),
        ("smtp.web.de", "web-de"),
        ("smtp.mail.ru", "mail-ru"),
        ("posteo.de", "posteo"),
        ("smtp.protonmail.ch", "proton"),
        ("smtp.eu.sparkpostmail.com", "sparkpost"),
        ("live.smtp.mailtrap.io", "mailtrap"),
        ("smtp.mandrillapp.com", "mandrill"),
        ("mail.infomaniak.com", "infomaniak"),
        ("ssl0.ovh.net", "ovh"),
        ("smtp.ionos.de", "ionos"),
        ("smtp.strato.de", "strato"),
        ("smtp.ethereal.email", "ethereal"),
        ("mail.smtp2go.com", "smtp2go"),
        ("mail-eu.smtp2go.com", "smtp2go"),
        ("in-v3.mailjet.com", "mailjet"),
        ("smtp.elasticemail.com", "elastic-email"),
        ("smtp.tem.scaleway.com", "scaleway-tem"),
        ("smtp.azurecomm.net", "azure-communication"),
        ("smtp.mailbox.org", "mailbox-org"),
        ("securesmtp.t-online.de", "t-online"),
        ("smtp.kpnmail.nl", "kpn"),
        ("smtp.163.com", "netease"),
        ("smtp.qq.com", "qq"),
        ("smtp.naver.com", "naver"),
    ],
)
def test_a_host_name_is_known_as_its_providers_in_any_case_and_with_a_final_dot(host: str, expected: str) -> None:
    provider = provider_of(host)

    assert provider is not None
    assert provider.id == expected


@each_row(
    "host", ["mail.example.com", "notsmtp.gmail.com", "smtp.gmail.com.evil.example", "email-smtp.amazonaws.com", ""]
)
def test_other_hosts_belong_to_no_provider(host: str) -> None:
    assert provider_of(host) is None


def test_the_list_and_the_folder_agree_and_ids_are_unique() -> None:
    folder = Path(maild.providers.__file__).parent
    shared = {"__init__", "catalogue", "provider", "refusal_texts"}
    about_several = shared | {"exchanges", "http_services", "misspelling", "naming", "oauth", "signing_keys"}
    files = {path.stem for path in folder.glob("*.py")} - about_several

    assert sorted(provider.id.replace("-", "_") for provider in PROVIDERS) == sorted(files)
    assert len({provider.id for provider in PROVIDERS}) == len(PROVIDERS)


def test_no_host_belongs_to_two_providers() -> None:
    hosts = [host for provider in PROVIDERS for host in provider.hosts]

    assert len(hosts) == len(set(hosts))
    assert all(host == host.lower() for host in hosts)


@each_row("provider", PROVIDERS)
def test_every_entry_has_sources_with_dates_ports_and_advice(provider: Provider) -> None:
    assert provider.sources
    assert all(source.url.startswith("https://") for source in provider.sources)
    keys = () if provider.signing_keys is None else (provider.signing_keys.source,)
    assert all(source.checked >= date(2026, 1, 1) for source in (*provider.sources, *keys))
    assert provider.ports
    assert provider.password_advice.endswith(".")
    assert (provider.fixed_username is not None) == (provider.username is UsernameForm.FIXED)


@each_row("provider", PROVIDERS)
def test_465_speaks_tls_at_once_and_587_after_starttls_everywhere(provider: Provider) -> None:
    assert provider.mode_of(465) in {IMPLICIT, None}
    assert provider.mode_of(587) in {STARTTLS, None}
    assert provider.mode_of(26) is None


@each_row("provider", PROVIDERS)
def test_every_name_of_a_provider_leads_to_it(provider: Provider) -> None:
    other = [known.host.replace("*", "eu-west-1") for known in provider.other_hosts]

    assert all(provider_of(host.replace("*", "eu-west-1")) is provider for host in provider.hosts)
    assert all(owner_of(host) is provider for host in (*other, *provider.sandbox_hosts))
    assert all(provider.serves(known.instead) for name in provider.api_hosts if (known := provider.other_host(name)))
    assert all(provider.mistaken_host(host) is None for host in provider.hosts)
    assert all(provider_of_address(domain.upper()) is provider for domain in provider.mail_domains)
    assert provider.checked == max(source.checked for source in provider.sources)


@each_row("provider", PROVIDERS)
def test_shapes_are_grammars_and_changes_say_what_to_do(provider: Provider) -> None:
    shapes = [shape for shape in (provider.password_shape, *provider.foreign_passwords) if shape is not None]

    assert all(re.compile(shape.pattern).groups == 0 and shape.what for shape in shapes)
    assert all(change.mechanisms and change.advice.endswith(".") for change in provider.changes)


def test_names_of_nobody_lead_nowhere() -> None:
    assert owner_of("imap.example.org") is None
    assert owner_of("smtp.gmail.com") is None
    assert provider_of_address("example.org") is None
    assert provider_of_address("office365.com") is None


def test_the_list_has_a_length_and_holds_its_own() -> None:
    assert len(PROVIDERS) == len(list(PROVIDERS))
    assert provider_of("smtp.gmail.com") in PROVIDERS
    assert object() not in list[object](PROVIDERS)


def test_an_http_interface_is_known_by_its_host_and_by_one_beside_it() -> None:
    hosts = ("api.mailgun.net", "api.eu.mailgun.net", "API.us.mailgun.net.", "smtp.mailgun.org", "api.shop.test")

    found = [provider_of_api(host) for host in hosts]

    assert [provider and provider.id for provider in found] == ["mailgun", "mailgun", "mailgun", None, None]
    assert provider_of_api("api.mailgun.org") is None
