"""`maild check --fix` and `--diff`: files with their fixes made, or what would be changed. Shell code.

A file is replaced as a whole, by renaming a finished one over it, so nobody ever reads half of it; a daemon that
watches the folder does not look at the hidden name before. What can go wrong is an `OSError` of the operating system,
and a file that was edited since it was read, which is left alone.
"""

import contextlib
import difflib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from maild.cli.batches import BYTE_ORDER_MARK, Batch
from maild.config.fault import YamlSyntax
from maild.config.folder import read_source
from maild.config.load import LoadedAccount, LoadedSite, load_account, load_site
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Diagnostic, Report
from maild.diagnostics.lines import split_lines
from maild.diagnostics.render.display import printable
from maild.rules.engine import check_files
from maild.rules.mask import mask_text
from maild.rules.mend import Mended, mend_text
from maild.spool.durable import sync_folder, write_synced

_MOST_TRIED: Final = 100
"""Files of which it is tried what a fix comes to, only to say how many there are; of the rest it is believed."""
_NO_END: Final = "\\ No newline at end of file"
_CUT: Final = "\x00"
"""Stands behind a line without an end until it is printed; no text that is shown has it."""
_LARGEST_TRIED: Final = 64 * 1024
"""Characters of a file whose fixes are tried: each try looks at all of it, and a hostile one would take seconds."""


_SLIPS: Final = frozenset(
    {
        "",
        SyntaxCause.TAB_INDENTATION,
        SyntaxCause.NO_SPACE_AFTER_COLON,
        SyntaxCause.MISSING_COLON,
        SyntaxCause.MISSING_COMMA,
        SyntaxCause.COLON_IN_VALUE,
        SyntaxCause.INDENTATION,
    }
)
"""What keeps a text from being YAML and may have a fix; a bracket or a quote that is never closed has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedFile:
    """A file that has fixes, whether they could be made or not."""

    loaded: LoadedAccount | LoadedSite
    mended: Mended

    @property
    def is_changed(self) -> bool:
        """Whether any fix was made."""
        return self.mended.text != self.loaded.text


def mend_batches(batches: Sequence[Batch], *, now: datetime, with_unsafe: bool) -> Iterator[MendedFile]:
    """Each file for which there are fixes, with them made in its text; nothing is written."""
    for batch in batches:
        for loaded in batch.loaded:
            mended = _mend(batch, loaded, now=now, with_unsafe=with_unsafe)
            if mended.fixed or mended.left_out:
                yield MendedFile(loaded=loaded, mended=mended)


def _mend(batch: Batch, loaded: LoadedAccount | LoadedSite, *, now: datetime, with_unsafe: bool) -> Mended:
    def examine(text: str) -> Sequence[Diagnostic]:
        # Secrets are left alone: whether a password can be had on this machine says nothing about a fix.
        again = reload(loaded, text)
        report = check_files([again], now=now, lint=batch.lint, secrets=None, accounts=batch.accounts)
        return report.diagnostics

    if not can_be_mended(loaded):
        return Mended(text=loaded.text)
    return mend_text(loaded.text, examine, with_unsafe=with_unsafe)


def can_be_mended(loaded: LoadedAccount | LoadedSite) -> bool:
    """Whether there is a text to mend: it is YAML, or would be but for a slip. Other bytes may not be text at all."""
    has_slip = any(isinstance(one, YamlSyntax) and one.cause in _SLIPS for one in loaded.faults)
    return loaded.document is not None or has_slip


def reload(loaded: LoadedAccount | LoadedSite, text: str) -> LoadedAccount | LoadedSite:
    """The same file with another text."""
    load = load_site if isinstance(loaded, LoadedSite) else load_account
    return load(loaded.file, text.encode())


def fixable(report: Report, batches: Sequence[Batch], *, now: datetime) -> int:
    """How many of the findings `--fix` would mend: those with a safe fix, without those that it would leave out."""
    offered = [found for found in report.diagnostics if found.fix is not None and found.fix.is_safe]
    files = {found.location.file for found in offered if found.location is not None}
    left = 0
    for batch in batches:
        small = (one for one in batch.loaded if one.file in files and len(one.text) <= _LARGEST_TRIED)
        loaded = tuple(small)[:_MOST_TRIED]
        tried = mend_batches([replace(batch, loaded=loaded)], now=now, with_unsafe=False)
        left += sum(len(set(file.mended.left_out) & set(offered)) for file in tried)
    return len(offered) - left


def write_mended(file: MendedFile) -> bool:
    """Puts the mended text in the file's place; False when the file is not any more what was read.

    Raises:
        OSError: it cannot be written.
    """
    path = Path(file.loaded.file)
    data = read_source(path)
    if data.decode("utf-8-sig", "replace") != file.loaded.text:
        return False
    mark = BYTE_ORDER_MARK if data.startswith(BYTE_ORDER_MARK) else b""
    # A link stays a link: what it leads to is replaced.
    _replace(path.resolve(), mark + file.mended.text.encode())
    return True


def _replace(path: Path, data: bytes) -> None:
    before = path.stat()
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    write_synced(str(beside), [data], mode=0o600)
    try:
        if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            # Only root can give a file away; for everybody else it becomes their own, as in any editor.
            with contextlib.suppress(PermissionError):
                os.chown(beside, before.st_uid, before.st_gid)
        beside.chmod(before.st_mode & 0o7777)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def diff_of(file: MendedFile) -> str:
    """What the fixes change, as a unified diff. Passwords are hidden in it as everywhere, so it is for reading."""
    before, after = (_masked_lines(loaded) for loaded in (file.loaded, reload(file.loaded, file.mended.text)))
    name = printable(file.loaded.file)
    lines = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
    return "".join(f"{line}\n{_NO_END}\n" if line.endswith(_CUT) else f"{line}\n" for line in lines).replace(_CUT, "")


def _masked_lines(loaded: LoadedAccount | LoadedSite) -> list[str]:
    masked = mask_text(loaded.text, loaded.document, loaded.faults)
    *lines, last = (printable(line) for line in split_lines(masked.text))
    # As diff(1) has it: no line behind the last line break, and a word about a last line that has none.
    return [*lines, last + _CUT] if last else lines


def outcome_of(files: Sequence[MendedFile]) -> str:
    """What was done, in a sentence or two."""
    fixed = sum(len(file.mended.fixed) for file in files)
    changed = sum(file.is_changed for file in files)
    left = [found for file in files for found in file.mended.left_out]
    sentences = [f"Fixed {_counted(fixed, 'finding')} in {_counted(changed, 'file')}."]
    if left:
        sentences.append(f"{_counted(len(left), 'fix')} left out, because an error would have come of it.")
    return " ".join(sentences)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{'es' if noun.endswith('x') else 's'}"
