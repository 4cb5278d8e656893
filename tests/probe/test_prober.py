import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from maild.clock import Clock
from maild.config.model import Account, SmtpSettings, Tls, TlsMode
from maild.config.probe_settings import ProbeSettings
from maild.diagnostics import Location
from maild.net.passwords import Passwords
from maild.net.resolver import Address, Answer, Resolver
from maild.probe.events import LoginSuspended, LoginTried, ProbeEvent, ProbeFinished
from maild.probe.login_memory import Credential, LoginMemory
from maild.probe.login_policy import AcceptedAt, Suspended
from maild.probe.prober import Prober, ProberPorts
from maild.probe.result import CheckVerdict, Told
from maild.secret import Secret
from tests.fakes.certificates import certificates
from tests.fakes.clock import START, FakeClock, LoopClock
from tests.fakes.probe_subject import smtp_account
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.virtual_time import run_virtual

SETTINGS = ProbeSettings(interval=timedelta(minutes=5))


def account(name: str = "billing", host: str = "nowhere.test") -> Account:
    """Needs no secret, and its host does not exist: a probe of it takes no time and no socket."""
    transport = SmtpSettings(host=host, port=25, tls=Tls(mode=TlsMode.NONE))
    return Account(name=name, transport=transport, username="billing@[127.0.0.1]", password=None)


class Watched:
    """A prober and what it told."""

    def __init__(self, folder: Path, *, resolver: Resolver | None = None, clock: Clock | None = None) -> None:
        self.folder = folder
        self.events: list[ProbeEvent] = []
        self.times: list[tuple[str, float]] = []
        self.state_file = folder / "state" / "logins.sqlite3"
        self.prober = Prober(
            ProberPorts(
                keys=Passwords(),
                resolver=resolver or FakeResolver(),
                clock=clock or LoopClock(),
                random=lambda: 0.5,
                emit=self._emit,
                state_file=self.state_file,
                offers_file=folder / "state" / "offers.sqlite3",
                verdicts_file=folder / "state" / "verdicts.sqlite3",
            )
        )

    def _emit(self, event: ProbeEvent) -> None:
        self.events.append(event)
        if isinstance(event, ProbeFinished):
            self.times.append((event.result.account, asyncio.get_running_loop().time()))

    def use(self, *accounts: Account, settings: ProbeSettings = SETTINGS) -> None:
        self.prober.use({one.name: one for one in accounts}, self.folder, settings)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.prober.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def test_every_account_is_probed_at_once_and_then_at_each_interval(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path)
        watched.use(account("a"), account("b", "other.test"))
        async with watched.running():
            await asyncio.sleep(601)

        assert sorted(watched.times) == [(name, time) for name in ("a", "b") for time in (0, 300, 600)]

    run_virtual(scenario())


def test_a_request_brings_a_probe_forward_and_unknown_names_are_passed_over(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path)
        watched.use(account("a"))
        async with watched.running():
            await asyncio.sleep(100)
            watched.prober.request("a")
            watched.prober.request("nobody")
            await asyncio.sleep(299)

        assert watched.times == [("a", 0), ("a", 100)]

    run_virtual(scenario())


def test_a_new_plan_probes_what_changed_and_forgets_what_is_gone(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path)
        watched.use(account("a"), account("b"), account("c"))
        async with watched.running():
            await asyncio.sleep(10)
            watched.use(account("a"), account("b", "elsewhere.test"))
            await asyncio.sleep(10)

        assert sorted(watched.times) == [("a", 0), ("b", 0), ("b", 10), ("c", 0)]
        assert sorted(watched.prober.last()) == ["a", "b"]

    run_virtual(scenario())


class SlowResolver(FakeResolver):
    """Takes ten seconds for a name, and counts how many are asked for at a time."""

    at_once = 0
    most_at_once = 0

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(10)
            return await super().addresses(host, port)
        finally:
            self.at_once -= 1


