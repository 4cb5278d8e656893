"""The container's recipe against what the program is. It is linted, and built where an engine is, by the gates."""

from pathlib import Path

import yaml

from maild.daemon.app import STOP_DEADLINE_S

TOP = Path(__file__).parent.parent
FOLDER = TOP / "configs" / "container"


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the recipe with its argument, continued lines joined, comments left out."""
    text = "\n".join(line for line in (FOLDER / "Containerfile").read_text().splitlines() if not line.startswith("#"))
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split(" ", 1)[0], " ".join(line.split(" ", 1)[1].split())) for line in lines if line.strip()]


def test_the_image_runs_the_daemon_as_a_user_of_its_own() -> None:
    said = instructions()

    assert [text for name, text in said if name == "USER"] == ["7225:7225"]
    assert [text for name, text in said if name in {"ENTRYPOINT", "CMD"}] == ['["maild"]', '["run"]']
    assert [text for name, text in said if name == "VOLUME"] == ["/var/lib/maild"]
    copied = [text.split()[:-1] for name, text in said if name == "COPY" and not text.startswith("--from")]
    assert all((TOP / name).exists() for names in copied for name in names)


def test_compose_gives_it_a_root_that_it_cannot_write_to_and_the_time_to_stop() -> None:
    service = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]["maild"]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert (FOLDER / service["build"]["context"] / service["build"]["dockerfile"]).samefile(FOLDER / "Containerfile")
    assert int(service["stop_grace_period"].removesuffix("s")) > STOP_DEADLINE_S
