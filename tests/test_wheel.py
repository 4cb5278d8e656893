"""The wheel is the whole program: unpacked alone and run from another folder, nothing of the checkout is missed.

The dependencies are this environment's, because to download them again would take a minute; `.ci/run` does the same
once more with an empty environment and everything installed by pip, and runs `maild demo` there.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run maild out of the unpacked wheel. PYTHONPATH comes before an editable installation of the checkout."""
    environ = {**os.environ, "PYTHONPATH": str(unpacked), "HOME": str(cwd)}
    return subprocess.run(
        [sys.executable, "-P", *arguments], cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )


def test_python_takes_maild_out_of_the_wheel(unpacked: Path, tmp_path: Path) -> None:
    done = run(unpacked, tmp_path, "-c", "import maild; print(maild.__file__)")

    assert Path(done.stdout.strip()).parent == unpacked / "maild"


def test_the_wheel_carries_every_schema(unpacked: Path) -> None:
    carried = {file.name for file in (unpacked / "maild" / "schemas").iterdir()}

    assert carried == {file.name for file in (CHECKOUT / "schemas").glob("*.json")}


def test_check_works_from_another_folder(unpacked: Path, tmp_path: Path) -> None:
    accounts = tmp_path / "configs" / "accounts"
    accounts.mkdir(parents=True)
    (accounts / "billing.yaml").write_text("protocol: smtp\nsmtp: {host: smtp.gmail.com, port: 99999}\n")

    done = run(unpacked, tmp_path, "-m", "maild", "check", "--format", "concise")

    assert done.returncode == 1, done.stderr
    assert "configs/accounts/billing.yaml:2:" in done.stdout