def test_probes_of_one_server_follow_each_other(tmp_path: Path) -> None:
    async def scenario() -> None:
        resolver = SlowResolver()
        watched = Watched(tmp_path, resolver=resolver)
        watched.use(account("a"), account("b", "NOWHERE.test"), account("c", "other.test"))
        async with watched.running():
            await asyncio.sleep(25)

        assert sorted(watched.times) == [("a", 10), ("b", 20), ("c", 10)]
        assert resolver.most_at_once == 2

    run_virtual(scenario())


class SilentAboutMx(FakeResolver):
    """Answers about hosts, and takes its time about domains."""

    async def lookup(self, name: str, rdtype: str) -> Answer:
        await asyncio.sleep(10)
        return await super().lookup(name, rdtype)


def test_who_waits_for_a_name_server_keeps_nobody_from_his_mail_server(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path, resolver=SilentAboutMx())
        one = replace(account("a"), username="billing@shop.example")
        watched.use(one)
        async with watched.running():
            await asyncio.sleep(1)
            await watched.prober.try_out(one, lambda _: Location(file="a.yaml"))
            assert asyncio.get_running_loop().time() == 1
            await asyncio.sleep(60)

        (event,) = (event for event in watched.events if isinstance(event, ProbeFinished))
        assert [check.check for check in event.result.checks] == ["smtp", "mx"]
        assert event.result.seconds >= 10

    run_virtual(scenario())


class StuckResolver(FakeResolver):
    """Never answers."""

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        await asyncio.sleep(1e9)
        return ()


def test_a_probe_that_gets_nowhere_ends_at_its_deadline_and_is_indeterminate(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path, resolver=StuckResolver())
        result = await watched.prober.probe_once(account())

        assert result.seconds == 90
        assert result.can_send is None
        assert result.checks[0].summary == 'No name server told whether there is a host "nowhere.test".'

    run_virtual(scenario())


def test_what_could_not_be_told_does_not_replace_what_was_known(tmp_path: Path) -> None:
    async def scenario() -> None:
        resolver = FakeResolver()
        watched = Watched(tmp_path, resolver=resolver)
        watched.use(account())
        known = await watched.prober.probe_once(account())
        resolver.failing = frozenset({"nowhere.test"})
        newest = await watched.prober.probe_once(account())

        assert (known.can_send, newest.can_send) == (False, None)
        assert watched.prober.last() == {"billing": newest}
        assert newest.checks[0].told == known.checks[0].told == Told(verdict=CheckVerdict.FAIL, at=known.started_at)

        moved = account("billing", "nowhere.test.")
        watched.use(moved)
        resolver.failing = frozenset({"nowhere.test."})
        assert (await watched.prober.probe_once(moved)).checks[0].told is None

    run_virtual(scenario())


def test_an_account_outside_of_the_plan_is_probed_and_not_kept(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path)
        result = await watched.prober.probe_once(account())

        assert watched.events == [ProbeFinished(result=result)]
        assert watched.prober.last() == {}

    run_virtual(scenario())


def test_a_bug_in_a_check_is_its_own_finding_and_the_other_checks_go_on(tmp_path: Path) -> None:
    class Broken(FakeResolver):
        async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
            raise ZeroDivisionError

    async def scenario() -> None:
        result = await Watched(tmp_path, resolver=Broken()).prober.probe_once(account())

        assert [(check.check, check.verdict) for check in result.checks] == [
            ("smtp", CheckVerdict.INDETERMINATE),
            ("mx", CheckVerdict.NOT_APPLICABLE),
        ]
        assert result.checks[0].diagnostics[0].message == (
            "The check smtp ended by a bug of maild (ZeroDivisionError); please report it."
        )

    run_virtual(scenario())


def good_server() -> ScriptedSmtpServer:
    users = {"billing@shop.example": "right"}
    return ScriptedSmtpServer(tls="implicit", certificate=certificates().good, users=users)


