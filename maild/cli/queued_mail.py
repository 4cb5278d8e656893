"""The messages of a queue that wait, as far as routes look at them. Shell code: it reads the queue and changes nothing.

A page of messages is in memory at a time, and headers are read only where a route asks for them. What can go wrong is
a `QueueError` of the storage.
"""

from maild.cli.queue_wanted import pages
from maild.delivery.outgoing import headers_of_message, sender_of_message
from maild.delivery.route import RoutingFacts
from maild.delivery.stranding import QueuedMail
from maild.mail.header import HeaderError
from maild.spool.queue import Queue, QueuedMessage, QueueFilter


async def waiting_mail(storage: Queue, *, has_routes: bool) -> list[QueuedMail]:
    """Everything that waits. `has_routes`: whether there are any that may look at a message."""
    found: list[QueuedMail] = []
    async for page in pages(storage, QueueFilter()):
        for message in page:
            # A copy goes the way of the account that wants it, and never alone.
            recipients = [one.mailbox for one in message.recipients if not one.is_final and not one.is_copy]
            facts = await _facts(storage, message) if has_routes and message.account is None else _simple(message)
            found.append(QueuedMail(facts=facts, recipients=recipients))
    return found


def _simple(message: QueuedMessage) -> RoutingFacts:
    return RoutingFacts(account=message.account, sender="", headers={})


async def _facts(storage: Queue, message: QueuedMessage) -> RoutingFacts:
    leased = await storage.show(message.id)
    if leased is None:
        return _simple(message)
    try:
        return RoutingFacts(
            account=None,
            sender=sender_of_message(leased),
            headers=headers_of_message(leased),
            id=message.id,
            attempts_made=message.attempts_made,
        )
    except HeaderError:
        return _simple(message)
