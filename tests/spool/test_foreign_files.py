"""Drops of other users, seen by a daemon without privileges: it may not read everything and gets no leases."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from maild.spool.events import DropUnreadable
from tests.spool.spool_site import MAIL, SpoolSite

NOBODY: Final = 65534


@contextmanager
def without_privileges() -> Iterator[None]:
    """As an unprivileged user, where the tests run as root; else nothing changes."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def site() -> Iterator[SpoolSite]:
    # Not pytest's own folder: only its owner may enter that.
    root = Path(tempfile.mkdtemp(prefix="maild-test-"))
    try:
        site = SpoolSite(root)
        if os.geteuid() == 0:
            for path in (root, *root.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        yield site
    finally:
        shutil.rmtree(root)


def test_what_may_not_be_read_stays_and_is_told_once(site: SpoolSite) -> None:
    site.drop("hello.eml").chmod(0)
    site.drop("linked.eml")
    site.drop("linked.env.json").chmod(0)

    with without_privileges():
        site.scan()
        site.scan()

    assert sorted(site.events, key=str) == [
        DropUnreadable(drop="hello.eml", detail="it cannot be read: Permission denied"),
        DropUnreadable(drop="linked.eml", detail="its envelope file cannot be read: Permission denied"),
    ]
    assert site.dropped() == ["hello.eml", "linked.eml", "linked.env.json"]


def test_a_foreign_file_is_taken_when_it_was_quiet_for_long_enough(site: SpoolSite) -> None:
    site.clock_is_right()
    site.drop("hello.eml", MAIL)

    with without_privileges():
        early = site.scan()
        site.clock.advance(2.1)
        late = site.scan()

    assert (len(early.taken), len(late.taken)) == (0, 1)


def test_what_was_taken_but_cannot_be_removed_is_told_once_and_not_taken_again(site: SpoolSite) -> None:
    site.drop("hello.eml", MAIL)
    if os.geteuid() == 0:
        os.chown(site.layout.drop, 0, 0)
    site.layout.drop.chmod(0o555)

    with without_privileges():
        taken = [len(site.scan().taken) for _ in range(3)]

    assert taken == [1, 0, 0]
    assert [event for event in site.events if isinstance(event, DropUnreadable)] == [
        DropUnreadable(drop="hello.eml", detail="it was taken in but cannot be removed: Permission denied: hello.eml")
    ]
    assert len(site.messages()) == 1
