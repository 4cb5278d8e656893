"""Every metric of the configuration, scraped over the web port of a real folder that is edited."""

import asyncio
import re
import resource
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from maild.config.model import Privacy
from maild.daemon.agenda import Look, Trigger
from maild.daemon.canary import Failing, Passed
from maild.diagnostics import Diagnostic, Location, Severity
from maild.observe.connection import ConnectionLimits
from maild.observe.events import CanaryRan
from maild.observe.listener import Listener, TcpPlace
from maild.observe.metrics import Metrics
from maild.observe.page import PageRoutes
from maild.observe.privacy import AddressVeil
from maild.observe.recent import Recent
from maild.observe.web import build_web_app
from maild.watch.hint import Hint
from tests.daemon.test_livestatus import Scene
from tests.daemon.test_reload import BROKEN, account
from tests.observe.test_metrics import in_order
from tests.observe.test_web import ask, get

SITE = "reload: {settle: 0.05s, rescan: 1h}\n"


class Watched:
    """A folder under the eyes of a loop, with the port where it is scraped."""

    def __init__(self, scene: Scene, port: int, task: asyncio.Task[None]) -> None:
        self.scene = scene
        self._task = task
        self.port = port
        self.billing = str(scene.root / "accounts" / "billing.yaml")

    async def scrape(self) -> dict[str, float]:
        """The series of the configuration, without this machine's paths."""
        _, _, text = await ask(self.port, get("/metrics"))
        found = re.findall(r"^maild_config_(\S+) (\S+)$", text, re.MULTILINE)
        return {in_order(name.replace(f"{self.scene.root}/", "")): float(value) for name, value in found}

    async def rest(self) -> None:
        """Let the loop look no more by itself."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def edit(self, name: str, text: str) -> dict[str, float]:
        """The series after an edit that is in force."""
        (self.scene.root / name).write_text(text)
        await self.scene.config.reload()
        return await self.scrape()


def scraping(root: Path, scenario: Callable[[Watched], Awaitable[None]]) -> None:
    async def run() -> None:
        metrics = Metrics()
        scene = Scene(root, emit=metrics.on_event, on_lag=metrics.on_reload_lag)
        (root / "maild.yaml").write_text(SITE)
        async with scene:
            veil = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")
            pages = PageRoutes(scene.source, Recent(), lambda: veil)
            app = build_web_app(scene.source, metrics, pages, lambda: veil)
            listener = Listener(app, ConnectionLimits())
            await listener.open([TcpPlace(host="127.0.0.1", port=0)])
            task = asyncio.create_task(scene.config.run())
            try:
                await scenario(Watched(scene, int(listener.places[0].rpartition(":")[2]), task))
            finally:
                task.cancel()
                await listener.close()

    asyncio.run(run())


def test_a_good_and_a_broken_edit_move_what_tells_of_files(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        first = await watched.scrape()
        assert first['file_valid{file="accounts/billing.yaml"}'] == 1
        assert first['reloads_total{result="changed",trigger="start"}'] == 1

        watched.scene.clock.advance(60)
        good = await watched.edit("accounts/billing.yaml", account("mail.example.org"))
        stamp = 'file_last_good_timestamp_seconds{file="accounts/billing.yaml"}'
        assert good["generation"] == first["generation"] + 1
        assert good[stamp] == first[stamp] + 60
        assert good["last_reload_success_timestamp_seconds"] == first["last_reload_success_timestamp_seconds"] + 60
        assert good["validate_duration_seconds_count"] == 2
        assert good['reloads_total{result="changed",trigger="request"}'] == 1

        watched.scene.clock.advance(60)
        bad = await watched.edit("accounts/billing.yaml", BROKEN)
        assert bad["last_reload_successful"] == 0
        assert bad['file_valid{file="accounts/billing.yaml"}'] == 0
        assert bad['file_stale{file="accounts/billing.yaml"}'] == 1
        assert bad[stamp] == good[stamp]
        assert bad['diagnostics{code="ML201",file="accounts/billing.yaml",severity="error"}'] == 1
        assert bad['files{state="last_good"}'] == 1
        assert bad['findings{severity="error"}'] >= 1
        assert bad["last_reload_success_timestamp_seconds"] == good["last_reload_success_timestamp_seconds"]
        assert bad['reloads_total{result="degraded",trigger="request"}'] == 1
        assert hash_of(bad) != hash_of(good) != hash_of(first)

    scraping(tmp_path / "configs", scenario)


def test_how_long_a_reload_held_up_the_event_loop_is_measured(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        before = await watched.scrape()
        await watched.scene.config.reload()
        counts = [before["reload_lag_seconds_count"]]
        async with asyncio.timeout(30):
            while len(counts) == 1 or not counts[-1]:
                counts.append((await watched.scrape())["reload_lag_seconds_count"])

        assert (counts[0], counts[-1]) == (0, 1)

    scraping(tmp_path / "configs", scenario)


def test_what_waits_for_a_restart_is_a_series_of_its_own(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        before = await watched.scrape()
        after = await watched.edit("maild.yaml", f'{SITE}web: {{listen: "127.0.0.1:1"}}\n')

        series = 'pending_restart{field="web.listen"}'
        assert (before[series], after[series]) == (0, 1)

    scraping(tmp_path / "configs", scenario)


def test_watches_that_fail_move_what_tells_of_them(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        config, root = watched.scene.config, watched.scene.root
        # Hints of what is done here are no reason for a look of the loop's own, which would find the change first.
        await watched.edit("maild.yaml", "reload: {settle: 30s, rescan: 1h}\n")
        before = await watched.scrape()
        assert before["watch_alive"] == 1
        config._watch._hear(Hint(has_lost=True))
        shutil.copytree(root, root.with_name("new"))
        root.rename(root.with_name("old"))
        root.with_name("new").rename(root)
        await config.reload()
        await watched.rest()
        # Blind from here to the next look, as a watcher is whose thread died; the rescan need not be waited for, and
        # what was hinted at until now is nothing that it missed.
        await config._watch.stop()
        await asyncio.sleep(0)
        config._agenda.begin(Look(trigger=Trigger.EVENT))
        (root / "accounts" / "billing.yaml").write_text(account("mail.example.org"))
        await config._look(Look(trigger=Trigger.RESCAN))

        after = await watched.scrape()
        assert after["watch_overflows_total"] == before["watch_overflows_total"] + 1
        assert after["watch_rebuilds_total"] >= before["watch_rebuilds_total"] + 2
        assert after["watch_missed_changes_total"] == before["watch_missed_changes_total"] + 1

    scraping(tmp_path / "configs", scenario)


def test_a_changed_password_file_is_counted_by_the_accounts_that_use_it(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        (tmp_path / "password").write_text("one")
        text = account().replace("{env: PASSWORD}", f"{{file: {tmp_path}/password}}")
        before = await watched.edit("accounts/billing.yaml", text)
        # At once, or a look in between would count it twice.
        (tmp_path / "new").write_text("two")
        (tmp_path / "new").replace(tmp_path / "password")
        await watched.scene.config.reload()

        after = await watched.scrape()
        assert (before["credential_changes_total"], after["credential_changes_total"]) == (0, 1)

    scraping(tmp_path / "configs", scenario)


def test_a_system_that_has_no_events_to_give_says_so_until_it_has_again(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        watch = watched.scene.config._watch
        await watch.stop()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
        try:
            await watch.check(is_first=False)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        without = await watched.scrape()
        await watch.stop()
        await watched.scene.config.reload()

        assert (without["watch_alive"], (await watched.scrape())["watch_alive"]) == (0, 1)

    scraping(tmp_path / "configs", scenario)


def test_a_commit_without_any_change_of_a_file_is_named_at_the_next_scrape(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        branch = tmp_path / ".git" / "refs" / "heads" / "main"
        branch.parent.mkdir(parents=True)
        (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        names = []
        for commit in ("a" * 40, "b" * 40):
            branch.write_text(f"{commit}\n")
            names.append(hash_of(await watched.scrape()))

        assert [re.findall('git_commit="(.)', name) for name in names] == [["a"], ["b"]]
        assert names[0].replace("a" * 40, "b" * 40) == names[1]

    scraping(tmp_path / "configs", scenario)


def test_an_account_that_is_held_back_moves_what_tells_of_tries(tmp_path: Path) -> None:
    async def scenario(watched: Watched) -> None:
        scene = watched.scene
        await watched.edit("maild.yaml", SITE.replace("rescan", "canary: true, rescan"))
        held = await watched.edit("accounts/billing.yaml", account("mail.example.org"))
        assert held['canary_files{state="running"}'] == 1
        assert held["last_reload_successful"] == 0

        (candidate,) = scene.config.generation.candidates.values()
        finding = Diagnostic(
            code="ML909", name="", severity=Severity.ERROR, message="", location=Location(file=watched.billing)
        )
        scene.config.decide({watched.billing: Failing(content=candidate.content, cause="", finding=finding)})
        scene.emit(CanaryRan(file=watched.billing, result="failed"))
        await scene.config.tried()
        failed = await watched.scrape()
        assert failed['canary_files{state="running"}'] == 0
        assert failed['canary_files{state="failed"}'] == 1
        assert failed['canary_runs_total{result="failed"}'] == 1
        assert failed['diagnostics{code="ML909",file="accounts/billing.yaml",severity="error"}'] == 1

        scene.config.decide({watched.billing: Passed(content=candidate.content)})
        passed = await watched.edit("accounts/billing.yaml", account("mail.example.org"))
        assert passed['canary_files{state="failed"}'] == 0
        assert passed["last_reload_successful"] == 1

    scraping(tmp_path / "configs", scenario)


def hash_of(series: dict[str, float]) -> str:
    return next(name for name in series if name.startswith("hash_info"))
