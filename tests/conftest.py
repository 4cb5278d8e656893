"""What holds for every test: loopback only, no settings of the machine, modest numbers of examples."""

import gc
import os
import sys
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from tests import network_guard

FOREIGN_VARIABLES: Final = frozenset(
    {
        "CREDENTIALS_DIRECTORY",
        "STATE_DIRECTORY",
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "GITHUB_ACTIONS",
    }
)
"""Variables by which a machine would change what maild does; a test that wants one hands it in."""


network_guard.install()

# The tests start some fifty programs. Each would compile the whole of maild and its libraries again where the machine
# is set to keep nothing of that (as many containers are), and so would each process that the tests themselves run in.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

for _name in [name for name in os.environ if name.startswith("MAILD_") or name in FOREIGN_VARIABLES]:
    del os.environ[_name]

_MODEST: Final = settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("modest", _MODEST)
settings.register_profile("careful", _MODEST, max_examples=100)
settings.register_profile("thorough", max_examples=2000, deadline=None, database=None)
settings.load_profile("modest")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: a third of the time, tests wait for a program or a peer."""
    return (os.cpu_count() or 1) + 1


# Collecting makes a million objects that live to the end. Looking for garbage among them, while they are made and in
# every test that follows, takes each process two seconds and finds none.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
