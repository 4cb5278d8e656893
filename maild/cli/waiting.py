"""What waits in the queue that a change of the configuration is about. Shell code: it reads the queue, changes nothing.

Beside a running daemon or without one. The spool folder may be part of the change: then the messages of the old one
are left behind. What can go wrong: a spool that was named has no queue (`PermanentError`); of one that only follows
from the configuration it is said on stderr that it was not looked at.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import click

from maild.cli.queue_wanted import with_queue
from maild.cli.queued_mail import waiting_mail
from maild.cli.side import Side
from maild.cli.site import Place
from maild.config.model import Site
from maild.config.place import spool_root
from maild.delivery.stranding import LeftBehind, QueuedMail
from maild.errors import MaildError
from maild.spool.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The messages that wait, and those of a spool folder that is given up."""

    mail: tuple[QueuedMail, ...] = ()
    left_behind: tuple[LeftBehind, ...] = ()


def waiting_between(before: Side, after: Side, spool: str | None) -> Waiting:
    """What waits in the queue that was named; without one, in the configuration's own if it can be read."""
    named = spool or os.environ.get("MAILD_SPOOL")
    folder = after.folder or before.folder
    if named is None and (folder is None or before.is_file or after.is_file):
        return Waiting()
    new = _root(after.configuration.site or before.configuration.site, folder)
    old = _old_root(before, after, folder)
    left = () if old is None else _left_behind(old, new, folder)
    root = new if named is None else Path(named)
    if old is not None and root == old:
        return Waiting(left_behind=left)
    if named is None and not _is_readable(root):
        return Waiting(left_behind=left)
    has_routes = any(side.configuration.site and side.configuration.site.routes for side in (before, after))
    try:
        return Waiting(mail=_mail(root, folder, has_routes=has_routes), left_behind=left)
    except MaildError as error:
        if named is not None:
            raise
        click.echo(f"maild: the queue was not looked at: {error}", err=True)
        return Waiting(left_behind=left)


def _root(site: Site | None, folder: Path | None) -> Path:
    return spool_root(site or Site(), folder or Path(), os.environ, Path.home())


def _old_root(before: Side, after: Side, folder: Path | None) -> Path | None:
    """The spool folder that is given up; None when it stays, or when one of the sides says nothing of it."""
    old, new = before.configuration.site, after.configuration.site
    # The text is compared: two copies of one configuration mean the same place, wherever they lie now.
    if old is None or new is None or old.spool == new.spool:
        return None
    return _root(old, before.folder or folder)


def _left_behind(old: Path, new: Path, folder: Path | None) -> tuple[LeftBehind, ...]:
    if old == new or not _is_readable(old):
        return ()
    try:
        messages = sum(bool(one.recipients) for one in _mail(old, folder, has_routes=False))
    except MaildError as error:
        click.echo(f"maild: the queue of {old} was not looked at: {error}", err=True)
        return ()
    return (LeftBehind(before=str(old), after=str(new), messages=messages),) if messages else ()


def _is_readable(root: Path) -> bool:
    return os.access(Layout(root).queue_file, os.R_OK | os.W_OK)


def _mail(root: Path, folder: Path | None, *, has_routes: bool) -> tuple[QueuedMail, ...]:
    place = Place(folder=folder or Path(), spool=root, is_bare=True)
    return tuple(with_queue(place, lambda storage: waiting_mail(storage, has_routes=has_routes)))
