from pathlib import Path

from maild.config.model import HttpKind, HttpSettings
from maild.delivery import transports
from maild.delivery.transports.catalogue import all_transports
from maild.net.http import HttpClient
from tests.delivery.world import account
from tests.fakes.clock import FakeClock
from tests.fakes.resolver import FakeResolver

NO_TRANSPORTS = {"__init__", "catalogue", "content", "form_message", "transport"}


def test_the_list_and_the_folder_agree() -> None:
    resolver = FakeResolver()
    listed = {type(one).__module__ for one in all_transports(resolver, HttpClient(resolver, FakeClock()), FakeClock())}

    files = {file.stem for file in Path(transports.__file__).parent.glob("*.py")}
    assert {module.rpartition(".")[2] for module in listed} == files - NO_TRANSPORTS


def test_every_account_has_exactly_one_way() -> None:
    resolver = FakeResolver()
    ways = all_transports(resolver, HttpClient(resolver, FakeClock()), FakeClock())
    accounts = [account()]
    accounts += [account(transport=HttpSettings(url="https://mail.example/", kind=kind)) for kind in HttpKind]

    for one in accounts:
        assert sum(way.carries(one) for way in ways) == 1
