"""`maild check --baseline` and `--write-baseline`: the file of findings that a site lives with. Shell code.

What can go wrong: the file cannot be read or written (`OSError`), is no baseline, or is asked for and not there
(`UsageError`).
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from maild.diagnostics import Report
from maild.errors import UsageError
from maild.rules.baseline import Baseline, BaselineError, compare, never_recorded, put_right, read_baseline, record

_LARGEST: Final = 16 * 1024 * 1024
"""More is not read, and then it is no JSON either."""


def without_baseline(report: Report, path: Path, *, is_written: bool) -> Report:
    """The report without what the baseline records; written, it is made, or shortened by what was put right.

    Raises:
        UsageError: there is no such file and none is to be written, or it is no baseline.
    """
    folder = path.absolute().parent

    def name_of(file: str) -> str:
        # From the baseline's folder, so that it does not matter where maild is called.
        return Path(os.path.relpath(Path(file).absolute(), folder)).as_posix()

    before = _read(path)
    if before is None and not is_written:
        raise UsageError(f"There is no baseline {path}; --write-baseline makes one of what is found now.")
    baseline = record(report, name_of) if before is None else before
    gone = frozenset(file for file in baseline.files if not (folder / file).exists())
    compared = compare(report, baseline, name_of=name_of, gone=gone)
    if is_written and compared.stays != before:
        _write(path, compared.stays)
    _tell(path, len(compared.stays.entries), never_recorded(report), is_written=is_written)
    if not is_written:
        found = [put_right(entry, str(path)) for entry in compared.put_right]
        return replace(compared.new, diagnostics=(*compared.new.diagnostics, *found))
    return compared.new


def _tell(path: Path, recorded: int, never: int, *, is_written: bool) -> None:
    """Says why a finding is still shown that no baseline records, and what a new one records; on stderr, so that it is
    beside every format.
    """
    beside = ""
    if never:
        shown = (
            "1 finding is shown that no baseline records"
            if never == 1
            else (f"{never} findings are shown that no baseline records")
        )
        beside = f"{shown}: what keeps a file from being used, or depends on other files or on this machine."
    if is_written:
        findings = "1 finding" if recorded == 1 else f"{recorded} findings"
        beside = f"{path} records {findings}. {beside}".rstrip()
    if beside:
        click.echo(beside, err=True)


def _read(path: Path) -> Baseline | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST)
    except FileNotFoundError:
        return None
    try:
        return read_baseline(data.decode("utf-8", "replace"))
    except BaselineError as error:
        raise UsageError(f"{path} cannot be used as a baseline: {error}.") from error


def _write(path: Path, baseline: Baseline) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(baseline.to_json(), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
