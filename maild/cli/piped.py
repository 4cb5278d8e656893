"""The message as a program pipes it into `maild-sendmail`: read, and completed as callers of sendmail(1) expect.

Reading is bounded. What is added is only what a caller may leave out: a From by -F and -f, To and the blank line where
there is no header at all (`echo done | sendmail ann@…`). A message that lacks nothing stays byte for byte what it was.
"""

from typing import BinaryIO

from maild.cli.local_mail import names_local_recipients, with_full_recipients, without_local_originators
from maild.cli.submit import MAX_MESSAGE_BYTES
from maild.errors import PermanentError, UsageError
from maild.mail.address import Mailbox
from maild.mail.address_list import NamedMailbox
from maild.mail.header import HeaderError, address_field
from maild.mail.message import begins_with_field, split_message
from maild.spool.queue import SenderChoice


def read_message(stream: BinaryIO, *, dot_ends: bool, limit: int = MAX_MESSAGE_BYTES) -> bytes:
    """The message up to the end of the input, or up to a line that is a lone dot.

    Raises:
        PermanentError: it is larger than any provider takes.
    """
    lines: list[bytes] = []
    size = 0
    # The limit also bounds a single line, so that /dev/zero does not fill the memory.
    while line := stream.readline(limit + 1):
        if dot_ends and line.rstrip(b"\r\n") == b"." and line != b".":
            break
        lines.append(line)
        size += len(line)
        if size > limit:
            raise PermanentError(f"The message is larger than {limit // 1024} KiB.")
    return b"".join(lines)


def with_header(content: bytes, recipients: tuple[Mailbox, ...], sender: SenderChoice, full_name: str) -> bytes:
    """The message with the fields that a caller of sendmail need not write.

    Raises:
        MessageError: its header cannot be read.
        UsageError: the full name cannot stand in a header.
    """
    has_header = begins_with_field(content) or content.startswith(b"From ")
    added = b"" if has_header else address_field("To", [NamedMailbox(mailbox=one) for one in recipients]).raw
    if isinstance(sender, Mailbox) and (not has_header or "from" not in split_message(content).header):
        try:
            added += address_field("From", [NamedMailbox(mailbox=sender, name=full_name)]).raw
        except HeaderError as error:
            raise UsageError(f"-F: {error}") from error
    if has_header:
        return _after_mbox_line(content, added)
    # A body that begins with a blank line already has what would divide it from the header.
    return added + (b"" if content.startswith((b"\n", b"\r\n")) else b"\r\n") + content


def with_full_addresses(content: bytes, local_mail: Mailbox | None) -> bytes:
    """The message as a provider takes it: local recipients replaced, where it is known by whom, local senders gone."""
    if not begins_with_field(content):
        return content
    split = split_message(content)
    header = without_local_originators(split.header)
    if local_mail is not None and names_local_recipients(header):
        header = with_full_recipients(header, local_mail)
    if header == split.header:
        return content
    return bytes(header) + (b"\r\n" if split.has_blank_line else b"") + split.rest


def _after_mbox_line(content: bytes, added: bytes) -> bytes:
    """The new fields first, except where a mailbox file's "From someone Mon …" line leads."""
    if not added or not content.startswith(b"From "):
        return added + content
    line, end, rest = content.partition(b"\n")
    return line + end + added + rest
