"""How long sessions are kept, by what is known of whose server it is."""

from datetime import timedelta

import pytest

from maild.config.model import HttpSettings, SmtpSettings, Tls, TlsMode
from maild.delivery.ports import Tuning
from maild.delivery.session_terms import SessionTerms
from maild.providers.provider import ProviderLimits
from tests.delivery.world import account

TUNING = Tuning(session_idle=timedelta(seconds=15), session_lifetime=timedelta(minutes=5))


@pytest.mark.parametrize(
    ("host", "idle_s"),
    [
        ("mail.example.org", 15.0),
        ("smtp.gmail.com", 15.0),
        # It hangs up after a minute.
        ("smtp.sparkpostmail.com", 45.0),
    ],
)
def test_a_session_is_kept_as_long_as_its_server_is_known_to_keep_it(host: str, idle_s: float) -> None:
    smtp = SmtpSettings(host=host, port=587, tls=Tls(mode=TlsMode.STARTTLS))

    assert SessionTerms.of(account(transport=smtp), TUNING) == SessionTerms(
        idle=timedelta(seconds=idle_s), lifetime=timedelta(minutes=5)
    )


def test_nothing_is_kept_longer_than_a_session_lives() -> None:
    found = SessionTerms.under(ProviderLimits(session_idle_s=600, session_lifetime_s=60), TUNING)

    assert found == SessionTerms(idle=timedelta(seconds=45), lifetime=timedelta(seconds=45))


def test_a_mail_service_has_no_sessions_of_its_own() -> None:
    found = SessionTerms.of(account(transport=HttpSettings(url="https://api.sparkpost.com/x")), TUNING)

    assert found.idle == timedelta(seconds=15)