def credential(server: ScriptedSmtpServer) -> Credential:
    return Credential(host="localhost", user="billing@shop.example", secret=Secret("right"))


async def until_noted(watched: Watched, server: ScriptedSmtpServer) -> object:
    """The state in the memory of logins once it says something."""
    memory = LoginMemory(watched.state_file)
    async with asyncio.timeout(5):
        while True:
            state = memory.recall(credential(server), now=START).state
            if isinstance(state, AcceptedAt | Suspended):
                return state
            await asyncio.sleep(0.01)


def test_a_delivery_that_logged_in_saves_the_probe_its_login(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "password").write_text("right")
        async with good_server() as server:
            watched = Watched(tmp_path, clock=FakeClock())
            known = smtp_account(server)
            idle = replace(SETTINGS, interval=timedelta(days=1))
            watched.prober.use({}, tmp_path, idle)
            async with watched.running():
                # In the plan but not due: as if its probe had just ended.
                watched.prober._plan = replace(watched.prober._plan, accounts={"billing": known})
                watched.prober.note_login("billing", is_rejected=False)
                watched.prober.note_login("nobody", is_rejected=True)
                assert await until_noted(watched, server) == AcceptedAt(at=START)
            result = await watched.prober.probe_once(known)

            assert result.can_send is True
            assert server.logins == []

    asyncio.run(scenario())


def test_a_delivery_that_was_refused_suspends_the_probes_logins_and_is_told_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "password").write_text("right")
        async with good_server() as server:
            watched = Watched(tmp_path, clock=FakeClock())
            known = smtp_account(server)
            watched.prober.use({}, tmp_path, SETTINGS)
            async with watched.running():
                watched.prober._plan = replace(watched.prober._plan, accounts={"billing": known})
                watched.prober.note_login("billing", is_rejected=True)
                assert isinstance(await until_noted(watched, server), Suspended)
            result = await watched.prober.probe_once(known)
            await watched.prober.probe_once(known)

            assert result.can_send is False
            assert server.logins == []
            told = [event for event in watched.events if not isinstance(event, ProbeFinished)]
            assert told == [LoginSuspended(account="billing", detail="a delivery's login was refused")]

    asyncio.run(scenario())


def test_a_restart_does_not_repeat_a_refused_login_and_tells_again_that_it_is_suspended(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "password").write_text("wrong")
        async with good_server() as server:
            known = smtp_account(server)
            seen = []
            for _ in range(2):
                watched = Watched(tmp_path, clock=FakeClock())
                watched.use(known)
                await watched.prober.probe_once(known)
                seen.append([event for event in watched.events if not isinstance(event, ProbeFinished)])

            words = "535 5.7.8 authentication failed"
            assert server.logins == [("PLAIN", False)]
            assert seen == [
                [LoginTried(account="billing", is_rejected=True), LoginSuspended(account="billing", detail=words)],
                [LoginSuspended(account="billing", detail=words)],
            ]

    asyncio.run(scenario())


def test_what_a_probe_of_a_replaced_account_finds_is_told_nobody_and_the_new_one_is_asked(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path, resolver=SlowResolver())
        watched.use(account("a"), account("b", "other.test"))
        async with watched.running():
            await asyncio.sleep(5)
            asked = asyncio.create_task(watched.prober.probe_named("a"))
            await asyncio.sleep(1)
            watched.use(account("a", "new.test"), account("b", "other.test"))
            again = await watched.prober.probe_named("a")
            assert await asked is not again
            await asyncio.sleep(30)

        assert [time for name, time in watched.times if name == "a"] == [16.0, 26.0]
        assert [time for name, time in watched.times if name == "b"] == [10.0]

    run_virtual(scenario())


