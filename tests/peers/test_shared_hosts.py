"""Real daemons on one real PostgreSQL: what is dropped at one host is safe with all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.dumping_sink import running_sink
from tests.peers.killed_daemon import Stem
from tests.peers.postgres import running_postgres
from tests.peers.shared_site import SharedSite, until


@pytest.fixture(scope="module")
def site() -> Iterator[SharedSite]:
    # Not in pytest's own folder, which is closed to the sink's user.
    with running_postgres() as database, tempfile.TemporaryDirectory(prefix="maild-shared-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running_sink(folder / "sink") as sink:
            made = SharedSite(database, folder, sink.port)
            made.host("first")
            assert made.command("first", "queue", "migrate").endswith("were made (format 1).\n")
            assert made.command("first", "queue", "migrate").endswith("have format 1 already.\n")
            yield made


class Daemons:
    """Starts them; each writes a log beside its configuration, which a failure shows."""

    def __init__(self) -> None:
        self._stem = Stem()

    @contextmanager
    def daemon(self, config: Path, *, is_killed: bool = True) -> Iterator[None]:
        log = config / "log"
        try:
            with self._stem.daemon(config, log=log, is_killed=is_killed):
                yield
        except BaseException:
            print(log.read_text()[-3000:])
            raise


@pytest.fixture(scope="module")
def stem() -> Daemons:
    return Daemons()


def test_a_drop_at_one_host_is_sent_and_every_host_can_see_it(site: SharedSite, stem: Daemons) -> None:
    one, two = site.host("one"), site.host("two")
    with stem.daemon(one), stem.daemon(two):
        drops = site.drop("one", 20)
        until(lambda: site.states("one", drops) == {"sent"}, lambda: site.states("one", drops))

        sent = site.listed("two", "--state", "sent", "--recipient", "one-*")

    assert len(sent) == 20
    assert {message["drop"] for message in sent} == {None}
    assert {message["drop"] for message in site.listed("one", "--state", "sent", "--recipient", "one-*")} == {*drops}


def test_while_the_database_is_away_drops_are_taken_in_and_go_out_when_it_is_back(
    site: SharedSite, stem: Daemons
) -> None:
    with stem.daemon(site.host("three")):
        first = site.drop("three", 3)
        until(lambda: site.states("three", first) == {"sent"}, lambda: site.states("three", first))
        site.database.stop()
        try:
            drops = site.drop("three", 5)
            until(lambda: site.states("three", drops) == {"queued"}, lambda: site.states("three", drops))
        finally:
            site.database.start()
        until(lambda: site.states("three", drops) == {"sent"}, lambda: site.states("three", drops))

    assert len(site.listed("three", "--state", "sent", "--recipient", "three-*")) == 8


def test_what_a_host_took_in_that_is_gone_another_sends(site: SharedSite, stem: Daemons) -> None:
    # Nothing that this host could do sends it.
    four = site.host(
        "four", account="protocol: smtp\nsmtp: {host: localhost, port: 1, tls: {mode: none}, auth: none}\n"
    )
    with (four / "accounts" / "billing.yaml").open("a") as account:
        account.write("email: billing@shop.example\n")
    with stem.daemon(four, is_killed=False):
        drops = site.drop("four", 10)
        until(lambda: len(site.listed("four", "--recipient", "four-*")) == 10, lambda: site.states("four", drops))
    site.command("four", "queue", "retry", "--all")

    with stem.daemon(site.host("five")):
        until(lambda: not site.listed("five", "--recipient", "four-*"), lambda: site.listed("five"))
    with stem.daemon(four):
        until(lambda: site.states("four", drops) == {"sent"}, lambda: site.states("four", drops))


def test_what_a_host_had_before_it_shared_its_queue_comes_along_as_it_was(site: SharedSite, stem: Daemons) -> None:
    alone = site.host(
        "six", is_shared=False, account="protocol: smtp\nemail: a@shop.example\nsmtp: {host: localhost}\n"
    )
    with stem.daemon(alone):
        drops = site.drop("six", 2)
        until(lambda: site.states("six", drops) == {"queued"}, lambda: site.states("six", drops))
        held, _ = site.listed("six")
        site.command("six", "queue", "hold", held["id"])
        until(lambda: "held" in site.states("six", drops), lambda: site.states("six", drops))

    with stem.daemon(site.host("six")):
        until(lambda: site.states("six", drops) == {"sent", "held"}, lambda: site.states("six", drops))

    (still,) = site.listed("six", "--recipient", "six-*")
    assert (still["id"], still["state"], still["drop"]) == (held["id"], "held", held["drop"])


def test_a_host_takes_everything_back_into_a_spool_of_its_own(site: SharedSite, stem: Daemons) -> None:
    silent = "protocol: smtp\nsmtp: {host: localhost, port: 1, tls: {mode: none}, auth: none}\nemail: a@shop.example\n"
    with stem.daemon(site.host("seven", account=silent), is_killed=False):
        drops = site.drop("seven", 3)
        until(lambda: len(site.listed("seven", "--recipient", "seven-*")) == 3, lambda: site.states("seven", drops))

    assert site.command("seven", "queue", "copy", "shared", "spool").endswith("moved\n")

    assert site.listed("seven") == []
    with stem.daemon(site.host("seven", is_shared=False)):
        until(lambda: site.states("seven", drops) == {"sent"}, lambda: site.states("seven", drops))
