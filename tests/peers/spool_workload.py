"""A spool at work, to be traced: `python -m tests.peers.spool_workload CONFIG SPOOL STAGES`.

In each stage it drops messages as careful programs do and says of each that it was accepted, then runs the daemon until
the spool is drained. Nothing but maild's own code touches the spool.
"""

import asyncio
import io
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from maild.daemon.app import run_daemon
from maild.daemon.options import RunOptions
from maild.mail.address import Mailbox
from maild.spool.drop import write_drop
from maild.spool.durable import sync_folder, write_synced
from maild.spool.layout import Layout, make_folders
from maild.spool.sidecar import Sidecar, format_sidecar

ANNA: Final = "anna@example.org"
BERT: Final = "bert@example.org"
NOBODY: Final = "nobody@example.org"
"""The server does not know him."""
LATER: Final = "later@example.org"
"""The server takes nothing for him at first."""
LOST: Final = "lost@example.org"
"""The server hangs up at the end of a message to him, once."""

REJECTED: Final = "letter.eml"
LETTER: Final = b"Dear Anna,\n\nthis is no message.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message; `name` None: put there by `write_drop`. `envelope`: its recipients are in no header."""

    stage: int
    name: str | None = None
    recipients: tuple[str, ...] = (ANNA,)
    envelope: bool = False
    lines: int = 5


MAILS: Final[Mapping[int, Mail]] = {
    0: Mail(stage=1),
    1: Mail(stage=1, name="plain.eml"),
    2: Mail(stage=1, recipients=(BERT,), envelope=True),
    3: Mail(stage=1, lines=75_000),
    4: Mail(stage=1, recipients=(ANNA, NOBODY)),
    5: Mail(stage=1, name="refused once.eml", recipients=(LATER,)),
    6: Mail(stage=1, name="lost once.eml", recipients=(LOST,), envelope=True),
    7: Mail(stage=2, name="plain.eml"),
    8: Mail(stage=2, recipients=(ANNA, BERT)),
}


def content_of(number: int) -> bytes:
    """The file as its writer made it."""
    mail = MAILS[number]
    to = "undisclosed:;" if mail.envelope else ", ".join(mail.recipients)
    return f"From: shop@example.com\nTo: {to}\nSubject: power {number}\n\n".encode() + body_of(number)


def body_of(number: int) -> bytes:
    return b"".join(b"line %d of %d\n" % (line, number) for line in range(MAILS[number].lines))


def drop(layout: Layout, number: int) -> str:
    """Returns the name once it is safe."""
    mail = MAILS[number]
    recipients = tuple(map(Mailbox.parse, mail.recipients))
    envelope = Sidecar(recipients=recipients) if mail.envelope else None
    if mail.name is None:
        return write_drop(layout, content_of(number), envelope=envelope)
    stem = mail.name.removesuffix(".eml")
    if envelope is not None:
        _place(layout.drop, f"{stem}.env.json", format_sidecar(envelope))
    _place(layout.drop, mail.name, content_of(number))
    return mail.name


def _place(folder: Path, name: str, content: bytes) -> None:
    hidden = folder / f".{name}.tmp"
    write_synced(str(hidden), [content], mode=0o640)
    hidden.rename(folder / name)
    sync_folder(folder)


def _tell_files(layout: Layout, tell: Callable[[str], None]) -> None:
    for entry in os.scandir(layout.drop):
        found = entry.stat()
        tell(f"file {found.st_dev} {found.st_ino} {found.st_ctime_ns} {found.st_size} {found.st_mtime_ns} {entry.name}")


def main(config: Path, spool: Path, stages: int) -> None:
    marks = os.open(os.devnull, os.O_WRONLY)

    def tell(words: str) -> None:
        os.write(marks, f"MARK {words}".encode())

    layout = Layout(spool)
    make_folders(layout)
    for stage in range(1, stages + 1):
        for number, mail in MAILS.items():
            if mail.stage == stage:
                name = drop(layout, number)
                tell(f"accepted {number} {name}")
        if stage == 1:
            _place(layout.drop, REJECTED, LETTER)
        _tell_files(layout, tell)
        options = RunOptions(config=config, environ={}, home=spool, log=io.StringIO(), is_once=True)
        asyncio.run(run_daemon(options))
        tell(f"stage {stage}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
