"""Where things lie: the configuration folder and the spool folder, by one rule for the daemon and every command.

The daemon and `maild send` must come to the same spool folder without talking to each other, so the rule is written
once and takes the environment as a value. Nothing is created here and no file is read.

What can go wrong: a folder that was named and is not there is a `UsageError`. A folder that was only guessed may be
missing; whoever needs it says so in its own words.
"""

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from maild.config.model import Site
from maild.errors import UsageError

LOCAL_FOLDER: Final = "configs"
SYSTEM_FOLDER: Final = Path("/etc/maild")
SYSTEM_SPOOL: Final = Path("/var/lib/maild/spool")
"""systemd's StateDirectory of maild.service. A person's shell has no $STATE_DIRECTORY, yet means the same spool."""


def could_be_folder(path: Path) -> bool:
    """Whether it is a folder for all that can be told: False only for what is missing or is something else."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def config_folder(given: Path | None, cwd: Path) -> Path:
    """The folder with `maild.yaml` and `accounts/`: as given, else `configs/` here, else /etc/maild.

    Raises:
        UsageError: a folder was given and there is none of that name.
    """
    if given is not None:
        if not could_be_folder(cwd / given):
            raise UsageError(f"There is no configuration folder {given}. Name one with --config DIR.")
        return given
    local = cwd / LOCAL_FOLDER
    return local if could_be_folder(local) else SYSTEM_FOLDER


def spool_root(site: Site | None, folder: Path, environ: Mapping[str, str], home: Path) -> Path:
    """The spool folder: what maild.yaml says (relative: from its own folder), else systemd's, else the user's.

    Args:
        site: the daemon's file, None where there is none.
        folder: the configuration folder that it stands in.
        environ: $STATE_DIRECTORY (set by systemd, several joined by colons) and $XDG_STATE_HOME are looked at.
        home: the user's home folder.
    """
    if site is not None and site.spool is not None:
        return folder / site.spool
    state = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    if state:
        return Path(state) / "spool"
    if folder == SYSTEM_FOLDER:
        return SYSTEM_SPOOL
    # The XDG base directory specification has relative values ignored.
    shared = Path(environ.get("XDG_STATE_HOME", ""))
    return (shared if shared.is_absolute() else home / ".local" / "state") / "maild" / "spool"
