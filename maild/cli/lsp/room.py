"""The files that are judged together, and what comes of it for one of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from maild.cli.batches import Batch
from maild.cli.lsp.buffer import Buffer
from maild.cli.mend import mend_batches, reload
from maild.config.lint import LintSettings
from maild.config.load import LoadedAccount
from maild.diagnostics import Diagnostic, Report
from maild.rules.census import Census
from maild.rules.engine import Loaded, check_file
from maild.rules.excess import without_excess
from maild.rules.subject import SecretChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A folder's files as they would be if everything open was saved.

    Attributes:
        files: by name.
        census: what is known of all of them.
        lint: the settings of their maild.yaml.
        duplicates: what is wrong with files that mean the same.
        now: for rules about dates.
        secrets: who looks whether passwords can be had; None: nobody.
    """

    files: Mapping[str, Loaded]
    census: Census
    lint: LintSettings
    duplicates: Sequence[Diagnostic]
    now: datetime
    secrets: SecretChecker | None

    def findings(self, loaded: Loaded) -> tuple[Diagnostic, ...]:
        """What `maild check` finds in one of the files."""
        judged = check_file(loaded, self.census, now=self.now, lint=self.lint, secrets=self.secrets)
        doubles = [one for one in self.duplicates if one.location is not None and one.location.file == loaded.file]
        return without_excess(Report.of([*judged.diagnostics, *doubles])).diagnostics

    def with_file(self, loaded: Loaded) -> Self:
        """The room when this file has come to be like this."""
        if not isinstance(loaded, LoadedAccount):
            return self
        return replace(self, census=self.census.after({loaded.name: loaded.draft}, self.census.accounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found in an open file."""

    buffer: Buffer
    loaded: Loaded
    room: Room
    diagnostics: tuple[Diagnostic, ...]

    @classmethod
    def of(cls, buffer: Buffer, room: Room) -> "Judgement":
        """The judgement of a file that is in the room."""
        loaded = room.files[buffer.file]
        return cls(buffer=buffer, loaded=loaded, room=room, diagnostics=room.findings(loaded))

    def examine(self, text: str) -> Sequence[Diagnostic]:
        """What would be found if this was the file's text."""
        loaded = reload(self.loaded, text)
        return self.room.with_file(loaded).findings(loaded)

    def mended_text(self) -> str:
        """The text that `maild check --fix` would leave."""
        batch = Batch(loaded=(self.loaded,), lint=self.room.lint, accounts=self.room.census.accounts)
        mended = [file.mended.text for file in mend_batches([batch], now=self.room.now, with_unsafe=False)]
        return mended[0] if mended else self.loaded.text
