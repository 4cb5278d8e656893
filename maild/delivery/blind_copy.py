"""The account's copy of a message, which is a recipient of the envelope and of no header. Shell code: it is noted in
the queue, so that a copy is made once however often the message is tried, and never of a copy.
"""

from maild.config.model import Account
from maild.delivery.attempt import Part
from maild.spool.queue import Queue


async def add_copy(part: Part, account: Account, queue: Queue) -> None:
    """Add the copy's recipient where the account wants one and the part has none.

    Raises:
        QueueError: it could not be noted.
    """
    copy_to = account.copy_to
    copies = {recipient.mailbox for recipient in part.attempt.message.recipients if recipient.is_copy}
    if copy_to is None or copies.issuperset(part.recipients):
        return
    if part.attempt.add_copy(copy_to):
        await queue.add_copy(part.attempt.message.id, copy_to)
        part.recipients = (*part.recipients, copy_to)
