from datetime import date
from pathlib import Path

import pytest

import maild.providers
from maild.providers import IMPLICIT, PROVIDERS, STARTTLS, Provider, UsernameForm, provider_of


@pytest.mark.parametrize(
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
    ],
)
def test_a_host_name_is_known_as_its_providers_in_any_case_and_with_a_final_dot(host: str, expected: str) -> None:
    provider = provider_of(host)

    assert provider is not None
    assert provider.id == expected


@pytest.mark.parametrize(
    "host", ["mail.example.com", "notsmtp.gmail.com", "smtp.gmail.com.evil.example", "email-smtp.amazonaws.com", ""]
)
def test_other_hosts_belong_to_no_provider(host: str) -> None:
    assert provider_of(host) is None


def test_the_list_and_the_folder_agree_and_ids_are_unique() -> None:
    folder = Path(maild.providers.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "catalogue", "provider"}

    assert sorted(provider.id.replace("-", "_") for provider in PROVIDERS) == sorted(files)
    assert len({provider.id for provider in PROVIDERS}) == len(PROVIDERS)


def test_no_host_belongs_to_two_providers() -> None:
    hosts = [host for provider in PROVIDERS for host in provider.hosts]

    assert len(hosts) == len(set(hosts))
    assert all(host == host.lower() for host in hosts)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_every_entry_has_sources_with_dates_ports_and_advice(provider: Provider) -> None:
    assert provider.sources
    assert all(source.url.startswith("https://") for source in provider.sources)
    assert all(source.checked >= date(2026, 1, 1) for source in provider.sources)
    assert provider.ports
    assert provider.password_advice.endswith(".")
    assert (provider.fixed_username is not None) == (provider.username is UsernameForm.FIXED)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_465_speaks_tls_at_once_and_587_after_starttls_everywhere(provider: Provider) -> None:
    assert provider.mode_of(465) in {IMPLICIT, None}
    assert provider.mode_of(587) in {STARTTLS, None}
    assert provider.mode_of(26) is None
