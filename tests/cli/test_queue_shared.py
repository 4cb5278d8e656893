"""What `maild queue migrate` and `copy` say before they talk to a database; with one they are tried among the peers."""

import tempfile
from pathlib import Path

from click.testing import CliRunner

from maild.cli.main import maild
from maild.errors import MaildError
from tests.rows import each_row

URI = "postgresql://maild@127.0.0.1:1/maild"


@each_row(
    ("site", "words", "said"),
    [
        ("", ["migrate"], "This site shares no queue"),
        ("", ["copy", "spool", "shared"], "This site shares no queue"),
        (URI, ["copy", "spool", "spool"], "FROM and TO are the same queue."),
        (URI, ["migrate", "--uri", "postgresql://x:y@db/maild"], "put it into $PGPASSWORD"),
        (URI, ["migrate", "--uri", "db/maild"], "--uri: write postgresql://USER@HOST/DATABASE"),
    ],
)
def test_what_cannot_be_done_is_said(site: str, words: list[str], said: str) -> None:
    with tempfile.TemporaryDirectory() as config:
        (Path(config) / "maild.yaml").write_text(f"spool: {{queue: '{site}'}}" if site else "")

        done = CliRunner().invoke(maild, ["queue", *words, "--config", config])

    assert isinstance(done.exception, MaildError)
    assert said in str(done.exception)
