"""The kind `raw`: the message as it is (message/rfc822), its envelope beside it. For services of one's own. Pure.

The envelope stands in the fields X-Envelope-From and X-Envelope-To, recipients separated by commas, or in the query as
`from` and one `to` for each. Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) is the same for every try, so
that a service that heeds it takes a message once.
"""

from typing import ClassVar
from urllib.parse import urlencode

from maild.config.envelope_place import EnvelopePlace
from maild.delivery.outgoing import Outgoing
from maild.delivery.status_row import StatusRow
from maild.delivery.transports.services.kind import Sending, UnsendableError, sliced
from maild.delivery.transports.services.login import usual_login
from maild.mail.address import Mailbox
from maild.net.http import HttpRequest


class Raw:
    """See above."""

    most_recipients: ClassVar[int] = 100
    most_bytes: ClassVar[int | None] = None
    rows: ClassVar[tuple[StatusRow, ...]] = ()

    def groups(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """As many as fit."""
        del outgoing
        return sliced(recipients, self.most_recipients)

    def request(self, sending: Sending) -> HttpRequest:
        """See above."""
        sender = "" if sending.outgoing.sender is None else str(sending.outgoing.sender)
        recipients = [str(mailbox) for mailbox in sending.recipients]
        fields = usual_login(sending) | {"Idempotency-Key": sending.idempotency_key}
        url = sending.url
        if sending.settings.envelope is EnvelopePlace.QUERY:
            mark = "&" if "?" in url else "?"
            url += mark + urlencode([("from", sender), *(("to", one) for one in recipients)])
        else:
            if not all(text.isascii() and text.isprintable() for text in (sender, *recipients)):
                raise UnsendableError(
                    "an address of it is not ASCII, which a field of HTTP's header cannot carry: use `envelope: query`"
                )
            fields |= {"X-Envelope-From": f"<{sender}>", "X-Envelope-To": ", ".join(f"<{one}>" for one in recipients)}
        return HttpRequest(url=url, content_type="message/rfc822", pieces=sending.content, fields=fields)
