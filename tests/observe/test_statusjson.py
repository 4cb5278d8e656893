import json
from dataclasses import replace
from functools import cache

import jsonschema
from referencing import Registry, Resource

from maild.config.model import Privacy
from maild.config.resources import schema_text
from maild.observe.privacy import AddressVeil
from maild.observe.status import FileStanding, SpoolStatus, Status
from maild.observe.statusjson import status_object
from tests.observe.values import account, status
from tests.rows import each_row

VEIL = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")


@cache
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(schema_text("status"))
    diagnostics = Resource.from_contents(json.loads(schema_text("diagnostics")))
    registry = Registry().with_resource("urn:maild:schema:diagnostics", diagnostics)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, registry=registry)


@each_row(
    "now",
    [
        status(),
        status(account(is_broken=True), account("shop"), is_clean=False, is_ready=False),
        status(spool=SpoolStatus(folder="s", problem="disk I/O error", paused="disk full")),
        status(spool=SpoolStatus(folder="s")),
    ],
)
def test_every_status_keeps_to_the_published_schema(now: Status) -> None:
    errors = list(validator().iter_errors(json.loads(json.dumps(status_object(now, VEIL)))))

    assert errors == []


def test_a_version_that_an_earlier_run_accepted_keeps_to_the_schema_too() -> None:
    now = status(is_clean=False)
    file, *others = now.config.files
    earlier = replace(now, config=replace(now.config, files=(replace(file, generation=0), *others)))

    assert list(validator().iter_errors(json.loads(json.dumps(status_object(earlier, VEIL))))) == []


def test_the_status_tells_what_is_in_force() -> None:
    now = status(is_clean=False)
    file, *others = now.config.files
    files = (replace(file, commit="5f1d7a84", is_dirty=True), *others)
    shown = json.loads(json.dumps(status_object(replace(now, config=replace(now.config, files=files)), VEIL)))

    assert shown["config"]["findings"] == {"error": 1, "warning": 1, "info": 0}
    assert [(file["file"], file["standing"]) for file in shown["config"]["files"]] == [
        ("accounts/a.yaml", FileStanding.LAST_GOOD),
        ("maild.yaml", FileStanding.ACCEPTED),
    ]
    assert [(file["commit"], file["dirty"]) for file in shown["config"]["files"]] == [("5f1d7a84", True), (None, None)]
    assert [file["accepted_at"] for file in shown["config"]["files"]] == ["2026-11-23T11:00:00.000+00:00", None]
    assert (shown["config"]["commit"], shown["config"]["dirty"]) == (None, None)
    assert shown["spool"]["messages"] == {"queued": 4, "sending": 0, "held": 0}


def test_no_local_part_of_an_address_leaves_the_process() -> None:
    text = json.dumps(status_object(status(account(is_broken=True), is_clean=False), VEIL))

    assert "bob@" not in text
    assert "*@example.com" in text
