"""The list of providers, in reading order. A new one is its file, its line here and a line in the test's table."""

from typing import Final

from maild.providers.amazon_ses import AMAZON_SES
from maild.providers.aol import AOL
from maild.providers.brevo import BREVO
from maild.providers.fastmail import FASTMAIL
from maild.providers.gmail import GMAIL
from maild.providers.google_relay import GOOGLE_RELAY
from maild.providers.icloud import ICLOUD
from maild.providers.mailgun import MAILGUN
from maild.providers.microsoft365 import MICROSOFT_365
from maild.providers.outlook_com import OUTLOOK_COM
from maild.providers.postmark import POSTMARK
from maild.providers.provider import Provider
from maild.providers.resend import RESEND
from maild.providers.sendgrid import SENDGRID
from maild.providers.yahoo import YAHOO
from maild.providers.zoho import ZOHO

PROVIDERS: Final = (
    GMAIL,
    GOOGLE_RELAY,
    MICROSOFT_365,
    OUTLOOK_COM,
    YAHOO,
    AOL,
    ICLOUD,
    FASTMAIL,
    ZOHO,
    AMAZON_SES,
    SENDGRID,
    MAILGUN,
    POSTMARK,
    BREVO,
    RESEND,
)


def provider_of(host: str) -> Provider | None:
    """The provider whose server this host name is, or None for one's own and for companies we know nothing of."""
    return next((provider for provider in PROVIDERS if provider.serves(host)), None)
