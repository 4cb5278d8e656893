import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from maild.probe.arrival import ArrivalError, parse_place
from maild.probe.arrival.mailbox import ImapPlace, MaildirPlace
from maild.probe.arrival.waiting import wait_for
from maild.secret import Secret
from tests.rows import each_row
from tests.virtual_time import run_virtual

MESSAGE = b"Message-ID: <1@shop.example>\r\nTo: a\r\n\r\nMessage-ID: <2@shop.example>\r\n"


def maildir(root: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (root / name).mkdir()
    return root


def test_a_message_is_found_by_its_id_in_the_header_and_removed(tmp_path: Path) -> None:
    folder = maildir(tmp_path)
    (folder / "new" / "1").write_bytes(MESSAGE)
    (folder / "cur" / "0").write_bytes(b"Subject: mine\n\n")
    (folder / "new" / "2").mkdir()
    place = parse_place(f"maildir:{folder}")

    assert place.take("<2@shop.example>") is None
    assert place.take("<1@shop.example>") == b"Message-ID: <1@shop.example>\nTo: a\n"
    assert [file.name for file in (folder / "new").iterdir()] == ["2"]
    assert str(place) == str(folder)
    with pytest.raises(ArrivalError, match="cannot be read: No such file"):
        MaildirPlace(folder=tmp_path / "nowhere").take("x")


class Late:
    """Finds it at the fourth look."""

    looks = 0

    def take(self, message_id: str) -> bytes | None:
        self.looks += 1
        return message_id.encode() if self.looks == 4 else None


def test_it_is_looked_for_less_often_the_longer_it_takes() -> None:
    async def scenario() -> None:
        arrival = await wait_for(Late(), "<1@x>", within_s=60)  # type: ignore[arg-type]  # it has all that is used
        assert (arrival.head, arrival.seconds) == (b"<1@x>", 3.5)
        late = await wait_for(Late(), "<1@x>", within_s=1)  # type: ignore[arg-type]  # as above
        assert (late.head, late.seconds) == (None, 1)

    run_virtual(scenario())


@each_row(
    ("text", "place"),
    [
        (
            "imaps://me%40shop.example@imap.shop.example",
            ImapPlace(host="imap.shop.example", port=993, user="me@shop.example", folder="INBOX", is_encrypted=True),
        ),
        (
            "imap://me@localhost:1143/Junk%20Mail",
            ImapPlace(host="localhost", port=1143, user="me", folder="Junk Mail", is_encrypted=False),
        ),
        ("imap://me@imap.shop.example", None),
        ("imaps://imap.shop.example", None),
        ("imaps://me:secret@imap.shop.example", None),
        ("imaps://me@imap.shop.example:x", None),
    ],
)
def test_a_mailbox_is_written_as_a_url(text: str, place: ImapPlace | None) -> None:
    if place is None:
        with pytest.raises(ArrivalError):
            parse_place(text)
    else:
        assert parse_place(text) == place


def with_imap(replies: dict[str, str], work: Callable[[int], bytes | None]) -> tuple[bytes | None, list[str]]:
    """What the work comes to with a server that answers by command, and what it heard."""
    heard: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        tag = ""
        while line := (await reader.readline()).decode():
            if len(line.split()) == 1:  # what AUTHENTICATE asked for
                heard.append(b64decode(line).decode())
                writer.write(f"{tag} OK in\r\n".encode())
                continue
            tag, command, *_ = line.split()
            heard.append(line.strip().removeprefix(tag).strip())
            writer.write(replies.get(command, "{} OK done\r\n").replace("{}", tag).encode())
        writer.close()

    async def scenario() -> bytes | None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        done: Awaitable[bytes | None] = asyncio.to_thread(work, port)
        try:
            return await done
        finally:
            server.close()

    return asyncio.run(scenario()), heard


PLACE = ImapPlace(host="127.0.0.1", port=0, user="me", folder="INBOX", is_encrypted=False, password=Secret("pw"))
HEADER = "Message-ID: <1@shop.example>\r\n\r\n"


def test_imap_finds_the_message_takes_its_header_and_deletes_it() -> None:
    replies = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{} OK done\r\n",
        "SELECT": "* 3 EXISTS\r\n{} OK done\r\n",
        "SEARCH": "* SEARCH 2 3\r\n{} OK done\r\n",
        "FETCH": "* 3 FETCH (BODY[HEADER] {32}\r\n" + HEADER + ")\r\n{} OK done\r\n",
    }
    head, heard = with_imap(replies, lambda port: replace(PLACE, port=port).take("<1@shop.example>"))

    assert head == HEADER.encode()
    assert 'SEARCH OR SUBJECT "<1@shop.example>" HEADER Message-ID "<1@shop.example>"' in heard
    assert "STORE 3 +FLAGS (\\Deleted)" in heard
    assert heard[-2:] == ["EXPUNGE", "LOGOUT"]


def test_imap_logs_in_by_plain_where_that_is_offered_since_it_knows_all_letters() -> None:
    replies = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{} OK done\r\n",
        "AUTHENTICATE": "+ \r\n",
        "SEARCH": "* SEARCH\r\n{} OK done\r\n",
    }
    snowman = replace(PLACE, password=Secret("p\N{SNOWMAN}"))
    assert "\0me\0p\N{SNOWMAN}" in with_imap(replies, lambda port: replace(snowman, port=port).take("1"))[1]
    with pytest.raises(ArrivalError, match="takes no user, password or folder with other letters than ASCII"):
        with_imap(
            {**replies, "CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{} OK done\r\n"},
            lambda port: replace(snowman, port=port).take("1"),
        )


def test_imap_that_has_it_not_or_refuses_is_told_without_the_password() -> None:
    greeting = {"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{} OK done\r\n"}
    assert (
        with_imap(
            {**greeting, "SEARCH": "* SEARCH\r\n{} OK done\r\n"}, lambda port: replace(PLACE, port=port).take("<1@x>")
        )[0]
        is None
    )
    with pytest.raises(ArrivalError, match="The server refused the mailbox of me at") as refused:
        with_imap({**greeting, "LOGIN": "{} NO pw is wrong\r\n"}, lambda port: replace(PLACE, port=port).take("<1@x>"))
    assert "pw" not in str(refused.value)
    with pytest.raises(ArrivalError, match="There is no password"):
        replace(PLACE, password=None).take("<1@x>")
