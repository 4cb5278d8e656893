from datetime import timedelta

from maild.config.envelope_place import EnvelopePlace
from maild.config.load import load_account
from maild.config.mail_service import service_provider, service_url
from maild.config.model import Account, HttpKind, HttpSettings, ReplyToPolicy
from maild.config.oauth_settings import OauthGrant, OauthProvider, OauthSettings
from maild.mail.address import Mailbox
from maild.secret import EnvRef
from tests.rows import each_row


def account(text: str) -> Account:
    loaded = load_account("shop.yaml", text.encode())
    assert loaded.account is not None, loaded.faults
    return loaded.account


def test_a_service_has_its_own_keys_and_a_login() -> None:
    assert account(
        "protocol: http\nhttp: {kind: raw, url: mail.example/x, key_header: X-Key, envelope: query, timeout: 2m}\n"
        "password: {env: KEY}\nemail: billing@shop.example\nreply_to: office@shop.example\n"
    ) == Account(
        name="shop",
        transport=HttpSettings(
            url="https://mail.example/x",
            kind=HttpKind.RAW,
            timeout=timedelta(minutes=2),
            key_header="X-Key",
            envelope=EnvelopePlace.QUERY,
        ),
        email=Mailbox("billing", "shop.example"),
        password=EnvRef(name="KEY"),
        reply_to=(Mailbox("office", "shop.example"),),
        reply_to_policy=ReplyToPolicy.KEEP,
    )


def test_tokens_are_described_by_their_section() -> None:
    oauth = account(
        "protocol: http\nhttp: {kind: graph}\nemail: billing@shop.example\npassword: {env: KEY}\n"
        "oauth: {provider: microsoft, grant: client-credentials, tenant: shop.example, client_id: abc}\n"
    ).oauth

    assert oauth == OauthSettings(
        provider=OauthProvider.MICROSOFT,
        grant=OauthGrant.CLIENT_CREDENTIALS,
        client_id="abc",
        tenant="shop.example",
    )


@each_row(
    ("settings", "url", "provider"),
    [
        (HttpSettings(url="https://x.example/a/"), "https://x.example/a/", None),
        (HttpSettings(url="", kind=HttpKind.GRAPH), "https://graph.microsoft.com/v1.0", "microsoft365"),
        (
            HttpSettings(url="", kind=HttpKind.SES, region="eu-west-1"),
            "https://email.eu-west-1.amazonaws.com",
            "amazon-ses",
        ),
        (HttpSettings(url="", kind=HttpKind.MAILGUN), "https://api.mailgun.net", "mailgun"),
        (HttpSettings(url="", kind=HttpKind.JMAP), "https://api.fastmail.com/jmap/session", "fastmail"),
        (HttpSettings(url="", kind=HttpKind.MAILGUN, region="eu"), "https://api.eu.mailgun.net", "mailgun"),
        (HttpSettings(url="https://proxy.example/r/", kind=HttpKind.RESEND), "https://proxy.example/r", "resend"),
    ],
)
def test_a_service_is_where_it_is_known_to_be_unless_the_file_says_otherwise(
    settings: HttpSettings, url: str, provider: str | None
) -> None:
    found = service_provider(settings)

    assert service_url(settings) == url
    assert (None if found is None else found.id) == provider
