"""Live findings about the spool folder: whether mail can be kept there safely."""

from typing import Final

from maild.diagnostics import Severity
from maild.probe.findings.finding import LiveFinding

SPOOL_MISSING: Final = LiveFinding(
    code="ML614",
    name="spool-dir-missing",
    severity=Severity.ERROR,
    summary="The spool folder is not there, or cannot be written to",
    finds="The spool, or a folder in it, does not exist, is no folder, or is closed to the user that looked.",
    why="No message can be taken in, and none that waits there can be sent.",
    mend="Start the daemon, which makes the folders, or give them to the user that it runs as.",
)
SPOOL_VOLATILE: Final = LiveFinding(
    code="ML616",
    name="spool-on-network-or-tmpfs",
    severity=Severity.WARNING,
    summary="The spool lies in memory or on another machine",
    finds="The file system of the spool is tmpfs or ramfs, or one of a network (NFS, SMB, sshfs and the like).",
    why="What lies in memory is gone after a restart of the machine. Over a network a message may not be on any disk "
    "when maild believes it is, and locks and new files are not seen by all.",
    mend="Put the spool on a disk of this machine: `spool: {path: /var/lib/maild/spool}`.",
)
SPOOL_OPEN: Final = LiveFinding(
    code="ML617",
    name="spool-permissions",
    severity=Severity.ERROR,
    summary="Others can read the mail in the spool",
    finds="The folders with bodies, failed and rejected messages, or the queue's file, are open to every user.",
    why="Every program and person on the machine can read all mail.",
    mend="Close them: `chmod o-rwx` for what the finding names.",
)
QUEUE_UNSAFE: Final = LiveFinding(
    code="ML621",
    name="shared-queue-unsafe",
    severity=Severity.WARNING,
    summary="The shared queue's database may lose what it confirmed",
    finds="The database of `spool.queue` runs with `fsync` or `full_page_writes` off, or `synchronous_commit` is "
    "weaker for maild's role than the database's standbys ask for. Looked at when the daemon starts.",
    why="maild removes a drop as soon as the database says that it has the message. With these settings it says so "
    "before that is true, and a power cut or a fail-over loses mail.",
    mend="Set `fsync = on` and `full_page_writes = on`, and `ALTER ROLE maild SET synchronous_commit = on`.",
)
SPOOL_SPLIT: Final = LiveFinding(
    code="ML618",
    name="spool-different-filesystem",
    severity=Severity.ERROR,
    summary="The spool is spread over several file systems",
    finds="A folder in the spool lies on another file system than the spool itself.",
    why="A file is moved from one folder to another in one step only within a file system; between two of them the "
    "move fails, and the drop stays where it is.",
    mend="Mount the spool as one, not the folders in it.",
)
