"""Ways in which editors, git and deployment tools change a configuration folder, each as it is done in earnest."""

import os
import shutil
import stat
import subprocess
import time
from pathlib import Path
from typing import Final

TEXT: Final = """\
protocol: smtp
smtp: {{host: {host}, port: 465}}
username: edited@shop.net
password: {{file: password}}
"""


def text(host: str) -> str:
    """The edited account, towards this server."""
    return TEXT.format(host=host)


def _host_of(content: str) -> str:
    return content.partition("host: ")[2].partition(",")[0]


def in_place(file: Path, content: str) -> None:
    """Written in two halves, as a slow editor does."""
    with file.open("w") as opened:
        opened.write(content[:20])
        opened.flush()
        time.sleep(0.1)
        opened.write(content[20:])


def temp_and_rename(file: Path, content: str) -> None:
    """A new file, renamed over the old one."""
    hidden = file.with_name(f".{file.name}.tmp")
    hidden.write_text(content)
    hidden.replace(file)


def vim(file: Path, content: str) -> None:
    """The probe `4913`, the old file moved aside, the new one written, the old one deleted, and a swap file."""
    swap, probe, old = file.with_name(f".{file.name}.swp"), file.with_name("4913"), file.with_name(f"{file.name}~")
    swap.write_bytes(b"b0VIM 9.1")
    probe.touch()
    probe.unlink()
    file.rename(old)
    time.sleep(0.05)
    file.write_text(content)
    old.unlink()
    swap.unlink()


def emacs(file: Path, content: str) -> None:
    """A lock that is a link to nowhere, an autosave, a backup, and the file written in place."""
    lock, auto, backup = file.with_name(f".#{file.name}"), file.with_name(f"#{file.name}#"), Path(f"{file}~")
    lock.symlink_to("me@host.4711:1700000000")
    auto.write_text("half of")
    shutil.copy2(file, backup)
    file.write_text(content)
    auto.unlink()
    lock.unlink()


def sed(file: Path, content: str) -> None:
    """`sed -i`, which makes a file of its own and renames it."""
    subprocess.run(["sed", "-i", f"s/host: [^,]*/host: {_host_of(content)}/", str(file)], check=True)


def real_vim(file: Path, content: str) -> None:
    """Vim itself, which moves the old file aside and writes a new one."""
    commands = ("set writebackup backupcopy=no", f"%s/host: [^,]*/host: {_host_of(content)}/", "wq")
    spoken = [word for command in commands for word in ("-c", command)]
    subprocess.run(["vim", "-es", "-N", "-u", "NONE", *spoken, str(file)], check=True, stdin=subprocess.DEVNULL)


def real_emacs(file: Path, content: str) -> None:
    """Emacs itself, with its lock file and a backup."""
    steps = (
        f'(find-file "{file}")',
        '(re-search-forward "host: [^,]*")',
        f'(replace-match "host: {_host_of(content)}" t t)',
        "(save-buffer)",
    )
    argv = ["emacs", "--batch", "-Q", "--eval", f"(progn {' '.join(steps)})"]
    subprocess.run(argv, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def configmap(file: Path, content: str) -> None:
    """What the kubelet does to a mounted ConfigMap: files are links through `..data`, and only that one is swapped."""
    folder = file.parent
    old = (folder / "..data").resolve() if (folder / "..data").is_symlink() else None
    new = folder / f"..{time.time_ns()}"
    new.mkdir()
    (new / file.name).write_text(content)
    (folder / "..data_tmp").symlink_to(new.name)
    (folder / "..data_tmp").rename(folder / "..data")
    if old is None:
        link = file.with_name(".link")
        link.symlink_to(f"..data/{file.name}")
        link.rename(file)
    else:
        shutil.rmtree(old)


def release(file: Path, content: str) -> None:
    """The whole folder is a link to a release, and the link is swapped."""
    root = file.parent.parent
    old = root.resolve()
    new = old.with_name(f"release-{time.time_ns()}")
    shutil.copytree(old, new, symlinks=True)
    (new / "accounts" / file.name).unlink()
    (new / "accounts" / file.name).write_text(content)
    link = root.with_name("next")
    link.symlink_to(new)
    link.rename(root)
    shutil.rmtree(old)


def rename_folder(file: Path, content: str) -> None:
    """The folder of accounts is moved aside and another one put in its place."""
    folder = file.parent
    aside, new = folder.with_name("aside"), folder.with_name("new")
    shutil.copytree(folder, new, symlinks=True)
    (new / file.name).unlink()
    (new / file.name).write_text(content)
    folder.rename(aside)
    time.sleep(0.2)
    new.rename(folder)
    shutil.rmtree(aside)


def recreate_folder(file: Path, content: str) -> None:
    """The folder of accounts is deleted and made anew, as some deployment tools do."""
    folder = file.parent
    saved = {path.name: path.read_text() for path in folder.iterdir() if path.is_file() and path != file}
    shutil.rmtree(folder)
    time.sleep(0.5)
    folder.mkdir()
    for name, old in saved.items():
        (folder / name).write_text(old)
    file.write_text(content)


def rename_root(file: Path, content: str) -> None:
    """The real folder behind the link is renamed, of which no event tells, and another one put in its place."""
    root = file.parent.parent.resolve()
    aside = root.with_name("aside")
    root.rename(aside)
    time.sleep(0.2)
    shutil.copytree(aside, root, symlinks=True)
    (root / "accounts" / file.name).write_text(content)
    shutil.rmtree(aside)


def later(file: Path, content: str) -> None:
    """Written while the clock was thirteen years ahead, as the file's own time says ever after."""
    file.write_text(content)
    os.utime(file, (2_200_000_000, 2_200_000_000))


def earlier(file: Path, content: str) -> None:
    """Copied with the time of an older version, which is before that of the file it replaces."""
    file.write_text(content)
    os.utime(file, (1_000_000_000, 1_000_000_000))


def same_stamp(file: Path, content: str) -> None:
    """As long as before and of the same time as before, in place: only the content is another, as after `rsync -t`."""
    before = file.stat()
    file.write_text(content.ljust(before.st_size))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


WAYS: Final = (
    in_place,
    temp_and_rename,
    vim,
    emacs,
    sed,
    release,
    rename_folder,
    in_place,
    recreate_folder,
    vim,
    rename_root,
    in_place,
    configmap,
    configmap,
    temp_and_rename,
    later,
    earlier,
    same_stamp,
)
"""Each with the others before it; after those that fool watchers comes an ordinary one. A clock that jumps shows in the
times of files here; what it does to the daemon itself is another test.
"""

EDITORS: Final = (real_vim, real_emacs)
"""The programs themselves, twice each: the second time there is a backup already."""


def odd_things(folder: Path) -> None:
    """What is no file, and files that nobody can read."""
    os.mkfifo(folder / "pipe.yaml")
    (folder / "nowhere.yaml").symlink_to("gone/away.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "endless.yaml").symlink_to("/dev/zero")
    (folder / "folder.yaml").mkdir()
    (folder / "private.yaml").write_text(text("private.shop.net"))
    (folder / "private.yaml").chmod(0)
    if os.geteuid() == 0:
        os.mknod(folder / "device.yaml", 0o600 | stat.S_IFCHR, os.makedev(1, 5))


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as somebody who has no settings."""
    who = ("-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "init.defaultBranch=main")
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=environ)
