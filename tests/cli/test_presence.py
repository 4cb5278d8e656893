"""A command knows whether somebody will send what it queues."""

import os
from pathlib import Path

import pytest

from maild.cli.presence import has_daemon
from maild.spool.layout import Layout, prepare


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "spool")


def test_a_spool_that_nobody_has_made_has_no_daemon(layout: Layout) -> None:
    assert has_daemon(layout) is False


def test_the_lock_s_owner_is_the_daemon_until_it_lets_go(layout: Layout) -> None:
    with prepare(layout):
        assert has_daemon(layout) is True
    assert has_daemon(layout) is False


def test_a_lock_file_of_a_dead_process_means_nothing(layout: Layout) -> None:
    prepare(layout).release()
    layout.lock.write_text("4194304999\n")

    assert has_daemon(layout) is False


def test_to_look_keeps_no_lock(layout: Layout) -> None:
    prepare(layout).release()
    layout.lock.write_text(f"{os.getpid()}\n")

    assert has_daemon(layout) is False
    with prepare(layout):
        assert has_daemon(layout) is True
