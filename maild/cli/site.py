"""Which site a command means: its configuration folder, its spool, what maild.yaml says of both.

Reads maild.yaml only, never an account: queueing a message must work while somebody edits the accounts. For the same
reason an error in maild.yaml matters only when it is about the spool, or when nothing of the file can be read.

What can go wrong: a named folder is missing (`UsageError`); maild.yaml has such errors, so that nobody can tell where
the spool is (`ConfigError`), unless the spool was named.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from maild.config.build.reader import Reader
from maild.config.build.site import read_shared_queue
from maild.config.fault import Fault
from maild.config.folder import FileKind, find_files, read_source
from maild.config.load import load_site
from maild.config.model import Site
from maild.config.place import config_folder, spool_root
from maild.errors import ConfigError
from maild.spool.layout import Layout
from maild.spool.shared import SharedPlace

_OTHER_SECTIONS: Final = tuple([field.name] for field in fields(Site) if field.name != "spool")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a command works.

    Attributes:
        is_bare: a spool was named and no configuration: it is meant with the queue that it has itself.
    """

    folder: Path
    spool: Path
    is_bare: bool = False

    def shared_queue(self, environ: Mapping[str, str]) -> SharedPlace | None:
        """The queue that this site shares with other hosts; None: the spool has its own.

        Raises:
            ConfigError: maild.yaml has errors that matter.
        """
        site = None if self.is_bare else site_of(self.folder)
        if site is None or site.queue is None:
            return None
        return SharedPlace(queue=site.queue, layout=Layout(self.spool), folder=self.folder, environ=environ)


def find_place(config: str | None, spool: str | None, *, environ: Mapping[str, str] | None = None) -> Place:
    """The site by what was given on the command line, else $MAILD_CONFIG and $MAILD_SPOOL, else the usual places.

    Raises:
        UsageError: a configuration folder was named that is not there.
        ConfigError: maild.yaml is needed and has errors.
    """
    environment = os.environ if environ is None else environ
    config = config or environment.get("MAILD_CONFIG") or None
    spool = spool or environment.get("MAILD_SPOOL") or None
    folder = config_folder(None if config is None else Path(config), Path.cwd())
    if spool is not None:
        return Place(folder=folder, spool=Path(spool), is_bare=config is None)
    # Resolved, because `configs/../spool` is no path to show a person.
    return Place(folder=folder, spool=spool_root(site_of(folder), folder, environment, Path.home()).resolve())


def site_of(folder: Path) -> Site | None:
    """What maild.yaml says; None when there is none.

    Raises:
        ConfigError: it has errors that matter.
    """
    if not folder.is_dir():
        return None
    source = next((source for source in find_files(folder) if source.kind is FileKind.SITE), None)
    if source is None:
        return None
    loaded = load_site(source.file, read_source(source.path))
    if loaded.site is not None:
        return loaded.site
    if loaded.document is None or not all(_is_elsewhere(fault) for fault in loaded.faults):
        raise ConfigError(
            f"{source.file} has errors, so it cannot be told where the spool is: "
            f"see `maild check {source.file}`, or name the spool with --spool DIR."
        )
    reader = Reader(loaded.document, ())
    return Site(spool=reader.path("/spool/path"), queue=read_shared_queue(loaded.document, reader))


def _is_elsewhere(fault: Fault) -> bool:
    """Whether a fault stands in a section that has nothing to do with the spool. Of an unknown section nobody knows."""
    return str(getattr(fault, "pointer", "")).split("/")[1:2] in _OTHER_SECTIONS
