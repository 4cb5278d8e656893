"""Large messages taken apart with their bulk left in the file, and the same in memory: there is no difference."""

import asyncio
import base64
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from pathlib import Path
from random import Random

from maild.delivery.transports.form_message import FormMessage, take_apart
from maild.net.bulk import LEAST_BYTES, read_bulk
from maild.net.http import DecodedPiece, FilePiece, PlainPiece
from maild.net.http.streaming import stream
from tests.rows import each_row

LARGE = Random(7).randbytes(LEAST_BYTES + 1000)
WORD = "abcd" * 19 + "\r\n"
LONG_TEXT = WORD * (LEAST_BYTES // len(WORD) + 2)


def message_of(*parts: object, boundary: str = "m") -> MIMEMultipart:
    message = MIMEMultipart(boundary=boundary)
    message["From"] = "shop@example.org"
    for part in parts:
        assert isinstance(part, MIMEApplication | MIMEText | MIMEMessage)
        message.attach(part)
    return message


def seen(message: bytes, folder: Path) -> tuple[FormMessage, FormMessage]:
    """As a whole, and with its body in a file."""
    head, _, body = message.partition(b"\r\n\r\n")
    (folder / "body").write_bytes(body)
    rest, bulk = read_bulk(folder / "body")
    return take_apart(message), take_apart(head + b"\r\n\r\n" + rest, bulk)


def octets(data: tuple[PlainPiece, ...]) -> bytes:
    async def scenario() -> bytes:
        return b"".join([block async for block in stream(data)])

    return asyncio.run(scenario())


def raw(text: str, subtype: str = "plain") -> MIMEText:
    part = MIMEText("", subtype, "us-ascii")
    part.set_payload(text)
    return part


def odd_base64(ending: str) -> MIMEApplication:
    part = MIMEApplication(b"")
    part.set_payload(base64.encodebytes(LARGE).decode().replace("\n", "\r\n") + ending)
    return part


CASES = {
    "an attachment": message_of(MIMEText("hello"), MIMEApplication(LARGE, Name="a.bin")),
    "two, and a small one": message_of(MIMEApplication(LARGE), MIMEApplication(b"pdf", "pdf"), MIMEApplication(LARGE)),
    "a body that looks like base64": message_of(raw("words\r\n" + LONG_TEXT + "end\r\n")),
    "such a body without an end": message_of(raw(LONG_TEXT.removesuffix("\r\n"), "html")),
    "such an attachment": message_of(MIMEText("hello"), raw(LONG_TEXT)),
    "more behind the padding": message_of(MIMEText("hello"), odd_base64("QUJD\r\n")),
    "groups that are not whole": message_of(MIMEText("hello"), odd_base64("QUJDR\r\n" * 9000)),
    "a message within": message_of(MIMEText("hello"), MIMEMessage(message_of(MIMEApplication(LARGE), boundary="n"))),
    "nothing large": message_of(MIMEText("hello"), MIMEApplication(b"x")),
}


@each_row("name", list(CASES))
def test_what_is_found_is_the_same(name: str, tmp_path: Path) -> None:
    whole, parted = seen(CASES[name].as_bytes(policy=SMTP), tmp_path)

    assert (parted.body, parted.subject) == (whole.body, whole.subject)
    assert [(one.filename, one.content_type) for one in parted.attachments] == [
        (one.filename, one.content_type) for one in whole.attachments
    ]
    for one, other in zip(parted.attachments, whole.attachments, strict=True):
        # A message within is written anew around what stays in the file.
        assert octets(one.data).replace(b"\r\n", b"\n") == octets(other.data).replace(b"\r\n", b"\n")


def test_the_bulk_stays_in_the_file(tmp_path: Path) -> None:
    _, attached = seen(CASES["an attachment"].as_bytes(policy=SMTP), tmp_path)
    _, within = seen(CASES["a message within"].as_bytes(policy=SMTP), tmp_path)

    ((piece,),) = (one.data for one in attached.attachments)
    assert isinstance(piece, DecodedPiece)
    assert piece.size_bytes == len(LARGE)
    assert [type(one) for one in within.attachments[0].data] == [bytes, FilePiece, bytes]