def test_a_changed_account_is_probed_at_once_though_the_one_before_hangs_at_the_same_server(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path, resolver=SlowResolver())
        watched.use(account("a"))
        async with watched.running():
            await asyncio.sleep(5)
            watched.use(replace(account("a"), username="other@[127.0.0.1]"))
            await asyncio.sleep(20)

        assert watched.times == [("a", 15)]
        assert watched.prober.last().keys() == {"a"}

    run_virtual(scenario())


def test_a_probe_whose_secret_changes_begins_anew_at_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path, resolver=SlowResolver())
        watched.use(account("a"), account("b", "other.test"))
        async with watched.running():
            await asyncio.sleep(5)
            watched.prober.credentials_changed(["a", "nobody"])
            await asyncio.sleep(20)

        assert watched.times == [("b", 10), ("a", 15)]

    run_virtual(scenario())


def test_a_probe_that_is_logging_in_is_let_end_before_the_changed_account_has_its_turn(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "password").write_text("right")
        async with good_server() as server:
            watched = Watched(tmp_path, clock=FakeClock())
            known = smtp_account(server)

            def replace_it(_: str) -> None:
                watched.use(replace(known, display_name="Shop"))  # by another name to its recipients, the same login

            server.replies = {"AUTH": replace_it}
            watched.use(known)
            async with watched.running():
                async with asyncio.timeout(30):
                    while not watched.times:  # noqa: ASYNC110 -- a real server, which sets no event
                        await asyncio.sleep(0.01)
            # Cut off it would count as begun, and the next one would have to wait for half an hour.
            assert [type(event) for event in watched.events] == [ProbeFinished]
            assert watched.prober.last()["billing"].can_send
            assert server.verbs().count("AUTH") == 1

    asyncio.run(scenario())


def test_a_probe_under_way_while_its_secret_changes_says_nothing_of_the_new_one(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "password").write_text("wrong")
        async with good_server() as server:
            watched = Watched(tmp_path, clock=FakeClock())
            known = smtp_account(server)
            watched.prober.use({"billing": known}, tmp_path, SETTINGS)
            running = asyncio.create_task(watched.prober.probe_once(known))
            await asyncio.sleep(0)
            watched.prober.credentials_changed(["billing"])
            result = await running

            assert result.can_send is False
            assert watched.events == [LoginTried(account="billing", is_rejected=True)]
            assert watched.prober.last() == {}

    asyncio.run(scenario())


def test_a_login_that_was_refused_before_its_secret_changed_is_not_noted_against_the_new_one(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "password").write_text("right")
        async with good_server() as server:
            watched = Watched(tmp_path, clock=FakeClock())
            known = smtp_account(server)
            watched.prober.use({}, tmp_path, SETTINGS)
            watched.prober._plan = replace(watched.prober._plan, accounts={"billing": known})
            watched.prober.note_login("billing", is_rejected=True)
            watched.prober.credentials_changed(["billing"])
            watched.prober.note_login("billing", is_rejected=False)
            async with watched.running():
                assert await until_noted(watched, server) == AcceptedAt(at=START)
            assert watched.events == []

    asyncio.run(scenario())


def test_who_asks_for_an_account_by_name_shares_one_probe_and_a_fresh_one_is_not_repeated(tmp_path: Path) -> None:
    async def scenario() -> None:
        watched = Watched(tmp_path, resolver=SlowResolver())
        watched.use(account("a"))
        impatient = asyncio.create_task(watched.prober.probe_named("a"))
        others = [asyncio.create_task(watched.prober.probe_named("a")) for _ in range(3)]
        await asyncio.sleep(1)
        impatient.cancel()
        results = await asyncio.gather(*others)

        assert {id(result) for result in results} == {id(watched.prober.last()["a"])}
        await asyncio.sleep(5)
        assert await watched.prober.probe_named("a") is results[0]
        assert [name for name, _ in watched.times] == ["a"]
        await asyncio.sleep(30)
        assert await watched.prober.probe_named("a") is not results[0]
        assert await watched.prober.probe_named("smtp.gmail.com") is None

    run_virtual(scenario())
