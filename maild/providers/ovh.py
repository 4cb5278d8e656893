"""OVHcloud: e-mail with domains and web hosting (MX Plan)."""

from datetime import date
from typing import Final

from maild.providers.provider import IMPLICIT, STARTTLS, Provider, ServerPort, Source, UsernameForm

OVH: Final = Provider(
    id="ovh",
    title="OVHcloud",
    hosts=("ssl0.ovh.net",),
    ports=(ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS)),
    username=UsernameForm.ADDRESS,
    spf_include="mx.ovh.com",
    other_names=("ovh",),
    password_advice=(
        "The password is that of the e-mail address, set in the OVHcloud Control Panel under Emails; the "
        "password of the OVHcloud account does not work."
    ),
    sources=(
        Source(url="https://www.quai-des-entrepreneurs.com/ovh-mail", checked=date(2026, 11, 24)),
        # The SPF record.
        Source(url="https://github.com/ovh/docs", checked=date(2026, 11, 24)),
    ),
)
