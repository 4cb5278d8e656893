"""Services that send to whom the message's own header names, Bcc included: Microsoft Graph and Gmail. Pure.

The queue keeps no Bcc in a header; for these it is added to what is sent, and they take it out. A message whose header
names somebody who is not to get it by this request cannot go this way at all, or it would get to them all the same.
"""

from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.form_message import visible_recipients
from maild.delivery.transports.services.kind import Sending, UnsendableError
from maild.mail.address import Mailbox
from maild.mail.address_list import NamedMailbox
from maild.mail.header import address_field


def together(outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
    """Everybody in one request."""
    del outgoing
    return (recipients,)


def bcc_for(sending: Sending) -> bytes:
    """The field that names those who stand in no other one; empty when there are none.

    Raises:
        UnsendableError: the header names somebody else.
    """
    visible = visible_recipients(sending.outgoing.head)
    others = visible - set(sending.recipients)
    if others:
        raise UnsendableError(
            f"its header names {len(others)} more than are to get it by this account, and this service sends to all "
            "that the header names"
        )
    hidden = [NamedMailbox(mailbox=mailbox) for mailbox in sending.recipients if mailbox not in visible]
    return address_field("Bcc", hidden).raw if hidden else b""
