"""Changed accounts tried before they are used: a real folder, a real probe, small real servers, and virtual time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from maild.config.model import SmtpSettings
from maild.config.probe_settings import ProbeSettings
from maild.daemon.agenda import Trigger
from maild.daemon.canary import Candidate
from maild.daemon.canaryloop import MAX_AT_ONCE, CanaryLoop, CanaryPorts
from maild.daemon.configloop import ConfigLoop
from maild.daemon.configports import ConfigPorts
from maild.daemon.construct import build_canary
from maild.daemon.generation import Generation
from maild.daemon.reloading import PATIENCE_S, ReloadCommand
from maild.diagnostics import Location
from maild.net.passwords import Passwords
from maild.net.resolver import Resolver
from maild.observe.events import CanaryRan, Event, FileAccepted, FileHeld, FileRejected, Reloaded
from maild.probe.prober import Prober, ProberPorts
from maild.probe.result import CheckResult, CheckVerdict, ProbeResult
from maild.probe.subject import LoginMode
from tests.daemon.test_canary import candidate
from tests.daemon.test_docket import NO, YES
from tests.fakes.clock import LoopClock
from tests.fakes.http_service import HttpService
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.virtual_time import run_virtual

SITE = "reload: {canary: true, rescan: 1h}\nprobe: {timeout: 20s}\n"
NAME = "billing@example.com"
USERS = {NAME: "right"}


class Tried:
    """A folder under the eyes of a loop, and the canary."""

    def __init__(self, root: Path, resolver: Resolver | None = None) -> None:
        self.root = root / "configs"
        (self.root / "accounts").mkdir(parents=True)
        (self.root / "maild.yaml").write_text(SITE)
        self.password = self.root / "accounts" / "password"
        self.password.write_text("right")
        self.file = str(self.root / "accounts" / "billing.yaml")
        self.events: list[Event] = []
        self.canary: CanaryLoop | None = None
        clock = LoopClock()
        self.prober = Prober(
            ProberPorts(
                resolver=resolver or FakeResolver(),
                clock=clock,
                random=lambda: 0.5,
                emit=self.emit,
                keys=Passwords(),
                state_file=root / "logins.sqlite3",
                offers_file=root / "offers.sqlite3",
                verdicts_file=root / "verdicts.sqlite3",
            )
        )
        self.config = ConfigLoop(
            ConfigPorts(folder=self.root, clock=clock, emit=self.emit, apply=self.apply, has_canary=True)
        )
        self.clock = clock

    def emit(self, event: Event) -> None:
        self.events.append(event)
        if self.canary is not None:
            self.canary.on_event(event)

    def apply(self, generation: Generation) -> None:
        self.prober.use(generation.accounts, generation.accounts_folder, ProbeSettings())
        if self.canary is not None:
            self.canary.use(generation)

    def write(self, port: int, name: str = "billing", host: str = "127.0.0.1", more: str = "") -> None:
        tls = "" if host.endswith(".test") else ", tls: {mode: none}"
        (self.root / "accounts" / f"{name}.yaml").write_text(
            "protocol: smtp\n"
            f"smtp: {{host: {host}, port: {port}{tls}}}\n"
            "username: billing@example.com\n"
            f"password: {{file: password}}\n{more}"
        )

    @property
    def ports(self) -> dict[str, int]:
        """What is in force: account to port."""
        return {name: getattr(one.transport, "port", 0) for name, one in self.config.generation.accounts.items()}

    def told(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    def codes(self) -> list[str]:
        return [found.code for found in self.config.generation.diagnostics_of(self.file)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        generation = await self.config.start()
        self.canary = build_canary(self.prober, self.config, self.clock, self.emit)
        self.canary.use(generation)
        tasks = [asyncio.create_task(self.config.run()), asyncio.create_task(self.canary.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.config.stop()


def trying(
    root: Path, scenario: Callable[[Tried, ScriptedSmtpServer], Awaitable[None]], server: ScriptedSmtpServer
) -> None:
    """An account of a dead port is in force, and there is a server to edit it to."""

    async def run() -> None:
        tried = Tried(root)
        tried.write(1)
        async with server, tried.running():
            await scenario(tried, server)

    run_virtual(run())


def test_a_changed_account_is_used_as_soon_as_it_could_log_in(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        tried.write(server.port)
        await tried.config.reload()
        assert tried.ports == {"billing": 1}
        assert tried.config.generation.is_trying
        await tried.config.tried()

        assert tried.ports == {"billing": server.port}
        assert tried.config.generation.is_clean
        assert server.logins == [("PLAIN", True)]
        assert "DATA" not in server.verbs()
        assert tried.told(FileHeld) == [FileHeld(file=tried.file, has_last_good=True)]
        assert tried.told(CanaryRan) == [CanaryRan(file=tried.file, result="passed")]
        assert tried.told(FileAccepted)[-1] == FileAccepted(file=tried.file, generation=3)
        assert asyncio.get_running_loop().time() < 1

    trying(tmp_path, scenario, ScriptedSmtpServer(users=USERS))


def test_a_password_that_worked_on_another_port_a_moment_ago_is_tried_all_the_same(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        async with ScriptedSmtpServer(users=USERS) as first:
            tried.write(first.port)
            await tried.config.reload()
            await tried.config.tried()
            tried.write(server.port)
            await tried.config.reload()
            await tried.config.tried()

            assert tried.ports == {"billing": first.port}
            assert tried.codes() == ["ML909"]
            # And the one in force is not taken for refused.
            result = await tried.prober.probe_once(tried.config.generation.accounts["billing"])
            assert result.can_send

            tried.write(server.port, more="limits: {per_day: 10}\n")
            server.replies = {}
            await tried.config.reload()
            await tried.config.tried()
            assert tried.ports == {"billing": first.port}
            assert server.verbs().count("AUTH") == 1

    trying(tmp_path, scenario, ScriptedSmtpServer(users=USERS, replies={"AUTH": "535 5.7.8 no"}))


def test_a_password_that_was_refused_elsewhere_is_good_again_once_it_is_taken(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        async with ScriptedSmtpServer(users={}) as first:
            account = tried.config.generation.accounts["billing"]
            assert isinstance(account.transport, SmtpSettings)
            wrong = replace(account, transport=replace(account.transport, port=first.port))
            assert (await tried.prober.probe_once(wrong)).can_send is False
            tried.write(server.port)
            await tried.config.reload()
            await tried.config.tried()

            assert tried.ports == {"billing": server.port}
            assert (await tried.prober.probe_once(tried.config.generation.accounts["billing"])).can_send

    trying(tmp_path, scenario, ScriptedSmtpServer(users=USERS))


def test_a_refused_login_keeps_it_out_at_its_line_and_a_new_password_lets_it_in(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        tried.password.write_text("wrong")
        tried.write(server.port)
        await tried.config.reload()
        await tried.config.tried()
        (found,) = tried.config.generation.diagnostics_of(tried.file)
        assert (found.code, found.location and found.location.span and found.location.span.line) == ("ML909", 3)
        assert "did not accept this username and password" in found.message
        assert "535" in found.message
        assert "maild probe billing --login" in found.help
        assert len(tried.told(FileRejected)) == 1

        await asyncio.sleep(3600)
        assert tried.ports == {"billing": 1}
        assert server.logins == [("PLAIN", False)]
        assert len(tried.told(FileRejected)) == 1
        assert tried.config.generation.number == 3

        tried.password.write_text("right")
        await tried.config.reload()
        await asyncio.sleep(1)
        assert tried.ports == {"billing": server.port}
        assert tried.codes() == []

    trying(tmp_path, scenario, ScriptedSmtpServer(users=USERS))


def test_a_login_that_somebody_has_made_after_a_refusal_brings_another_try(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        tried.write(server.port)
        await tried.config.reload()
        await tried.config.tried()
        assert tried.codes() == ["ML909"]
        server.users = USERS
        await asyncio.sleep(1000)
        assert server.logins == [("PLAIN", False)]

        # As `maild probe billing --login` does, on the account as it is on disk.
        (held,) = tried.config.generation.candidates.values()
        assert (await tried.prober.probe_once(held.account, login=LoginMode.ALWAYS)).can_send
        await asyncio.sleep(300)
        assert tried.ports == {"billing": server.port}

    trying(tmp_path, scenario, ScriptedSmtpServer(users={NAME: "another"}))


def test_a_server_that_comes_back_lets_it_in_without_an_edit(tmp_path: Path) -> None:
    async def scenario() -> None:
        tried = Tried(tmp_path)
        tried.write(1)
        async with tried.running():
            async with ScriptedSmtpServer() as gone:
                port = gone.port
            tried.write(port)
            await tried.config.reload()
            await tried.config.tried()
            assert tried.codes() == ["ML909"]
            (found,) = tried.config.generation.diagnostics_of(tried.file)
            assert (found.location and found.location.pointer) == "/smtp/port"
            await asyncio.sleep(100)
            assert tried.ports == {"billing": 1}

            async with ScriptedSmtpServer(users=USERS, port=port):
                await asyncio.sleep(300)
                assert tried.ports == {"billing": port}

    run_virtual(scenario())


def test_a_dead_network_keeps_no_edit_out_for_ever(tmp_path: Path) -> None:
    async def scenario() -> None:
        tried = Tried(tmp_path, FakeResolver(failing=frozenset({"mail.shop.test"})))
        tried.write(465)
        async with tried.running():
            tried.write(587, host="mail.shop.test")
            await tried.config.reload()
            await asyncio.sleep(300)
            assert tried.ports == {"billing": 465}
            assert tried.config.generation.is_trying
            await asyncio.sleep(20)

            assert tried.ports == {"billing": 587}
            words = [event.result for event in tried.events if isinstance(event, CanaryRan)]
            assert words == ["untold"] * 5 + ["waived"]

    run_virtual(scenario())


def test_an_edit_during_a_try_is_tried_itself_and_the_try_before_decides_nothing(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        async with ScriptedSmtpServer(banner=None) as silent:
            tried.write(silent.port)
            await tried.config.reload()
            await asyncio.sleep(1)
            # Towards another name of the server, so that it need not wait for the first try to end.
            tried.write(server.port, host="localhost")
            await tried.config.reload()
            await tried.config.tried()
            assert tried.ports == {"billing": server.port}
            assert asyncio.get_running_loop().time() < 5

            await asyncio.sleep(60)
            assert tried.ports == {"billing": server.port}
            assert tried.codes() == []
            assert [event.result for event in tried.events if isinstance(event, CanaryRan)] == ["passed", "failed"]

    trying(tmp_path, scenario, ScriptedSmtpServer(users=USERS))


def test_who_asks_for_a_reload_has_what_failed_tried_now_and_hears_what_came_of_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        tried = Tried(tmp_path)
        tried.write(1)
        command = ReloadCommand(tried.config)
        async with tried.running():
            async with ScriptedSmtpServer() as gone:
                port = gone.port
            tried.write(port)
            answer = await command.reload()
            assert (answer.is_clean, [one.code for one in answer.diagnostics]) == (False, ["ML909"])
            await asyncio.sleep(1000)
            async with ScriptedSmtpServer(users=USERS, port=port):
                began_s = asyncio.get_running_loop().time()
                tried.config.ask(Trigger.SIGNAL)
                await asyncio.sleep(1)
                assert tried.ports == {"billing": port}
                assert asyncio.get_running_loop().time() == began_s + 1

    run_virtual(scenario())


def test_who_asks_is_not_kept_waiting_for_a_server_that_says_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        tried = Tried(tmp_path, FakeResolver(failing=frozenset({"mail.shop.test"})))
        tried.write(1)
        async with tried.running():
            tried.write(587, host="mail.shop.test")
            answer = await ReloadCommand(tried.config).reload()

            assert answer.problem == f"it is still being tried after {PATIENCE_S:g} s"
            assert not answer.is_clean

    run_virtual(scenario())


def test_a_new_account_waits_for_its_try_and_one_that_is_switched_off_for_nothing(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        tried.write(server.port, "shop")
        tried.write(1, "off", more="enabled: false\n")
        await tried.config.reload()
        assert sorted(tried.ports) == ["billing", "off"]
        await tried.config.tried()
        assert tried.ports == {"billing": 1, "off": 1, "shop": server.port}

        tried.write(1, "off")
        await tried.config.reload()
        await tried.config.tried()
        assert not tried.config.generation.accounts["off"].is_enabled

    trying(tmp_path, scenario, ScriptedSmtpServer(users=USERS))


def test_an_http_account_is_tried_without_a_message(tmp_path: Path) -> None:
    async def scenario() -> None:
        tried = Tried(tmp_path)
        tried.write(1)
        async with tried.running(), HttpService() as service:
            file = tried.root / "accounts" / "service.yaml"
            file.write_text(f"protocol: http\nhttp: {{url: {service.url}}}\nreply_to: a@shop.net\n")
            await tried.config.reload()
            await tried.config.tried()

            assert sorted(tried.ports) == ["billing", "service"]
            assert service.requests == ["HEAD /send"]

    run_virtual(scenario())


def test_only_so_many_are_tried_at_once_and_each_is_decided(tmp_path: Path) -> None:
    async def scenario() -> None:
        tried = Tried(tmp_path)
        tried.write(1)
        at_once, most = 0, 0

        async def try_out(one: Candidate) -> ProbeResult:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(1)
            at_once -= 1
            return NO if one.account.name == "a07" else YES

        generation = await tried.config.start()
        ports = CanaryPorts(try_out=try_out, decide=tried.config.decide, emit=tried.emit, clock=tried.clock)
        tried.canary = CanaryLoop(ports)
        tried.canary.use(generation)
        tasks = [asyncio.create_task(tried.config.run()), asyncio.create_task(tried.canary.run())]
        for number in range(30):
            tried.write(465, f"a{number:02}")
        await tried.config.reload()
        await tried.config.tried()

        assert most == MAX_AT_ONCE
        assert len(tried.ports) == 30
        assert tried.config.generation.trials.keys() == {str(tried.root / "accounts" / "a07.yaml")}
        assert len(tried.told(Reloaded)) < 10
        for task in tasks:
            task.cancel()
        await tried.config.stop()

    run_virtual(scenario())


def test_the_status_tells_how_far_a_try_is(tmp_path: Path) -> None:
    async def scenario() -> None:
        clock = LoopClock()
        held = candidate()

        async def try_out(one: Candidate) -> ProbeResult:
            assert one is held
            await asyncio.sleep(2)
            return replace(NO, checks=(CheckResult(check="smtp", verdict=CheckVerdict.INDETERMINATE, summary=""),))

        loop = CanaryLoop(CanaryPorts(try_out=try_out, decide=lambda _: None, emit=lambda _: None, clock=clock))
        loop._docket.use({held.file: held}, now_s=0.0)
        task = asyncio.create_task(loop.run())
        await asyncio.sleep(1)
        running = loop.status(held.file)
        await asyncio.sleep(2)
        waiting = loop.status(held.file)
        task.cancel()

        assert loop.status("another") is None
        assert running is not None
        assert (running.tries, running.untold, running.next_at) == (0, 0, None)
        assert waiting is not None
        assert (waiting.tries, waiting.untold) == (1, 1)
        assert waiting.next_at is not None
        assert (waiting.next_at - clock.now()).total_seconds() == 9

    run_virtual(scenario())


def test_nothing_of_a_try_touches_the_account_in_force(tmp_path: Path) -> None:
    async def scenario(tried: Tried, server: ScriptedSmtpServer) -> None:
        account = tried.config.generation.accounts["billing"]
        assert isinstance(account.transport, SmtpSettings)
        transport = replace(account.transport, port=server.port)
        tried.password.write_text("wrong")

        result = await tried.prober.try_out(replace(account, transport=transport), lambda _: Location(file="x"))

        assert result.can_send is False
        assert tried.prober.last() == {}
        assert [type(event).__name__ for event in tried.events if "Login" in type(event).__name__] == ["LoginTried"]
        assert [type(event).__name__ for event in tried.events if "Probe" in type(event).__name__] == []

    trying(tmp_path, scenario, ScriptedSmtpServer(users=USERS))
