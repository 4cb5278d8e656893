"""The alerts, the dashboard and the scrape, judged by Prometheus' own programs."""

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.daemon.running import RunningDaemon, ScratchSite
from tests.daemon.test_app import sink
from tests.peers.prometheus import Prometheus, prometheus
from tests.test_monitoring import FOLDER, expressions, rules


def tool(*command: str) -> str:
    """What a program says of files that it finds nothing wrong with."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_alerts_fire_when_they_should_and_not_before() -> None:
    assert "SUCCESS" in tool("promtool", "test", "rules", "alerts.test.yml")


def test_promtool_finds_nothing_in_the_rules_and_the_configuration() -> None:
    tool("promtool", "check", "rules", "--lint-fatal", "alerts.yml")
    tool("promtool", "check", "config", "--lint-fatal", "prometheus.yml")


def test_the_mixin_is_the_same_alerts_and_dashboard() -> None:
    mixin = json.loads(
        tool("jsonnet", "-e", "local m = import 'mixin.libsonnet'; m.prometheusAlerts + {d: m.grafanaDashboards}")
    )

    assert mixin["groups"] == yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    assert mixin["d"] == {"maild.json": json.loads((FOLDER / "dashboard.json").read_text())}


def filled_in(expression: str) -> str:
    """A dashboard's expression as Grafana sends it, with everything chosen."""
    for name, value in {"$__rate_interval": "5m", "$__interval": "1m"}.items():
        expression = expression.replace(name, value)
    return re.sub(r"\$\w+", ".*", expression)


def judge(peer: Prometheus) -> None:
    peer.until_scraped()
    families = set(peer.ask("metadata"))
    loaded = [rule["name"] for group in peer.ask("rules")["groups"] for rule in group["rules"]]
    assert loaded == [rule["alert"] for rule in rules()]
    for expression in expressions():
        for name in re.findall(r"(?:maild|process)_\w+", expression):
            assert {name, name.removesuffix("_bucket"), name.removesuffix("_total")} & families, name
        if not expression.startswith("label_values("):
            peer.ask("query", query=filled_in(expression))
    firing = peer.ask("query", query='ALERTS{alertstate="firing"}')["result"]
    assert [one["metric"]["alertname"] for one in firing] == ["MaildWatchdog"]


def test_a_real_scrape_has_every_metric_that_rules_and_dashboard_name(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(tmp_path)
        async with sink() as server:
            site.write_account("billing", server.port)
            async with RunningDaemon(site) as daemon:
                listen = await daemon.started()
                site.drop("a.eml")
                await daemon.until(lambda: site.receipt("a.eml").get("state") == "sent")
                with prometheus(tmp_path / "prometheus", listen.removeprefix("http://"), FOLDER / "alerts.yml") as peer:
                    await asyncio.to_thread(judge, peer)

    asyncio.run(scenario())
