"""`maild queue export` and `import` move messages as files and lose none."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from maild.cli.queue import queue
from maild.errors import PermanentError
from maild.mail.report_wish import ReportWish
from maild.spool.failures import FailureKeeper
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import InlineBody, MessageState, NullSender
from maild.spool.sidecar import Sidecar, parse_sidecar
from maild.spool.sqlite import SqliteQueue
from maild.spool.transition import recorded
from tests.spool.messages import ANNA, BERT, CARL, DELIVERED, FAILED, make_arrival, make_id, make_record
from tests.spool.spool_site import SpoolSite

NOW = datetime.now(UTC)
ONE, TWO = make_id(1), make_id(2)
FULL = ReportWish(is_full=True)
WHOLE = b"Subject: hello\r\n\r\nHello.\r\n"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    return layout


def with_storage(layout: Layout, work: Callable[[SqliteQueue], Coroutine[Any, Any, None]]) -> None:
    async def session() -> None:
        storage = SqliteQueue(layout.queue_file, layout.bodies)
        await work(storage)
        await storage.close()

    asyncio.run(session())


def fill(layout: Layout) -> None:
    """One that waits, one that failed for one of two recipients."""

    async def work(storage: SqliteQueue) -> None:
        await storage.accept(
            [
                make_arrival(1, received_at=NOW, account="billing", sender=NullSender()),
                make_arrival(2, received_at=NOW, recipients=(ANNA, BERT), account="shop", wish=FULL),
            ]
        )
        (leased,) = await storage.lease([TWO], now=NOW, next_at=NOW)
        await storage.add_copy(TWO, CARL)
        record = make_record(
            2,
            verdicts={ANNA: DELIVERED, BERT: FAILED, CARL: FAILED},
            next_state=MessageState.FAILED,
            finished_at=NOW,
        )
        final = recorded(leased.message, record)
        assert final is not None
        FailureKeeper(layout).keep(leased, final)
        await storage.record([record])

    with_storage(layout, work)


def call(layout: Layout, *arguments: str) -> Result:
    return CliRunner().invoke(queue, [*arguments, "--spool", str(layout.root)], standalone_mode=False)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def drops(layout: Layout) -> list[tuple[bytes, Sidecar]]:
    found = []
    for file in sorted(layout.drop.rglob("*.eml")):
        sidecar = file.with_name(file.name.removesuffix(".eml") + ".env.json")
        found.append((file.read_bytes(), parse_sidecar(sidecar.read_bytes()) if sidecar.exists() else Sidecar()))
    return found


# ---------------------------------------------------------------------- export


def test_what_waits_and_what_failed_can_be_taken_elsewhere(layout: Layout, tmp_path: Path) -> None:
    fill(layout)

    result = call(layout, "export", "--to", str(tmp_path / "out"), "--state", "queued", "--state", "failed")

    waiting = parse_sidecar((tmp_path / "out" / f"{ONE}.env.json").read_bytes())
    failed = parse_sidecar((tmp_path / "out" / f"{TWO}.env.json").read_bytes())
    assert result.stdout == f"{ONE}\n{TWO}\n2 exported to {tmp_path / 'out'}\n"
    assert names(tmp_path / "out") == [f"{ONE}.eml", f"{ONE}.env.json", f"{TWO}.eml", f"{TWO}.env.json"]
    assert (tmp_path / "out" / f"{ONE}.eml").read_bytes() == WHOLE
    assert (tmp_path / "out" / f"{TWO}.eml").read_bytes() == WHOLE
    assert (waiting.sender, waiting.recipients, waiting.account) == (NullSender(), (ANNA,), "billing")
    assert waiting.idempotency_key == f"again {ONE}"
    assert waiting.lifetime is not None
    assert timedelta(days=4) < waiting.lifetime < timedelta(days=5)
    assert (failed.recipients, failed.lifetime) == ((BERT,), None)


def test_a_dry_run_writes_nothing(layout: Layout, tmp_path: Path) -> None:
    fill(layout)

    result = call(layout, "export", "--to", str(tmp_path / "out"), "--all", "--dry-run", "--json")

    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [ONE]
    assert not (tmp_path / "out").exists()


def test_what_was_sent_has_nothing_left_to_export(layout: Layout, tmp_path: Path) -> None:
    async def work(storage: SqliteQueue) -> None:
        await storage.accept([make_arrival(1, received_at=NOW)])
        await storage.lease([ONE], now=NOW, next_at=NOW)
        await storage.record([make_record(1, verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT)])

    with_storage(layout, work)

    result = call(layout, "export", "--to", str(tmp_path / "out"), ONE)

    assert isinstance(result.exception, PermanentError)
    assert "nothing is left of them to send" in str(result.exception)


def test_a_message_put_off_stays_put_off(layout: Layout, tmp_path: Path) -> None:
    async def work(storage: SqliteQueue) -> None:
        arrival = make_arrival(1, received_at=NOW, not_before=NOW + timedelta(days=1), body=InlineBody(data=b"x\r\n"))
        await storage.accept([arrival])

    with_storage(layout, work)

    call(layout, "export", "--to", str(tmp_path / "out"), "--all")

    sidecar = parse_sidecar((tmp_path / "out" / f"{ONE}.env.json").read_bytes())
    assert sidecar.not_before == NOW + timedelta(days=1)


def test_a_folder_that_cannot_be_written_is_said(layout: Layout, tmp_path: Path) -> None:
    fill(layout)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"{ONE}.eml").mkdir()

    result = call(layout, "export", "--to", str(tmp_path / "out"), "--all")

    assert f"{ONE} cannot be written to" in str(result.exception)


# ---------------------------------------------------------------------- import


def test_what_failed_goes_again_to_those_who_did_not_get_it(layout: Layout) -> None:
    fill(layout)

    result = call(layout, "import", "--failed")

    assert result.return_value == 0
    assert result.stdout.splitlines()[-1] == "1 imported"
    assert names(layout.failed) == []
    assert drops(layout) == [
        (WHOLE, Sidecar(recipients=(BERT,), account="shop", idempotency_key=f"again {TWO}", wish=FULL))
    ]


def test_some_of_what_failed_through_another_account(layout: Layout) -> None:
    fill(layout)

    call(layout, "import", "--failed", TWO, "--account", "other")

    ((_, sidecar),) = drops(layout)
    assert sidecar.account == "other"
    assert names(layout.drop) == ["other"]


def test_what_is_not_there_is_said(layout: Layout) -> None:
    result = call(layout, "import", "--failed", "01NOSUCH")

    assert str(result.exception) == f"Not in {layout.failed}: 01NOSUCH.eml."


def test_exported_files_are_queued_again_and_only_once(layout: Layout, tmp_path: Path) -> None:
    site = SpoolSite(tmp_path / "new")
    fill(layout)
    call(layout, "export", "--to", str(tmp_path / "out"), "--all")

    for _ in range(2):
        assert call(site.layout, "import", str(tmp_path / "out")).return_value == 0
        site.scan_all()

    (message,) = site.messages()
    assert [one.mailbox for one in message.recipients] == [ANNA]
    assert names(tmp_path / "out") == [f"{ONE}.eml", f"{ONE}.env.json"]


def test_a_rejected_drop_that_was_mended_goes_on_under_its_name(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("billing/bad.eml", b"no header at all\n")
    site.scan()
    assert site.receipt("billing/bad.eml")["state"] == "rejected"
    (site.layout.rejected / "bad.eml").write_bytes(b"To: anna@example.org\n\nmended\n")

    result = call(site.layout, "import", "--rejected", "bad.eml")
    site.scan_all()

    (message,) = site.messages()
    assert result.return_value == 0
    assert (message.account, message.drop) == ("billing", "billing/bad.eml")
    assert site.receipt("billing/bad.eml")["state"] == "queued"
    assert site.rejected() == []


def test_a_rejected_drop_takes_nobodys_place(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("bad.eml", b"no header at all\n")
    site.scan()
    (site.layout.rejected / "bad.eml").write_bytes(b"To: anna@example.org\n\nmended\n")
    site.drop("bad.eml", b"To: bert@example.org\n\nanother\n")

    call(site.layout, "import", "--rejected")

    assert [name for name in site.dropped() if name.endswith(".eml")] == ["2-bad.eml", "bad.eml"]


def test_a_name_that_was_the_fault_becomes_another(tmp_path: Path) -> None:
    site = SpoolSite(tmp_path)
    site.drop("a\u202eb.eml")
    site.scan()

    call(site.layout, "import", "--rejected", "--account", "shop")
    site.scan_all()

    (message,) = site.messages()
    assert (message.drop, message.account) == ("shop/a_b.eml", "shop")


def test_what_cannot_be_imported_stays_and_is_said(layout: Layout, tmp_path: Path) -> None:
    (layout.rejected / "bad.eml").write_bytes(b"x")
    (layout.rejected / "bad.env.json").write_bytes(b"{")
    (layout.failed / "01A.eml").write_bytes(b"x")
    (layout.failed / "01A.json").write_bytes(b'{"id": "01A", "envelope": {}}')

    rejected, failed = call(layout, "import", "--rejected"), call(layout, "import", "--failed")
    missing = call(layout, "import", str(tmp_path / "nowhere.eml"))

    assert [one.return_value for one in (rejected, failed, missing)] == [1, 1, 1]
    assert "not imported: the envelope file is no JSON" in rejected.stderr
    assert "not imported: everybody got it" in failed.stderr
    assert (layout.rejected / "bad.eml").exists()
    assert (layout.failed / "01A.eml").exists()


def test_nothing_named_is_a_wrong_call(layout: Layout) -> None:
    for arguments in (("import",), ("import", "--failed", "--rejected")):
        result = CliRunner().invoke(queue, [*arguments, "--spool", str(layout.root)])

        assert result.exit_code == 2


def test_a_dry_run_imports_nothing(layout: Layout) -> None:
    fill(layout)

    result = call(layout, "import", "--failed", "--dry-run", "--json")

    assert json.loads(result.stdout)["drop"] is None
    assert names(layout.failed) == [f"{TWO}.eml", f"{TWO}.json"]
