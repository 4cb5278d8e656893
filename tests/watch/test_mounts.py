from pathlib import Path

from maild.watch.mounts import file_system_of, is_remote, remote_type
from tests.rows import each_row

TABLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:30 / /etc/maild rw shared:5 - nfs4 server:/export rw,vers=4.2
31 30 0:31 / /etc/maild/local rw - tmpfs tmpfs rw
32 22 0:32 / /mnt/my\\040disk rw master:1 shared:3 - fuse.sshfs user@host: rw
33 22 0:33 / /twice rw - ext4 /dev/sdb1 rw
34 33 0:34 / /twice rw - cifs //server/share rw
nonsense
1 2 - ext4
"""


@each_row(
    ("path", "kind"),
    [
        ("/home/me", "ext4"),
        ("/etc/maild/accounts", "nfs4"),
        ("/etc/maildrop", "ext4"),
        ("/etc/maild/local/x", "tmpfs"),
        ("/mnt/my disk/x", "fuse.sshfs"),
        ("/twice/x", "cifs"),
    ],
)
def test_the_innermost_mount_counts_and_of_two_the_upper_one(path: str, kind: str) -> None:
    assert file_system_of(Path(path), TABLE) == kind


def test_a_table_that_tells_nothing_gives_no_type() -> None:
    assert file_system_of(Path("/x"), "") == ""


@each_row(
    ("kind", "is_far"),
    [
        ("nfs", True),
        ("fuse", True),
        ("fuse.s3fs", True),
        ("9p", True),
        ("ext4", False),
        ("overlay", False),
        ("", False),
    ],
)
def test_file_systems_of_others(kind: str, *, is_far: bool) -> None:
    assert is_remote(kind) is is_far


def test_a_folder_of_this_machine_lies_on_no_network(tmp_path: Path) -> None:
    assert remote_type(tmp_path) in {"", "9p", "virtiofs"}
