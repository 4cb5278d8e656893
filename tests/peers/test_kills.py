"""Killed twenty times at random moments under load: nothing is lost, and nothing comes twice unsaid.

A sample; the whole is `python -m tests.peers.kills`.
"""

import tempfile
from pathlib import Path
from random import Random

import pytest

from tests.peers.kills import run_kills

ROUNDS = 20


@pytest.mark.timeout(180)
def test_a_daemon_that_is_killed_loses_nothing_and_repeats_nothing_unsaid() -> None:
    seed = Random().randrange(1_000_000)
    # Not in pytest's own folder, which is closed to the sink's user.
    with tempfile.TemporaryDirectory(prefix="maild-kills-") as folder:
        Path(folder).chmod(0o755)

        tally = run_kills(Path(folder), ROUNDS, Random(seed))

    assert tally.faults == {}, f"seed {seed}: {tally}"
    assert tally.rounds == ROUNDS
    assert tally.accepted > ROUNDS
