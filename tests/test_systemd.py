"""The unit as systemd judges it, and what it promises against what the daemon does."""

import configparser
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from maild.daemon.app import STOP_DEADLINE_S
from maild.errors import ConfigError

FOLDER = Path(__file__).parent.parent / "systemd"
ANALYZE = shutil.which("systemd-analyze")


def unit() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # the documented way to keep the case of keys
    parser.read(FOLDER / "maild.service")
    return parser["Service"]


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_has_nothing_to_say_about_the_unit(tmp_path: Path) -> None:
    assert ANALYZE is not None
    program = tmp_path / "maild"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = tmp_path / "maild.service"
    copy.write_text((FOLDER / "maild.service").read_text().replace("/usr/bin/maild", str(program)))

    said = subprocess.run([ANALYZE, "verify", copy], capture_output=True, text=True, check=False)

    assert (said.returncode, [line for line in said.stderr.splitlines() if "maild" in line]) == (0, [])


def test_the_unit_fits_what_the_daemon_does() -> None:
    service = unit()

    assert service["Type"] == "notify"
    assert int(service["TimeoutStopSec"]) > STOP_DEADLINE_S
    assert int(service["RestartPreventExitStatus"]) == ConfigError.exit_status
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert service["ExecStart"] == "/usr/bin/maild run --config /etc/maild"


@pytest.mark.skipif(shutil.which("systemd-tmpfiles") is None, reason="systemd-tmpfiles is not installed")
@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="systemd-sysusers is not installed")
def test_the_folders_come_with_the_modes_that_the_daemon_gives_them(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    root = f"--root={tmp_path}"
    subprocess.run(["systemd-sysusers", root, FOLDER / "maild.sysusers"], check=True, capture_output=True)
    made = subprocess.run(
        ["systemd-tmpfiles", root, "--create", FOLDER / "maild.tmpfiles"], check=False, capture_output=True, text=True
    )

    spool = tmp_path / "var" / "lib" / "maild" / "spool"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (spool, *spool.iterdir())}
    assert modes == {"spool": 0o750, "drop": 0o3730, "receipts": 0o2750}, made.stderr
