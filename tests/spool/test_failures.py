import json
import stat
from pathlib import Path

import pytest

from maild.spool import transition
from maild.spool.failures import FailureKeeper
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import FileBody, InlineBody, Leased, MessageState, NullSender, QueueError, SenderChoice
from tests.spool.messages import ANNA, CARL, FAILED, make_arrival, make_record


def failed(sender: SenderChoice, body: InlineBody | FileBody) -> Leased:
    message = transition.received(make_arrival(sender=sender, body=body))
    record = make_record(verdicts={ANNA: FAILED}, next_state=MessageState.FAILED)
    done = transition.recorded(message, record)
    assert done is not None
    return Leased(message=done, head=b"Subject: hello\r\n", body=body)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    return layout


@pytest.mark.parametrize(("sender", "text"), [(CARL, '"carl x"@example.org'), (NullSender(), "")])
def test_a_failed_message_is_kept_with_its_reason(layout: Layout, sender: SenderChoice, text: str) -> None:
    kept = failed(sender, InlineBody(data=b"Hello.\r\n"))

    for _ in range(2):
        FailureKeeper(layout).keep(kept, kept.message)

    eml, reason = sorted(layout.failed.iterdir(), key=lambda path: path.suffix)
    assert eml.name == f"{kept.message.id}.eml"
    assert eml.read_bytes() == b"Subject: hello\r\n\r\nHello.\r\n"
    assert stat.S_IMODE(eml.stat().st_mode) == 0o600
    document = json.loads(reason.read_text())
    assert (document["state"], document["sender"]) == ("failed", text)
    assert document["recipients"][0]["reply"] == "550 5.1.1 who?"


def test_a_body_in_a_file_is_kept_too(layout: Layout) -> None:
    path = layout.bodies / "1.body"
    path.write_bytes(b"x" * 3_000_000)
    kept = failed(CARL, FileBody(path=path, size_bytes=3_000_000))

    FailureKeeper(layout).keep(kept, kept.message)

    content = (layout.failed / f"{kept.message.id}.eml").read_bytes()
    assert content == b"Subject: hello\r\n\r\n" + b"x" * 3_000_000


def test_what_cannot_be_kept_is_said_and_nothing_is_left(layout: Layout) -> None:
    kept = failed(CARL, FileBody(path=layout.bodies / "gone", size_bytes=1))

    with pytest.raises(QueueError) as caught:
        FailureKeeper(layout).keep(kept, kept.message)

    assert str(caught.value) == (
        f"the failed message {kept.message.id} cannot be kept in {layout.failed}: No such file or directory"
    )
    assert list(layout.failed.iterdir()) == []
