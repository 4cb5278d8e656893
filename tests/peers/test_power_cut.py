"""Whatever moment the power goes at, and whatever the disk had not yet written: the promise holds.

A sample; the whole is `python -m tests.peers.power_cut`.
"""

from dataclasses import replace
from random import Random

import pytest

from tests.peers.power_cut import Replay, scratch
from tests.peers.recording import Recording, record_spool
from tests.peers.trace import Sync


@pytest.fixture(scope="module")
def recording() -> Recording:
    with scratch() as folder:
        return record_spool(folder)


@pytest.mark.timeout(180)
def test_after_a_power_cut_nothing_is_lost_and_nothing_comes_twice_unsaid(recording: Recording) -> None:
    seed = Random().randrange(1_000_000)

    replay = Replay(recording, seed=seed, luck=2, odds=0.12)
    replay.run()

    assert replay.examples == {}, f"seed {seed}"
    assert replay.cuts > 100


@pytest.mark.timeout(180)
def test_a_disk_that_only_pretends_to_sync_is_found_out(recording: Recording) -> None:
    """Or the test above would prove nothing."""
    careless = replace(recording, effects=tuple(one for one in recording.effects if not isinstance(one, Sync)))

    replay = Replay(careless, luck=0, odds=0.03)
    replay.run()

    assert any("is lost" in fault for fault in replay.faults)
