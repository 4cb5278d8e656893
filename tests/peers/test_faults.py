"""Whatever call the system refuses, once or from then on: nothing is lost, and all is well when it is well again.

A sample; the whole is `python -m tests.peers.faults`.
"""

from random import Random

import pytest

from tests.peers.faults import Trial, all_faults
from tests.peers.power_cut import scratch

RUNS = 30


@pytest.mark.timeout(180)
def test_an_error_of_the_system_at_any_call_loses_nothing_and_repeats_nothing_unsaid() -> None:
    seed = Random().randrange(1_000_000)
    with scratch() as folder:
        trial = Trial(folder)
        faults = list(all_faults(trial.calls()))
        for fault in Random(seed).sample(faults, RUNS):
            trial.run(fault)

    assert trial.examples == {}, f"seed {seed}"
    assert trial.hurt > RUNS // 10
